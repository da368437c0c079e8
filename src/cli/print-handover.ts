/** `backcourt handover`: the note as Markdown on stdout, so that it can be sent on. */
import { writeHandover } from '../engine/handover.ts';
import { isRefusal, type Refusal } from '../fault.ts';
import { handoverLines } from '../messages/handover-text.ts';
import type { Ports } from '../ports.ts';
import { exitCodes, type Output } from './output.ts';
import { asShell } from './say-failure.ts';
import type { Words } from './words.ts';

/** Prints the note; with --json its facts, and the Markdown too. */
export async function printHandover(ports: Ports, id: string, words: Words, output: Output): Promise<number | Refusal> {
  const handover = await writeHandover(ports, id);
  if (isRefusal(handover)) return handover;
  const next = handover.next.map(({ command, why }) => ({ command: asShell(command), why }));
  const lines = handoverLines(handover, asShell);
  if (words.json) output.data(JSON.stringify({ ...handover, next, markdown: lines.join('\n') }));
  else for (const line of lines) output.data(line);
  return exitCodes.done;
}
