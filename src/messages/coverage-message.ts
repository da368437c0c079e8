/**
 * The answer to `/coverage`: the point first in words, then how far the targets are, what to mend first, the picture, and
 * the worst dates. Of any size: a season of all tables is the same answer with fewer rows.
 */
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import type { Coverage, RollUpLine, TableCoverage } from '../core/coverage/coverage-report.ts';
import { buttons, grid, lines, list, note, type Offer, type Part, picture, type ShownPicture } from './blocks.ts';
import { drawTables, sayPoint } from './coverage-words.ts';
import { fitMessage, type Room, takeFirst } from './fit-message.ts';
import { inMendingOrder, sayCauseGroup } from './group-causes.ts';
import { drawCoverage, drawMonthLines } from './heat-strip.ts';
import type { Message } from './message.ts';
import { count, nameRollUp, sayRollUp, typeDatesBriefly } from './phrases.ts';
import {
  type FoldedProblems,
  findProblems,
  foldProblems,
  type Problems,
  problemTable,
  worstOf,
} from './problem-table.ts';
import { proposalParts, sayRulesAsOf } from './rule-proposals.ts';
import { type Links, sayRunning } from './running-words.ts';
import { at, bold, clip, code, type Words } from './words.ts';

/**
 * `asked` is the command as it was understood; `offers.plan` the id of the stored offer behind the button; `picture`
 * stands in place of the strip of letters; `links` leads to the messages of backfills that run.
 */
export type CoverageContext = {
  readonly catalogue: Catalogue;
  readonly asked: string;
  readonly offers?: { readonly plan?: string };
  readonly picture?: ShownPicture | undefined;
  readonly links?: Links;
};

/** More months than this are looked at in the picture. */
const monthsShown = 24;

/** The answer to a coverage question, of any size: it degrades to fewer rows, and says how many are left out. */
export function coverageMessage(coverage: Coverage, context: CoverageContext): Message {
  // What reads every cell is done once, and not for every size that is tried.
  const found = {
    point: sayPoint(coverage),
    running: sayRunning(heldCells(coverage), context.links),
    drawing: context.picture === undefined ? grid(drawCoverage(coverage.tables)) : picture(context.picture),
    problems: findProblems(coverage),
  };
  return fitMessage((room) => coverageParts(coverage, context, found, room));
}

type Found = {
  readonly point: readonly Words[];
  readonly running: readonly Words[];
  readonly drawing: Part;
  readonly problems: Problems;
};

function coverageParts(coverage: Coverage, context: CoverageContext, found: Found, room: Room): Part[] {
  const only = coverage.tables.length === 1 ? coverage.tables[0] : undefined;
  const { problems } = found;
  const shown = foldProblems(problems, room.rows);
  return [
    lines(...found.point),
    list(takeFirst(found.running, room.items).shown),
    ...(coverage.unread.length > 0 ? [list(coverage.unread.map((each) => sayUnread(each, room)))] : []),
    ...targetsPart(coverage, room),
    causesPart(coverage, context, room),
    ...proposalParts(coverage, Math.min(room.items, 4)),
    ...(context.picture !== undefined || room.grid ? [found.drawing] : []),
    ...(only ? [] : [grid(drawTables(coverage.tables, room.items + 5))]),
    ...monthsPart(coverage, context, room),
    problemTable(shown.rows, only !== undefined),
    sayNext(coverage, problems, shown, context),
    ...planButton(context, only, problems),
    note('Asked: ', code(clip(context.asked, 200)), ' · read ', at(Date.parse(coverage.asOf)), sayRulesAsOf(coverage)),
  ];
}

/** Only what runs or could not be read can be held. */
function heldCells({ tables }: Coverage) {
  const some = tables.filter(({ byStatus }) => byStatus.running || byStatus.unknown);
  return some.flatMap(({ table, cells }) =>
    cells.filter((cell) => cell.heldBy).map(({ date, heldBy }) => ({ table, date, heldBy })),
  );
}

/** By phase where several tables were asked or there is a target, and by named period where the catalogue has any. */
function targetsPart({ rollUp, tables }: Coverage, room: Room): Part[] {
  const phases = rollUp.phases.filter((line) => tables.length > 1 || line.target !== null);
  const shown = takeFirst([...phases, ...rollUp.periods], room.items).shown;
  return shown.length === 0 ? [] : [list(shown.map(sayLine))];
}

function sayLine(line: RollUpLine): Words {
  return [bold(nameRollUp(line)), `: ${sayRollUp(line)}`];
}

function causesPart(coverage: Coverage, { catalogue }: CoverageContext, room: Room): Part {
  const thing = coverage.tables.length === 1 ? 'date' : 'cell';
  const asked = new Set(coverage.tables.map((table) => table.table));
  const causes = takeFirst(inMendingOrder(coverage), Math.min(room.items, 8));
  return list([
    ...causes.shown.map((group, index) => sayCauseGroup(group, { catalogue, thing, first: index === 0, asked })),
    ...(causes.more > 0 ? [[`and ${count(causes.more, 'more cause')}`]] : []),
  ]);
}

/** Without a picture the strip of one table tells of its months already. */
function monthsPart({ rollUp, tables }: Coverage, context: CoverageContext, room: Room): Part[] {
  const { months } = rollUp;
  const told = tables.length === 1 && context.picture === undefined;
  if (told || !room.grid || months.length < 2 || months.length > monthsShown) return [];
  return [grid(drawMonthLines(months))];
}

function sayUnread(each: { readonly table: string; readonly problem: string }, room: Room): Words {
  return [
    bold(each.table),
    ` could not be read, so its dates are unknown, not empty: ${clip(each.problem, room.letters)}`,
  ];
}

function sayNext(
  coverage: Coverage,
  problems: Problems,
  shown: FoldedProblems,
  { asked }: Pick<CoverageContext, 'asked'>,
): Part {
  const first = worstOf(problems);
  if (first === undefined) return lines();
  // The last table asked stands furthest downstream: what mends it mends what it is built on.
  const last = coverage.tables.findLast((table) => problems.groups.some((group) => group.table === table.table));
  const dates = last?.cells.map((cell) => cell.date) ?? [];
  const folded = shown.rows.some((row) => row.cells.length > 1);
  const csv: Words = [code(clip(`${asked.replace(/^\//, 'backcourt ')} --csv`, 200))];
  const said: Words[] = [
    ...(shown.more > 0 ? [[`${count(shown.more, 'more cell')}: `, ...csv]] : folded ? [['Each date: ', ...csv]] : []),
    ['Why one date: ', code(`/coverage why ${first.table} ${first.cell.date}`)],
    ['What would mend it: ', code(`/coverage plan ${last?.table ?? first.table} ${typeDatesBriefly(dates)}`)],
  ];
  return lines(...said);
}

function planButton(context: CoverageContext, only: TableCoverage | undefined, problems: Problems): Part[] {
  const id = context.offers?.plan;
  const mendable = problems.groups.some(({ cells: [first] }) => first.status !== 'unknown');
  if (id === undefined || only === undefined || !mendable) return [];
  const offer: Offer = { action: 'plan-repair', text: 'Plan repair', value: id, primary: true };
  return [buttons(offer)];
}
