/** Dates that another backfill owns, at a terminal: whose it is, and what to type next. */
import { type Overlap, roadsOf } from '../core/plan/overlap.ts';
import type { LaunchRequest } from '../engine/new-backfill.ts';
import { sayOwner, sayRoads } from '../messages/overlap-message.ts';
import { toPlain } from '../messages/words.ts';
import type { Ports } from '../ports.ts';
import { exitCodes, type Output, wrap } from './output.ts';
import { asShell } from './say-failure.ts';
import type { Words } from './words.ts';

/** Prints it as a refusal, with the owners and the rest beside it in JSON. Returns the exit code. */
export function printOverlap(
  ports: Ports,
  request: LaunchRequest,
  overlap: Overlap,
  words: Pick<Words, 'json'>,
  output: Output,
): number {
  const id = ports.ids.next();
  const owners = overlap.owners.map((owner) => toPlain(sayOwner(owner)));
  const roads = sayRoads(overlap, roadsOf(request, overlap)).map(([what, typed]) => [what, asShell(typed)]);
  const message = `${request.table}, ${request.when.said}: ${owners.join('; ')}. Nothing was started.`;
  ports.log.info({ id, why: message }, 'request refused');
  if (words.json) {
    const error = { kind: 'refusal', message, try: roads[0]?.[1] ?? 'backcourt status', id, overlap };
    output.data(JSON.stringify({ error }));
    return exitCodes.refusal;
  }
  output.say('Nothing was started.');
  for (const owner of owners) for (const line of wrap(owner, output.columns, 2)) output.say(line);
  for (const [what, typed] of roads) {
    output.say(`${what}:`);
    output.say(`  ${typed}`);
  }
  return exitCodes.refusal;
}
