/** A backfill from a terminal: launched as from Slack, and then waited for, so that a script knows how it ended. */
import type { BackfillView } from '../core/backfill/backfill.ts';
import type { BackfillReport } from '../core/backfill/backfill-report.ts';
import { engine } from '../core/backfill/steering.ts';
import { noteDeclined } from '../engine/audit.ts';
import { type Launched, launchBackfill, type NotRun } from '../engine/launch.ts';
import type { LaunchRequest } from '../engine/new-backfill.ts';
import { findView, leftAlone, reportOf } from '../engine/view.ts';
import { Fault, isRefusal, type Refusal, refuse } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { findBackfill } from '../store/backfills.ts';
import { exitCodes, type Output } from './output.ts';
import { personHere } from './person-here.ts';
import { printReport, printUnblocked, sayProgress } from './print-backfill.ts';
import { printOverlap } from './print-overlap.ts';
import { printPlan, printRefused } from './print-plan.ts';
import type { Terminal } from './terminal.ts';
import type { Words } from './words.ts';

/** Launches, waits for the end, and prints it. Returns the exit code. */
export async function launchHere(
  ports: Ports,
  request: LaunchRequest,
  words: Words,
  terminal: Terminal,
): Promise<number | Refusal> {
  const { output } = terminal;
  if (!request.options.dryRun) await terminal.startWork?.();
  const asker = { ...personHere(words, terminal.user), channel: null };
  const launched = await launchBackfill(ports, request, asker);
  await noteDeclined(ports, request, asker, launched);
  if (isRefusal(launched)) return launched;
  if (launched.kind === 'refused') return sayNotRun(ports, request, launched, words, output);
  if (launched.kind === 'dry_run') {
    if (words.json)
      output.data(
        JSON.stringify({
          ...launched.plan,
          dryRun: true,
          options: request.options,
          preflight: launched.prepared.preflight,
        }),
      );
    else printPlan(launched.plan, output);
    return exitCodes.done;
  }
  if (launched.kind === 'overlap') return printOverlap(ports, request, launched.overlap, words, output);
  if (!words.json) output.say(sayLaunched(request, launched));
  return printEnd(ports, await waitForEnd(ports, launched.id, words, terminal), words, output);
}

function sayLaunched(request: LaunchRequest, launched: Extract<Launched, { readonly id: string }>): string {
  const { id } = launched;
  if (launched.kind === 'same') return `The same backfill is under way already, as ${id}; waiting for it.`;
  const what = `Backfill ${id}: ${request.table}, ${request.when.said}`;
  return launched.kind === 'queued' ? `${what}; it waits for ${launched.after}, and is judged anew then.` : what;
}

/** Waits for a backfill that somebody launched, and ends as it does. */
export async function followHere(
  ports: Ports,
  id: string,
  words: Words,
  terminal: Terminal,
): Promise<number | Refusal> {
  const found = await findBackfill(ports.store.query, id);
  if (found?.pipeline !== ports.catalogue.pipeline) return refuse(`There is no backfill ${id}.`, '/backfill list');
  await terminal.startWork?.();
  return printEnd(ports, await waitForEnd(ports, id, words, terminal), words, terminal.output);
}

/** Prints a backfill that is over or stands still. Returns the exit code. */
export function printEnd({ catalogue }: Ports, view: BackfillView, words: Words, output: Output): number {
  const report = reportOf(view);
  const { id, state, steered } = view.backfill;
  if (words.json) output.data(JSON.stringify(report));
  else {
    printReport(report, view, output);
    printUnblocked(catalogue, report, output);
    if (state === 'waiting_approval') {
      output.say('Nothing has run: it waits for a second person, who did not ask for it.');
      output.say(`Say yes with: backcourt approve ${id}, or no with: backcourt deny ${id}`);
    }
    if (state === 'paused') {
      const why = steered?.reason ? `: ${steered.reason}` : '';
      output.say(
        `It was paused by ${steered?.by === engine ? 'Backcourt itself' : (steered?.by ?? 'somebody')}${why}.`,
      );
      output.say(`Go on with: backcourt resume ${id}, or end it with: backcourt cancel ${id}`);
    }
  }
  return report.result === 'succeeded' ? exitCodes.done : exitCodes.gaps;
}

function sayNotRun(ports: Ports, request: LaunchRequest, launched: NotRun, words: Words, output: Output): number {
  const { preflight } = launched.prepared;
  const cells = leftAlone({ preflight });
  const report: BackfillReport = {
    id: ports.ids.next(),
    state: 'done',
    waitsFor: null,
    result: 'refused',
    round: 1,
    steered: null,
    approval: null,
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
    estimate: null,
    coverage: null,
    options: request.options,
    overrides: [],
    unblocked: [],
  };
  if (words.json) output.data(JSON.stringify(report));
  else printRefused(preflight, launched.repair, launched.plan, output);
  return exitCodes.gaps;
}

/** Waits until a backfill is over, waits for a person, or is paused and nothing of it is under way; says how far it is. */
export async function waitForEnd(ports: Ports, id: string, words: Words, terminal: Terminal): Promise<BackfillView> {
  let said = '';
  for (;;) {
    const view = await findView(ports.store.query, id);
    if (!view) throw new Fault(`backfill ${id} is not in the store any more`, 'never');
    if (isOver(view) || terminal.signal?.aborted) return view;
    const line = sayProgress(view);
    if (line !== said && !words.json) terminal.output.say(line);
    said = line;
    await ports.clock.wait(200, terminal.signal);
  }
}

function isOver({ backfill, progress }: BackfillView): boolean {
  if (backfill.state === 'paused') return progress.running === 0;
  if (backfill.state === 'waiting_approval') return true;
  return backfill.state === 'done' || backfill.state === 'canceled';
}
