/** Runs one command on open ports: the same engine as in Slack, with a terminal in its place. */
import type { BackfillView } from '../core/backfill.ts';
import { dateIn, sayDates } from '../core/dates.ts';
import type { BackfillReport, Coverage } from '../core/reports.ts';
import { helpText } from '../core/request/help.ts';
import {
  type BackfillRequest,
  type CoverageRequest,
  quoteArgument,
  readBackfillRequest,
  readCoverageRequest,
} from '../core/request/request.ts';
import { answerQuality } from '../engine/answer-quality.ts';
import { answerCoverage, answerPlan, answerWhy } from '../engine/answers.ts';
import { acceptGap, revokeGap } from '../engine/gaps.ts';
import { type LaunchRequest, launchBackfill, type NotRun } from '../engine/launch.ts';
import { findView, leftAlone, reportOf } from '../engine/view.ts';
import { Fault, isRefusal, type Refusal, refuse } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { listBackfills } from '../store/backfills.ts';
import { listGaps } from '../store/gaps.ts';
import { exitCodes, type Output } from './output.ts';
import { printList, printRefused, printReport, sayProgress } from './print-backfill.ts';
import { printCoverage, printCoverageCsv, printGaps, printPlan, printQuality, printWhy } from './print-coverage.ts';
import { sayFault, sayRefusal } from './say-failure.ts';
import type { Words } from './words.ts';
import { refuseTrend, writePictures } from './write-pictures.ts';

export type Terminal = {
  readonly output: Output;
  /** The operating system's user. */
  readonly user: string;
  /** Aborts when the person has had enough of waiting. */
  readonly signal?: AbortSignal;
};

/** Runs a command and returns its exit code. Everything that can be said about failing is said here. */
export async function runCommand(ports: Ports, words: Words, terminal: Terminal): Promise<number> {
  try {
    const result = await perform(ports, words, terminal);
    if (typeof result === 'number') return result;
    const id = ports.ids.next();
    ports.log.info({ id, message: result.message }, 'request refused');
    return sayRefusal(result, words, terminal.output, id);
  } catch (error) {
    return sayFault(error, words, terminal.output, ports.ids.next(), (id) =>
      ports.log.error({ err: error, id }, 'command failed'),
    );
  }
}

async function perform(ports: Ports, words: Words, terminal: Terminal): Promise<number | Refusal> {
  const context = { catalogue: ports.catalogue, today: dateIn(ports.catalogue.timeZone, ports.clock.now()) };
  const text = words.rest.map(quoteArgument).join(' ');
  switch (words.command) {
    case 'coverage': {
      const request = readCoverageRequest(text, context);
      return isRefusal(request) ? request : ask(ports, request, words, terminal);
    }
    case 'why':
    case 'plan':
    case 'quality': {
      const request = readCoverageRequest(`${words.command} ${text}`, context);
      return isRefusal(request) ? request : ask(ports, request, words, terminal);
    }
    case 'backfill': {
      const request = readBackfillRequest(text, context);
      return isRefusal(request) ? request : act(ports, request, words, terminal);
    }
    case 'status': {
      const request = readBackfillRequest(text === '' ? 'list' : `status ${text}`, context);
      return isRefusal(request) ? request : act(ports, request, words, terminal);
    }
    default:
      return refuse(`${words.command} is not run here.`);
  }
}

async function ask(
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
  switch (request.verb) {
    case 'coverage': {
      if (words.trend && request.tables.length > 1) return refuseTrend(request.tables, request.when.dates, words);
      const coverage = await answerCoverage(ports, request.tables, request.when.dates);
      // Before anything is printed: with --json there is one document, and it may be that of a fault.
      await writePictures(ports, coverage, words, output);
      print(coverage, words.csv ? printCoverageCsv : printCoverage);
      return words.failOnGap && hasGap(coverage) ? exitCodes.gaps : exitCodes.done;
    }
    case 'why':
      return print(await answerWhy(ports, request.table, request.date), printWhy);
    case 'plan':
      return print(await answerPlan(ports, request.table, request.when.dates), printPlan);
    case 'quality':
      return print(await answerQuality(ports, request.table, request.when.dates), printQuality);
    case 'accept':
      return print(await acceptGap(ports, request, user), (gap) => printGaps([gap], output));
    case 'revoke': {
      const gap = await revokeGap(ports, request.id, user);
      return isRefusal(gap) ? gap : print(gap, () => output.say(`Taken back: ${gap.table}, ${sayDates(gap.dates)}.`));
    }
    case 'accepted':
      return print({ accepted: await listGaps(ports.store.query, ports.catalogue.pipeline) }, ({ accepted }) =>
        printGaps(accepted, output),
      );
    case 'help':
      return printHelp(ports, '/coverage', words, output);
  }
}

