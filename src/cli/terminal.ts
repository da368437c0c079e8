/** Whom a command answers: the person at a terminal, or a program that reads what would be on it. */
import type { Output } from './output.ts';

export type Terminal = {
  readonly output: Output;
  /** The operating system's user. */
  readonly user: string;
  /** Aborts when the person has had enough of waiting. */
  readonly signal?: AbortSignal;
  /** Has this process perform tasks from now on; absent where a server does. */
  readonly startWork?: () => Promise<void>;
};
