/** Plans in words: what would run, in which order, and what stays unfilled. Nothing here has run. */
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import type { PlanReport, PlanStep, Preflight } from '../core/plan/plan-report.ts';
import { sayTakesSecond } from './approval-message.ts';
import { buttons, lines, list, note, type Offer, type Part } from './blocks.ts';
import { fitMessage, type Room, takeFirst } from './fit-message.ts';
import { groupHeld, sayHeldGroup } from './group-causes.ts';
import type { Message } from './message.ts';
import { count, sayCauseOf, sayDays, sayLeft, sayNumber, sayRange, typeDatesBriefly, typeRange } from './phrases.ts';
import { sayEstimate } from './time-words.ts';
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
    ...sayTime(plan),
    ...stayTainted(plan, room),
    ...stayUnfilled(plan, context.catalogue, room),
    ...sayNeedNothing(plan),
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
    ...sayTime(plan),
    ...stayTainted(plan, room),
    ...heldList(preflight.blocked, context.catalogue, room),
    ...(plan.secondPerson ? [lines(sayTakesSecond(plan.secondPerson))] : []),
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

/** How long it would take, where there is anything to run. */
export function sayTime(plan: PlanReport): Part[] {
  return plan.cells === 0 ? [] : [lines([sayEstimate(plan.estimate)])];
}

/** What runs and is bad afterwards all the same, grouped by the hole that stays. */
export function stayTainted(plan: PlanReport, room: Room): Part[] {
  if (plan.staysTainted.length === 0) return [];
  const held = plan.staysTainted.map(({ table, date, cause }) => ({ table, date, causes: [cause] }));
  const { shown, more } = takeFirst(groupHeld(held), Math.min(room.items, 8));
  const items = shown.map((group): Words => {
    const cause = sayCauseOf(group.table, group.reason, group.dates);
    return [bold(cause), `: ${sayTaintedCells(group.cells)}`];
  });
  const of = plan.staysTainted.length;
  return [
    lines([
      `${sayNumber(of)} of them would be tainted all the same, since what ${of === 1 ? 'it reads' : 'they read'} keeps a hole:`,
    ]),
    list([...items, ...(more > 0 ? [[`and ${count(more, 'more cause')}`]] : [])]),
  ];
}

/** "psza 16-30 Nov 2021, pcf 16-30 Nov 2021". */
export function sayTaintedCells(cells: readonly { readonly table: string; readonly date: string }[]): string {
  const tables = [...new Set(cells.map((cell) => cell.table))];
  const shown = tables.slice(0, 6).map((table) => {
    const dates = cells.filter((cell) => cell.table === table).map((cell) => cell.date);
    return `${table} ${sayDays(dates)}`;
  });
  const more = tables.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${count(more, 'more table')}` : ''}`;
}

function sayNeedNothing(plan: PlanReport): Part[] {
  return plan.cells === 0 || plan.needNothing.length === 0
    ? []
    : [lines([`Left alone: ${sayLeft(plan.needNothing)}.`])];
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
  return id === undefined || plan.cells === 0 ? [] : [buttons(repairOffer(plan, id), editOffer(id))];
}

/** The button that opens the form with what another button would ask. */
export function editOffer(id: string): Offer {
  return { action: 'open-form', text: 'Edit ...', value: id };
}

/** The button that runs a plan with its upstream. */
export function repairOffer(plan: PlanReport, id: string): Offer {
  const alone = plan.steps.every((step) => step.table === plan.target);
  const text = alone ? `Run ${count(plan.cells, 'date')}` : `Repair upstream first (${count(plan.cells, 'cell')})`;
  return { action: 'repair-upstream', text, value: id };
}
