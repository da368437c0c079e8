/** Runs command lines on an engine in this process; one that works by itself starts it, as a home without a server does. */
import { runCommand } from '../../src/cli/run-command.ts';
import { readWords } from '../../src/cli/words.ts';
import { isRefusal } from '../../src/fault.ts';
import type { Engine } from '../jobs/engine.ts';

export type Ran = { readonly code: number; readonly out: string; readonly said: string };

/** Runs one; fails where its words are not even read. */
export async function runLine(
  engine: Engine,
  argv: readonly string[],
  { user = 'bob', columns = 200 } = {},
): Promise<Ran> {
  const words = readWords(argv);
  if (isRefusal(words)) throw new Error(words.message);
  const lines: Record<'out' | 'said', string[]> = { out: [], said: [] };
  const output = {
    data: (line: string) => void lines.out.push(line),
    say: (line: string) => void lines.said.push(line),
    columns,
  };
  const code = await runCommand(engine.ports, words, { output, user, startWork: () => engine.start() });
  return { code, out: lines.out.join('\n'), said: lines.said.join('\n') };
}
