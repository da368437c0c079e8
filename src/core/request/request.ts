/**
 * The words of a request: one grammar for slash commands, mentions and the command line. Text in, a value or a Refusal
 * out; nothing is guessed, since a backfill of the wrong month is worse than a question.
 */
import { type Refusal, refuse } from '../../fault.ts';
import { type Command, exampleCommand } from './help.ts';
import { parseBackfill } from './parse-backfill.ts';
import { parseCoverage } from './parse-coverage.ts';
import type { RequestContext } from './read-span.ts';
import type { BackfillRequest, CoverageRequest } from './request-kinds.ts';
import { isProblem, type Problem } from './split-words.ts';

export { type BackfillOptions, type Only, onlyChoices } from './options.ts';
export type { RequestContext } from './read-span.ts';
export type { BackfillRequest, CoverageRequest } from './request-kinds.ts';
export { quoteArgument } from './split-words.ts';
export type { When } from './when.ts';

/**
 * Reads what stands after `/coverage`, in a mention, or after `backcourt` on the command line (`coverage`, `why`, `plan`
 * or `quality` first). Never throws; the `try` of a refusal is itself a request that is read.
 */
export function readCoverageRequest(text: string, context: RequestContext): CoverageRequest | Refusal {
  return settle('/coverage', parseCoverage(text, context), context);
}

/** Reads what stands after `/backfill`, or `backcourt backfill` on the command line; as `readCoverageRequest`. */
export function readBackfillRequest(text: string, context: RequestContext): BackfillRequest | Refusal {
  return settle('/backfill', parseBackfill(text, context), context);
}

/** Makes a refusal of a problem, with the first of its suggestions that works, mended further if need be. */
function settle<R>(command: Command, reading: R | Problem<string>, context: RequestContext): R | Refusal {
  if (!isProblem<string>(reading)) return reading;
  return refuse(reading.problem, findWorking(reading.instead, context, 4) ?? exampleCommand(command, context));
}

function findWorking(commands: readonly string[], context: RequestContext, depth: number): string | undefined {
  for (const command of commands) {
    const backfill = command.startsWith('/backfill');
    const reading = backfill ? parseBackfill(command, context) : parseCoverage(command, context);
    if (!isProblem<string>(reading)) return command;
    const deeper = depth > 0 ? findWorking(reading.instead, context, depth - 1) : undefined;
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}
