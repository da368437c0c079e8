/** Plans in words: what would run, in which order, and what stays unfilled. Nothing here has run. */
import type { Catalogue } from '../core/catalogue.ts';
import type { PlanReport, PlanStep, Preflight } from '../core/reports.ts';
import { buttons, lines, list, note, type Offer, type Part } from './blocks.ts';
import { fitMessage, type Room, takeFirst } from './fit-message.ts';
import { groupHeld, sayHeldGroup } from './group-causes.ts';
import type { Message } from './message.ts';
import { count, sayDays, sayNumber, sayRange, typeDatesBriefly, typeRange } from './phrases.ts';
import { bold, clip, code, type Words } from './words.ts';

export type PlanContext = {
  readonly catalogue: Catalogue;
  readonly asked: string;
  readonly offers?: { readonly repair?: string };
};

/** The answer to `/coverage plan`. */
export function planMessage(plan: PlanReport, context: PlanContext): Message {
  return fitMessage((room) => [
    lines(sayPlanPoint(plan)),
    planSteps(plan, room),
    ...stayUnfilled(plan, context.catalogue, room),
    ...(plan.cells > 0 ? [lines(['Run it: ', code(runCommand(plan))])] : []),
    ...repairButton(plan, context.offers?.repair),
    note('Nothing has run. Asked: ', code(clip(context.asked, 200))),
  ]);
}

/** The answer to `/backfill ... --dry-run`: the same plan and pre-flight as a real run. */
export function dryRunMessage(
  plan: PlanReport,
  preflight: Preflight,
  context: { readonly catalogue: Catalogue; readonly asked: string },
): Message {
  return fitMessage((room) => [
    lines([bold('Dry run, nothing ran.'), ` ${sayPreflightCounts(preflight)}`], sayPlanPoint(plan)),
    planSteps(plan, room),
    ...heldList(preflight.blocked, context.catalogue, room),
    note('Asked: ', code(clip(context.asked, 200)), '; without ', code('--dry-run'), ' it runs.'),
  ]);
}

function sayPreflightCounts(preflight: Preflight): string {
  const parts = [
    `${count(preflight.ready.length, 'asked date')} ready`,
    ...(preflight.blocked.length > 0 ? [`${sayNumber(preflight.blocked.length)} blocked`] : []),
    ...(preflight.warnings.length > 0
      ? [`${sayNumber(preflight.warnings.length)} with holes in a window they read`]
      : []),
    ...(preflight.skipped.length > 0 ? [`${sayNumber(preflight.skipped.length)} left alone`] : []),
  ];
  return `${parts.join(', ')}.`;
}

function sayPlanPoint(plan: PlanReport): Words {
  const range = sayRange(plan.from, plan.to);
  if (plan.cells > 0) {
    const order = plan.steps.length > 1 ? ', in this order:' : ':';
    return [`To mend `, bold(plan.target), `, ${range}, ${count(plan.cells, 'cell')} would run${order}`];
  }
  return plan.blocked.length === 0
    ? [bold(plan.target), `, ${range}: nothing to run; nothing needs mending.`]
    : [bold(plan.target), `, ${range}: nothing that Backcourt can run would mend it.`];
}

/** The steps as a numbered list: table, dates, number of dates. */
export function planSteps(plan: PlanReport, room: Room): Part {
  const { shown, more } = takeFirst(plan.steps, room.items);
  const rest = plan.steps.slice(room.items).reduce((sum, step) => sum + step.dates.length, 0);
  const items = shown.map(sayStep);
  return list(more > 0 ? [...items, [`and ${count(more, 'more step')} with ${count(rest, 'date')}`]] : items, true);
}

function sayStep(step: PlanStep): Words {
  return [bold(step.table), `: ${sayDays(step.dates)} (${count(step.dates.length, 'date')})`];
}

/** Cells that are held up, grouped by cause. */
export function heldList(cells: Preflight['blocked'], catalogue: Catalogue, room: Room): Part[] {
  if (cells.length === 0) return [];
  const groups = groupHeld(cells);
  const { shown, more } = takeFirst(groups, Math.min(room.items, 8));
  const unexplained = cells.filter((cell) => cell.causes.length === 0);
  return [
    list([
      ...shown.map((group) => sayHeldGroup(group, catalogue)),
      ...(unexplained.length > 0 ? [[`no cause found for ${sayDays(unexplained.map((cell) => cell.date))}`]] : []),
      ...(more > 0 ? [[`and ${count(more, 'more cause')}`]] : []),
    ]),
  ];
}

/** What a plan cannot mend, grouped by cause. */
export function stayUnfilled(plan: PlanReport, catalogue: Catalogue, room: Room): Part[] {
  if (plan.blocked.length === 0) return [];
  const cells = plan.blocked.map((cell) => ({ table: cell.table, date: cell.date, causes: [cell.cause], failing: [] }));
  return [lines([`${count(plan.blocked.length, 'cell')} would stay unfilled:`]), ...heldList(cells, catalogue, room)];
}

/** The command that runs a plan: only the target's own dates that are in it, since a range may hold others. */
export function runCommand(plan: PlanReport): string {
  const upstream = plan.steps.some((step) => step.table !== plan.target) ? ' --with-upstream' : '';
  const own = plan.steps.find((step) => step.table === plan.target)?.dates;
  const when = own === undefined ? typeRange(plan.from, plan.to) : typeDatesBriefly(own);
  return `/backfill ${plan.target} ${when}${upstream}`;
}

function repairButton(plan: PlanReport, id: string | undefined): Part[] {
  return id === undefined || plan.cells === 0 ? [] : [buttons(repairOffer(plan, id))];
}

/** The button that runs a plan with its upstream. */
export function repairOffer(plan: PlanReport, id: string): Offer {
  const alone = plan.steps.every((step) => step.table === plan.target);
  const text = alone ? `Run ${count(plan.cells, 'date')}` : `Repair upstream first (${count(plan.cells, 'cell')})`;
  return { action: 'repair-upstream', text, value: id };
}
