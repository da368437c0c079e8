/**
 * What people can put into a request of Slack: words, names, the value of a button on an old message. Whatever it is, the
 * server answers in time, goes on, and takes in nothing but requests that can be read again.
 */
import fc from 'fast-check';
import { dateIn } from '../../src/core/dates.ts';
import { readBackfillRequest, readCoverageRequest } from '../../src/core/request/request.ts';
import { isRefusal } from '../../src/fault.ts';
import { type Harness, storedFor } from '../handlers/harness.ts';
import { appMention, buttonClick, sendSigned, slashCommand } from '../support/signed-request.ts';
import { oddValue } from './any-json.ts';
import { anyText, shaped } from './any-request.ts';
import type { AskedTarget } from './targets.ts';

type Sent = { readonly body: string; readonly type: string };

const form = 'application/x-www-form-urlencoded';
const oddText = oddValue.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
/** Dates of this year are in no season of the small catalogue, so most are refused: real ones more often. */
const words = fc.oneof(shaped, anyText);
const anySent: fc.Arbitrary<Sent> = fc.oneof(
  fc
    .record({
      name: fc.constantFrom('/coverage', '/backfill', '/other'),
      text: words,
      who: oddText,
      trigger: fc.uuid(),
    })
    .map(({ name, text, who, trigger }) => ({
      body: slashCommand(name, text, { user_name: who, trigger_id: trigger }),
      type: form,
    })),
  fc
    .record({ action: fc.constantFrom('plan-repair', 'pause-backfill', 'nothing'), value: oddText })
    .map(({ action, value }) => ({ body: buttonClick(action, value), type: form })),
  fc
    .record({ text: words, event: fc.uuid() })
    .map(({ text, event }) => ({ body: appMention(text, { eventId: event }), type: 'application/json' })),
);

/** The target; the harness stays the caller's. */
export function slackTarget(server: Harness): AskedTarget<Sent> {
  return {
    name: 'a signed request',
    values: anySent,
    async check({ body, type }) {
      const known = server.tasks.length;
      const answer = await sendSigned(server.url, body, { type });
      if (answer.status >= 400) throw new Error(`it answered ${answer.status}: ${body.slice(0, 500)}`);
      if (answer.ms > 3_000) throw new Error(`it took ${answer.ms} ms: ${body.slice(0, 500)}`);
      for (const task of server.tasks.slice(known)) await checkTaken(server, task);
    },
  };
}

/** Whatever was taken in is read again by a job: the words must be those of a request. */
async function checkTaken(server: Harness, task: Harness['tasks'][number]): Promise<void> {
  const asked = await storedFor(server.ports.store, task);
  const { catalogue } = server.ports;
  const context = { catalogue, today: dateIn(catalogue.timeZone, server.time.now) };
  const read = task.task.kind === 'start-backfill' ? readBackfillRequest : readCoverageRequest;
  if (isRefusal(read(asked.text, context))) throw new Error(`words were taken in that cannot be read: ${asked.text}`);
}
