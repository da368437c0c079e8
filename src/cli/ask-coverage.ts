/** The verbs of `coverage` at a terminal. */

import type { Coverage } from '../core/coverage/coverage-report.ts';
import { sayDates } from '../core/dates.ts';
import type { CoverageRequest } from '../core/request/request.ts';
import { writeRequest } from '../core/request/write-request.ts';
import { answerQuality } from '../engine/answer-quality.ts';
import { answerCoverage, answerPlan, answerWhy } from '../engine/answers.ts';
import { acceptGap, revokeGap } from '../engine/gaps.ts';
import { isRefusal, type Refusal, refuse } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { listGaps } from '../store/gaps.ts';
import { exitCodes, type Output } from './output.ts';
import { personHere } from './person-here.ts';
import { printCoverage, printCoverageCsv, printGaps, printWhy } from './print-coverage.ts';
import { printHelp } from './print-help.ts';
import { printPlan } from './print-plan.ts';
import { printQuality } from './print-quality.ts';
import type { Terminal } from './terminal.ts';
import { coverageOptions, refuseOption, type Words } from './words.ts';
import { refuseTrend, writePictures } from './write-pictures.ts';

/** Answers and prints. Returns the exit code. */
export async function askCoverage(
  ports: Ports,
  request: CoverageRequest,
  words: Words,
  { output, user }: Terminal,
): Promise<number | Refusal> {
  const print = <T>(value: T, show: (value: T, output: Output) => void): number => {
    if (words.json) output.data(JSON.stringify(value));
    else show(value, output);
    return exitCodes.done;
  };
  const misplaced = request.verb === 'coverage' ? undefined : coverageOptions(words)[0];
  if (misplaced !== undefined) return refuseOption(misplaced, request.verb, writeRequest(request, '/coverage'));
  switch (request.verb) {
    case 'coverage': {
      if (words.trend && request.tables.length > 1) return refuseTrend(request.tables, request.when.dates, words);
      const coverage = await answerCoverage(ports, request.tables, request.when.dates, {
        rulesAsOf: request.rulesAsOf,
      });
      // Before anything is printed: with --json there is one document, and it may be that of a fault.
      await writePictures(ports, coverage, words, output);
      print(coverage, words.csv ? printCoverageCsv : printCoverage);
      return words.failOnGap && hasGap(coverage) ? exitCodes.gaps : exitCodes.done;
    }
    case 'why':
      return print(await answerWhy(ports, request.table, request.date, { rulesAsOf: request.rulesAsOf }), printWhy);
    case 'plan':
      return print(
        await answerPlan(ports, request.table, request.when.dates, { rulesAsOf: request.rulesAsOf }),
        printPlan,
      );
    case 'quality':
      return print(await answerQuality(ports, request.table, request.when.dates), printQuality);
    case 'accept':
      return print(await acceptGap(ports, request, personHere(words, user)), (gap) => printGaps([gap], output));
    case 'revoke': {
      const gap = await revokeGap(ports, request.id, personHere(words, user));
      return isRefusal(gap) ? gap : print(gap, () => output.say(`Taken back: ${gap.table}, ${sayDates(gap.dates)}.`));
    }
    case 'accepted':
      return print({ accepted: await listGaps(ports.store.query, ports.catalogue.pipeline) }, ({ accepted }) =>
        printGaps(accepted, output),
      );
    case 'watch':
    case 'watches':
      return refuse(
        'A watch posts into a channel, and a terminal is none: type it in the chat. Here the same is asked once.',
        `/coverage ${request.verb === 'watch' ? request.what : 'all'} yesterday`,
      );
    case 'help':
      return printHelp(ports, '/coverage', words, output);
  }
}

function hasGap(coverage: Coverage): boolean {
  return coverage.tables.some((table) => table.complete < table.expected);
}
