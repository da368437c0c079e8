/** The second step of the form: exactly what the launch would do. Nothing has run; what is shown is what is run. */
import type { ModalView } from '@slack/web-api';
import type { PlannedCell } from '../core/backfill/backfill.ts';
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import type { CalendarDate } from '../core/dates.ts';
import type { PlanReport, Preflight } from '../core/plan/plan-report.ts';
import { sayTakesSecond } from './approval-message.ts';
import { lines, list, note, type Part } from './blocks.ts';
import { fitMessage, type Room, takeFirst } from './fit-message.ts';
import type { Message } from './message.ts';
import { count, sayDays, sayLeft, statusWords } from './phrases.ts';
import { heldList, planSteps, sayTime, stayTainted } from './plan-message.ts';
import { readingView, waitingView } from './view.ts';
import { bold, clip, code, type Words } from './words.ts';

export const reviewCallback = 'backfill-review';
const title = 'Review the backfill';

export type Reviewed = {
  readonly plan: PlanReport;
  readonly preflight: Preflight;
  readonly cells: readonly PlannedCell[];
  readonly dates: readonly CalendarDate[];
  readonly asked: string;
  readonly catalogue: Catalogue;
};

/** Shown at once, until the plan is there. `id`: of the stored request, by which the view is found again. */
export function openingReview(id: string): ModalView {
  const says =
    'Reading the warehouse and making the plan ... If nothing comes within a minute, go back and press Review again.';
  return waitingView(title, says, { external_id: id, close: 'Back' });
}

/** The plan, and the button that launches it where there is anything to launch. */
export function reviewView(reviewed: Reviewed, id: string): ModalView {
  const launch =
    reviewed.cells.length > 0 ? { submit: 'Launch', callback_id: reviewCallback, private_metadata: id } : {};
  return readingView(title, reviewMessage(reviewed).blocks, { ...launch, external_id: id, close: 'Back' });
}

/** Why it cannot be launched as it is; the form stands behind it with all that was typed. */
export function cannotView(message: Message, id?: string): ModalView {
  return readingView(title, message.blocks, id === undefined ? {} : { external_id: id, close: 'Back' });
}

/** The same as parts of a message, so that it is held to the same limits. */
export function reviewMessage(reviewed: Reviewed): Message {
  const { plan, preflight, cells, catalogue } = reviewed;
  return fitMessage((room) => [
    lines(sayPoint(reviewed)),
    planSteps(plan, room),
    lines(...sayDates(reviewed)),
    ...sayOverwritten(cells, room),
    ...sayOverride(preflight),
    ...(plan.secondPerson ? [lines(sayTakesSecond(plan.secondPerson))] : []),
    ...sayTime(plan),
    ...stayTainted(plan, room),
    ...sayHeld(preflight, catalogue, room),
    ...(plan.needNothing.length > 0 ? [lines([`Left alone: ${sayLeft(plan.needNothing)}.`])] : []),
    note('Nothing has run. The same as a command: ', code(clip(reviewed.asked, 300))),
  ]);
}

function sayPoint({ plan, cells }: Reviewed): Words {
  if (cells.length === 0) return [bold('There is nothing to run.'), ' Go back to ask for other dates.'];
  return [bold(`${count(cells.length, 'cell')} will run`), ` to fill `, bold(plan.target), ', in this order:'];
}

function sayDates({ dates, plan }: Reviewed): Words[] {
  return [[`Asked: ${plan.target}, ${sayDays(dates)} (${count(dates.length, 'date')}).`]];
}

function sayOverwritten(cells: readonly PlannedCell[], room: Room): Part[] {
  const rows = cells.filter(({ status }) => status !== 'missing' && status !== 'blocked');
  if (rows.length === 0) return [lines(['Nothing is overwritten: none of these dates has rows.'])];
  const groups = new Map<string, PlannedCell[]>();
  for (const cell of rows) {
    const of = `${cell.table} ${cell.status}`;
    groups.set(of, [...(groups.get(of) ?? []), cell]);
  }
  const { shown, more } = takeFirst([...groups.values()], Math.min(room.items, 8));
  return [
    lines([bold(`${count(rows.length, 'cell')} with rows will be overwritten:`)]),
    list([
      ...shown.flatMap((group): Words[] => {
        const [first] = group;
        if (first === undefined) return [];
        return [[bold(first.table), ` ${sayDays(group.map(({ date }) => date))} (${statusWords[first.status]})`]];
      }),
      ...(more > 0 ? [[`and ${count(more, 'more group')}`]] : []),
    ]),
  ];
}

function sayOverride({ overridden = [] }: Preflight): Part[] {
  if (overridden.length === 0) return [];
  const dates = sayDays(overridden.map(({ date }) => date));
  return [lines([bold('Override:'), ` runs although what they need is not there: ${dates}.`])];
}

function sayHeld({ blocked }: Preflight, catalogue: Catalogue, room: Room): Part[] {
  if (blocked.length === 0) return [];
  return [lines([`${count(blocked.length, 'asked date')} stay out, blocked:`]), ...heldList(blocked, catalogue, room)];
}
