/** Who types at a terminal, as the audit log keeps it: the operating system's user, on which machine, and the words. */
import { hostname } from 'node:os';
import type { Person } from '../core/origin.ts';
import { quoteArgument } from '../core/request/request.ts';
import type { Words } from './words.ts';

/** The person behind a command. A server that runs one for a terminal stands on the same machine. */
export function personHere({ command, rest }: Pick<Words, 'command' | 'rest'>, user: string): Person {
  const typed = ['backcourt', command, ...rest.map(quoteArgument)].join(' ');
  return { user, origin: { from: `terminal ${hostname()}`, typed } };
}
