/** Plans as text for a terminal of 80 columns, and what was refused. */
import { sayDates } from '../core/dates.ts';
import type { PlanBlocked, PlanReport, Preflight } from '../core/plan/plan-report.ts';
import { sayTakesSecond } from '../messages/approval-message.ts';
import { groupHeld, type HeldCell } from '../messages/group-causes.ts';
import { count, sayCauseOf, sayLeft } from '../messages/phrases.ts';
import { sayTaintedCells } from '../messages/plan-message.ts';
import { sayEstimate, sayEstimated } from '../messages/time-words.ts';
import { toPlain } from '../messages/words.ts';
import { layOut, type Output, wrap } from './output.ts';

/** The steps in order, how long they take, and what stays as it is. */
export function printPlan(plan: PlanReport, output: Output): void {
  output.data(
    plan.cells === 0
      ? `${plan.target}: nothing to run`
      : `${plan.target}: ${count(plan.cells, 'cell')} would run, in this order`,
  );
  const rows = plan.steps.map((step, n) => [
    `  ${n + 1}.`,
    step.table,
    count(step.dates.length, 'date'),
    sayDates(step.dates),
  ]);
  for (const line of layOut(rows, output.columns)) output.data(line);
  if (plan.cells > 0) output.data(sayEstimate(plan.estimate));
  if (plan.secondPerson)
    for (const line of wrap(toPlain(sayTakesSecond(plan.secondPerson)), output.columns, 2)) output.data(line);
  printHeld('Would run, and be tainted all the same:', plan.staysTainted.map(heldCell), output);
  printHeld('Cannot be filled from here:', plan.blocked.map(heldCell), output);
  if (plan.needNothing.length > 0)
    for (const line of wrap(`Left alone: ${sayLeft(plan.needNothing)}`, output.columns, 2)) output.data(line);
}

function heldCell({ table, date, cause }: PlanBlocked): HeldCell {
  return { table, date, causes: [cause] };
}

/** A line per cause, with the cells that it holds up: there may be a season of them. */
function printHeld(title: string, cells: readonly HeldCell[], output: Output): void {
  if (cells.length === 0) return;
  output.data(title);
  const rows = groupHeld(cells).map((group) => [
    '  ',
    `${sayCauseOf(group.table, group.reason, group.dates)}: ${sayTaintedCells(group.cells)}`,
  ]);
  for (const line of layOut(rows, output.columns)) output.data(line);
}

/** Why nothing ran, and what would mend it. `plan`: what would run of the ready dates alone. */
export function printRefused(preflight: Preflight, repair: PlanReport | null, plan: PlanReport, output: Output): void {
  const { blocked, ready } = preflight;
  printHeld(`Nothing ran: ${count(blocked.length, 'asked date')} blocked, ${ready.length} ready.`, blocked, output);
  const alone = ready.length === 0 ? '' : `only what is ready with --ready-only${sayTime(plan)}`;
  if (repair && repair.cells > 0) {
    output.data('');
    output.data('What would mend them:');
    printPlan(repair, output);
    output.say(`Run it with --with-upstream${sayTime(repair)}${alone === '' ? '' : `, or ${alone}`}.`);
  } else if (alone !== '') output.say(`Run ${alone}.`);
}

function sayTime({ estimate }: PlanReport): string {
  return estimate === null ? '' : ` (${sayEstimated(estimate)})`;
}