function hasGap(coverage: Coverage): boolean {
  return coverage.tables.some((table) => table.complete < table.expected);
}

function printHelp(ports: Ports, command: '/coverage' | '/backfill', words: Words, output: Output): number {
  const today = dateIn(ports.catalogue.timeZone, ports.clock.now());
  const lines = helpText(command, { catalogue: ports.catalogue, today }).map((line) =>
    line.replaceAll(/(^|\s)\/(coverage|backfill)/g, '$1backcourt $2'),
  );
  if (words.json) output.data(JSON.stringify({ help: lines }));
  else for (const line of lines) output.data(line);
  return exitCodes.done;
}

async function act(
  ports: Ports,
  request: BackfillRequest,
  words: Words,
  terminal: Terminal,
): Promise<number | Refusal> {
  const { output } = terminal;
  switch (request.verb) {
    case 'launch':
      return launch(ports, request, words, terminal);
    case 'status': {
      const view = await findView(ports.store.query, request.id);
      return view
        ? printStatus(view, words, output)
        : refuse(`There is no backfill ${request.id}.`, 'backcourt status');
    }
    case 'list': {
      const backfills = await listBackfills(ports.store.query, { pipeline: ports.catalogue.pipeline, limit: 20 });
      const views = (await Promise.all(backfills.map(({ id }) => findView(ports.store.query, id)))).filter(
        (view) => view !== undefined,
      );
      if (words.json) output.data(JSON.stringify({ backfills: views.map(reportOf) }));
      else printList(views, output);
      return exitCodes.done;
    }
    case 'help':
      return printHelp(ports, '/backfill', words, output);
  }
}

function printStatus(view: BackfillView, words: Words, output: Output): number {
  if (words.json) output.data(JSON.stringify(reportOf(view)));
  else {
    if (view.backfill.result === null) output.data(sayProgress(view));
    printReport(reportOf(view), view, output);
  }
  return exitCodes.done;
}

async function launch(
  ports: Ports,
  request: LaunchRequest,
  words: Words,
  terminal: Terminal,
): Promise<number | Refusal> {
  const { output } = terminal;
  const launched = await launchBackfill(ports, request, { user: terminal.user, channel: null });
  if (isRefusal(launched)) return launched;
  if (launched.kind === 'refused') return sayNotRun(ports, request, launched, words, output);
  if (launched.kind === 'dry_run') {
    if (words.json)
      output.data(JSON.stringify({ ...launched.plan, dryRun: true, preflight: launched.prepared.preflight }));
    else printPlan(launched.plan, output);
    return exitCodes.done;
  }
  if (!words.json)
    output.say(
      launched.kind === 'same'
        ? `The same backfill is under way already, as ${launched.id}; waiting for it.`
        : `Backfill ${launched.id}: ${request.table}, ${request.when.said}`,
    );
  const view = await waitFor(ports, launched.id, words, terminal);
  const report = reportOf(view);
  if (words.json) output.data(JSON.stringify(report));
  else printReport(report, view, output);
  return report.result === 'succeeded' ? exitCodes.done : exitCodes.gaps;
}

function sayNotRun(ports: Ports, request: LaunchRequest, launched: NotRun, words: Words, output: Output): number {
  const { preflight } = launched.prepared;
  const cells = leftAlone({ preflight });
  const report: BackfillReport = {
    id: ports.ids.next(),
    state: 'done',
    result: 'refused',
    target: request.table,
    cells,
    counts: {
      succeeded: 0,
      failed: 0,
      blocked: preflight.blocked.length,
      skipped: preflight.skipped.length,
      canceled: 0,
    },
    preflight,
    quality: null,
  };
  if (words.json) output.data(JSON.stringify(report));
  else printRefused(preflight, launched.repair, output);
  return exitCodes.gaps;
}

async function waitFor(ports: Ports, id: string, words: Words, terminal: Terminal): Promise<BackfillView> {
  let said = '';
  for (;;) {
    const view = await findView(ports.store.query, id);
    if (!view) throw new Fault(`backfill ${id} is not in the store any more`, 'never');
    if (view.backfill.state === 'done' || view.backfill.state === 'canceled' || terminal.signal?.aborted) return view;
    const line = sayProgress(view);
    if (line !== said && !words.json) terminal.output.say(line);
    said = line;
    await ports.clock.wait(200, terminal.signal);
  }
}
