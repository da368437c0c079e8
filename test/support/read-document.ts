/** Commands as programs use them: `--json`, one document on stdout, and an exit code that says which shape it has. */
import { expect } from 'vitest';
import type { z } from 'zod';
import { type RunOptions, runBackcourt } from './run-backcourt.ts';

/** Runs a command with --json and reads its one document by the schema that its exit code calls for. */
export async function readDocument<S extends z.ZodType>(
  schema: S,
  code: number,
  words: readonly string[],
  options?: RunOptions,
): Promise<z.output<S>> {
  const ran = await runBackcourt([...words, '--json'], options);
  expect(ran.code, `${words.join(' ')}: ${ran.out.slice(0, 300)} ${ran.err}`).toBe(code);
  expect(ran.out.endsWith('\n') && !ran.out.trim().includes('\n')).toBe(true);
  return schema.parse(JSON.parse(ran.out));
}
