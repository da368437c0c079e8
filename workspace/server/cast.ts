/** Who and what the workspace holds from the start: a team, its people, the app, three channels. Ids look like Slack's. */
import type { Channel, Group, Person } from './wire.ts';

export type Cast = {
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly app: { readonly id: string; readonly botId: string; readonly user: string };
  /** People, then the bot user, then Slackbot. */
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  /** User groups, for apps that ask who is in one. */
  readonly groups: readonly Group[];
};

export const SLACKBOT = 'USLACKBOT';

const MAYA: Person = { id: 'U0MAYACHEN', name: 'maya', realName: 'Maya Chen', isBot: false, title: 'Data engineer' };
const THEO: Person = { id: 'U0THEOKANE', name: 'theo', realName: 'Theo Kane', isBot: false, title: 'Data lead' };
const PRIYA: Person = { id: 'U0PRIYANAI', name: 'priya', realName: 'Priya Nair', isBot: false, title: 'Analyst' };
const SAM: Person = {
  id: 'U0SAMORTIZ',
  name: 'sam',
  realName: 'Sam Ortiz',
  isBot: false,
  title: 'Guest',
  isGuest: true,
};

/**
 * The cast of a local workspace whose app is called `appName`: one who asks, one who approves what the other asks, one
 * who only looks, and a guest, who sees nothing but the channels that they were invited to.
 */
export function localCast(appName: string): Cast {
  const bot: Person = { id: 'U0BACKCRT1', name: appName.toLowerCase(), realName: appName, isBot: true };
  const staff = [MAYA.id, THEO.id, PRIYA.id];
  return {
    team: { id: 'T0LOCAL001', name: `${appName} local`, domain: `${appName.toLowerCase()}-local` },
    app: { id: 'A0BACKCRT1', botId: 'B0BACKCRT1', user: bot.id },
    people: [MAYA, THEO, PRIYA, SAM, bot, { id: SLACKBOT, name: 'slackbot', realName: 'Slackbot', isBot: true }],
    channels: [
      {
        id: 'C0PIPELINE',
        name: 'data-pipeline',
        topic: 'Holes in the warehouse, and how they are filled',
        kind: 'public',
        members: [...staff, SAM.id, bot.id],
        isArchived: false,
      },
      {
        id: 'C0QUALITY1',
        name: 'data-quality',
        topic: 'The app was not invited here',
        kind: 'public',
        members: staff,
        isArchived: false,
      },
      {
        id: 'C0DATALEAD',
        name: 'data-leads',
        topic: 'What needs a second person',
        kind: 'private',
        members: [MAYA.id, THEO.id, bot.id],
        isArchived: false,
      },
    ],
    groups: [
      { id: 'S0DATATEAM', name: 'data-team', users: [MAYA.id, THEO.id] },
      { id: 'S0DATALEAD', name: 'data-leads', users: [THEO.id] },
      { id: 'S0ANALYSTS', name: 'analysts', users: [PRIYA.id] },
    ],
  };
}
