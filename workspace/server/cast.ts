/** Who and what the workspace holds from the start: a team, a few people, the app, one channel. Ids look like Slack's. */
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

/** The cast of a local workspace whose app is called `appName`. Two people, so that one can approve what the other asks. */
export function localCast(appName: string): Cast {
  const bot = { id: 'U0BACKCRT1', name: appName.toLowerCase(), realName: appName, isBot: true };
  return {
    team: { id: 'T0LOCAL001', name: `${appName} local`, domain: `${appName.toLowerCase()}-local` },
    app: { id: 'A0BACKCRT1', botId: 'B0BACKCRT1', user: bot.id },
    people: [
      { id: 'U0MAYACHEN', name: 'maya', realName: 'Maya Chen', isBot: false },
      { id: 'U0THEOKANE', name: 'theo', realName: 'Theo Kane', isBot: false },
      bot,
      { id: SLACKBOT, name: 'slackbot', realName: 'Slackbot', isBot: true },
    ],
    channels: [{ id: 'C0PIPELINE', name: 'data-pipeline', topic: 'Holes in the warehouse, and how they are filled' }],
    groups: [
      { id: 'S0DATATEAM', name: 'data-team', users: ['U0MAYACHEN', 'U0THEOKANE'] },
      { id: 'S0DATALEAD', name: 'data-leads', users: ['U0THEOKANE'] },
    ],
  };
}
