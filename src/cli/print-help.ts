/** The help of the grammar, as it is typed in a shell. */
import { dateIn } from '../core/dates.ts';
import { helpText } from '../core/request/help.ts';
import type { Ports } from '../ports.ts';
import { exitCodes, type Output } from './output.ts';
import type { Words } from './words.ts';

/** Prints what stands behind `coverage` or `backfill`. */
export function printHelp(ports: Ports, command: '/coverage' | '/backfill', words: Words, output: Output): number {
  const today = dateIn(ports.catalogue.timeZone, ports.clock.now());
  const lines = helpText(command, { catalogue: ports.catalogue, today }).map((line) =>
    line.replaceAll(/(^|\s)\/(coverage|backfill)/g, '$1backcourt $2'),
  );
  if (words.json) output.data(JSON.stringify({ help: lines }));
  else for (const line of lines) output.data(line);
  return exitCodes.done;
}
