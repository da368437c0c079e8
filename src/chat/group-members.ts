/**
 * Who is in a user group, for the question whether somebody may do something. It is asked before every deed, and Slack
 * answers it twenty times a minute, so an answer is remembered for a minute. Failures are not: nothing may follow from one.
 */
import type { WebClient } from '@slack/web-api';
import type { GroupRead } from './chat.ts';
import { readFailure } from './slack-errors.ts';

const rememberedMs = 60_000;
/** Somebody waits three seconds for the acknowledgement of what depends on it. */
const patienceMs = 1_500;

type Read = (group: string) => Promise<GroupRead>;

/** Asks Slack. Needs the scope `usergroups:read`. Never throws. */
export async function readGroup(client: WebClient, group: string): Promise<GroupRead> {
  const late = new Promise<GroupRead>((resolve) => {
    const after = AbortSignal.timeout(patienceMs);
    after.addEventListener('abort', () => resolve({ kind: 'unread', detail: `no answer in ${patienceMs} ms` }));
  });
  return Promise.race([ask(client, group), late]);
}

async function ask(client: WebClient, group: string): Promise<GroupRead> {
  try {
    const { users } = await client.usergroups.users.list({ usergroup: group });
    return { kind: 'ok', members: new Set(users) };
  } catch (error) {
    const failure = readFailure(error, 'update');
    return { kind: 'unread', detail: failure.kind === 'ok' ? 'no answer' : failure.detail };
  }
}

/** Answers from memory where it can; several that ask at once are one question. */
export function rememberGroups(read: Read, now: () => number): Read {
  const known = new Map<string, { readonly at: number; readonly found: Promise<GroupRead> }>();
  return (group) => {
    const last = known.get(group);
    if (last !== undefined && now() - last.at < rememberedMs) return last.found;
    const found = read(group).then((answer) => {
      if (answer.kind !== 'ok' && known.get(group)?.found === found) known.delete(group);
      return answer;
    });
    known.set(group, { at: now(), found });
    return found;
  };
}
