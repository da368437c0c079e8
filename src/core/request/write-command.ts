/** A command as text, from the parts of one that was read. */
import type { Command } from './help.ts';
import { dateOptions, type Options } from './options.ts';
import { joinWords } from './split-words.ts';
import { writeOptions } from './take-options.ts';

export type CommandParts = {
  readonly command: Command;
  /** Empty for the verb that a command has by itself. */
  readonly verb: string;
  readonly what: readonly string[];
  /** Empty: the dates are among the options, if there are any. */
  readonly when: string;
  readonly options: Options;
};

/** Writes a command; `--dates`, `--from` and `--to` give way to the dates in `when`. */
export function writeCommand({ command, verb, what, when, options }: CommandParts): string {
  const kept = when === '' ? options : new Map([...options].filter(([name]) => !Object.hasOwn(dateOptions, name)));
  return [command, verb, what.join(' '), when, joinWords(writeOptions(kept))].filter((part) => part !== '').join(' ');
}
