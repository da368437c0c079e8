/**
 * A backfill that was refused because something it needs is not there: nothing ran. People read this at night, so it
 * says first what is ready, then who stands in the way, then what to press.
 */
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import type { Estimate, PlanReport, Preflight } from '../core/plan/plan-report.ts';
import type { Status } from '../core/verdict.ts';
import { buttons, lines, list, note, type Offer, type Part } from './blocks.ts';
import { fitMessage, type Room, takeFirst } from './fit-message.ts';
import { groupHeld } from './group-causes.ts';
import type { Message } from './message.ts';
import { count, reasonWords, sayCauseOf, sayDays, sayNumber, statusWords } from './phrases.ts';
import { editOffer, heldList, planSteps, repairOffer, runCommand, stayTainted, stayUnfilled } from './plan-message.ts';
import { sayEstimate, sayEstimated } from './time-words.ts';
import { bold, clip, code, person, type Words } from './words.ts';

export type PreflightContext = {
  readonly catalogue: Catalogue;
  readonly preflight: Preflight;
  /** The command as it was understood. */
  readonly asked: string;
  /** What the ready dates alone would take; null: nothing has been measured. */
  readonly readyEstimate: Estimate | null;
  /** What would mend the blocked dates, where anything would. */
  readonly repair: PlanReport | null;
  readonly offers?: { readonly ready?: string; readonly repair?: string };
  /** Who is to be called: the backfill waited, and nobody looks for its answer any more. */
  readonly mention?: string;
};

/** Says why a backfill did not start, and what can be done. */
export function preflightMessage(context: PreflightContext): Message {
  return fitMessage((room) => preflightParts(context, room));
}

function preflightParts(context: PreflightContext, room: Room): Part[] {
  const { preflight, repair } = context;
  return [
    ...(context.mention === undefined
      ? []
      : [lines([person(context.mention), ', the turn of this backfill has come.'])]),
    lines(sayPoint(preflight), ...sayReady(preflight)),
    ...heldList(preflight.blocked, context.catalogue, room),
    ...sayWarnings(preflight, room),
    ...saySkipped(preflight),
    ...sayRepair(repair, context, room),
    ...sayChoices(context),
    note('Asked: ', code(clip(context.asked, 200))),
  ];
}

function sayPoint(preflight: Preflight): Words {
  const tables = [...new Set([...preflight.blocked, ...preflight.ready].map((cell) => cell.table))].join(', ');
  const asked = preflight.ready.length + preflight.blocked.length;
  const [blocked, all] = [sayNumber(preflight.blocked.length), count(asked, 'date')];
  return [
    bold('Nothing ran.'),
    ` Of the ${all} of `,
    bold(tables),
    ` to fill, ${blocked} ${preflight.blocked.length === 1 ? 'is' : 'are'} blocked: what they need is not there.`,
  ];
}

function sayReady(preflight: Preflight): Words[] {
  if (preflight.ready.length === 0) return [['None of them is ready.']];
  const dates = sayDays(preflight.ready.map((cell) => cell.date));
  return [[`Ready: ${dates} (${count(preflight.ready.length, 'date')}).`]];
}

function sayWarnings(preflight: Preflight, room: Room): Part[] {
  if (preflight.warnings.length === 0) return [];
  const dates = sayDays(preflight.warnings.map((cell) => cell.date));
  const { shown, more } = takeFirst(groupHeld(preflight.warnings), Math.min(room.items, 4));
  const holes = shown.map((group) => sayCauseOf(group.table, group.reason, group.dates)).join('; ');
  const rest = more > 0 ? ` and ${count(more, 'more cause')}` : '';
  return [lines([`${dates} would be filled but tainted, since a window of earlier dates has holes: ${holes}${rest}.`])];
}

function saySkipped(preflight: Preflight): Part[] {
  const groups = new Map<string, { status: Status; dates: string[] }>();
  for (const { status, reason, date } of preflight.skipped) {
    const said =
      status === 'not_expected' && reason !== null ? `not expected (${reasonWords[reason]})` : statusWords[status];
    const group = groups.get(said) ?? { status, dates: [] };
    group.dates.push(date);
    groups.set(said, group);
  }
  const items = [...groups].map(([said, group]): Words => {
    const hint =
      group.status === 'tainted' ? [' (rebuilt together with their causes: ', code('--with-upstream'), ')'] : [];
    return [`left alone, ${said}: ${sayDays(group.dates)}`, ...hint];
  });
  return items.length === 0 ? [] : [list(items.slice(0, 6))];
}

function sayRepair(repair: PlanReport | null, context: PreflightContext, room: Room): Part[] {
  if (repair === null || repair.cells === 0) {
    return [lines(['Backcourt has no processor that would mend what is missing.'])];
  }
  return [
    lines([bold(`The repair, ${count(repair.cells, 'cell')}, in this order:`)]),
    planSteps(repair, room),
    ...stayTainted(repair, room),
    ...stayUnfilled(repair, context.catalogue, room),
  ];
}

/** The same choices as text: buttons do not exist in a notification, and a command can be changed before it runs. */
function sayChoices(context: PreflightContext): Part[] {
  const { preflight, repair, offers } = context;
  const typed: Words[] = [];
  const pressed: Offer[] = [];
  if (preflight.ready.length > 0) {
    typed.push([
      `Only the ready dates${sayTime(context.readyEstimate)}: `,
      code(clip(`${bare(context.asked)} --ready-only`, 300)),
    ]);
    if (offers?.ready !== undefined) {
      pressed.push({
        action: 'run-ready',
        text: `Run the ready dates (${sayNumber(preflight.ready.length)})`,
        value: offers.ready,
      });
    }
  }
  if (repair !== null && repair.cells > 0) {
    typed.push([`Upstream first, then these${sayTime(repair.estimate)}: `, code(runCommand(repair))]);
    if (offers?.repair !== undefined)
      pressed.push({ ...repairOffer(repair, offers.repair), primary: true }, editOffer(offers.repair));
  }
  const any = offers?.repair ?? offers?.ready;
  if (any !== undefined) pressed.push({ action: 'request-override', text: 'Request override ...', value: any });
  const unknown = typed.length > 0 && context.readyEstimate === null && !repair?.estimate;
  if (unknown) typed.push([sayEstimate(null)]);
  return [lines(...typed), ...(pressed.length > 0 ? [buttons(...pressed)] : [])];
}

function sayTime(estimate: Estimate | null): string {
  return estimate === null ? '' : ` (${sayEstimated(estimate)})`;
}

function bare(asked: string): string {
  return asked.replace(/\s+--(ready-only|with-upstream)\b/g, '').trim();
}
