/**
 * The answer to `/coverage`: the point first in words, then the picture, the causes and the worst dates. One percentage
 * is always wrong for somebody, so the three denominators stand in words beside it.
 */
import type { Catalogue } from '../core/catalogue.ts';
import type { Coverage, TableCoverage } from '../core/reports.ts';
import type { Status } from '../core/verdict.ts';
import { statuses } from '../core/verdict.ts';
import { buttons, grid, lines, list, note, type Offer, type Part, picture, type ShownPicture } from './blocks.ts';
import { fitMessage, type Room, takeFirst } from './fit-message.ts';
import { sayCauseGroup } from './group-causes.ts';
import { drawCoverage } from './heat-strip.ts';
import type { Message } from './message.ts';
import { count, reasonWords, sayDays, sayNumber, sayRollUp, statusWords, typeDatesBriefly } from './phrases.ts';
import { type Problem, problemTable, worstFirst } from './problem-table.ts';
import { at, bold, clip, code, type Words } from './words.ts';

/**
 * `asked` is the command as it was understood; `offers.plan` the id of the stored offer behind the button; `picture`
 * stands in place of the strip of letters.
 */
export type CoverageContext = {
  readonly catalogue: Catalogue;
  readonly asked: string;
  readonly offers?: { readonly plan?: string };
  readonly picture?: ShownPicture | undefined;
};

/** The answer to a coverage question, of any size: it degrades to fewer rows, and says how many are left out. */
export function coverageMessage(coverage: Coverage, context: CoverageContext): Message {
  return fitMessage((room) => coverageParts(coverage, context, room));
}

function coverageParts(coverage: Coverage, context: CoverageContext, room: Room): Part[] {
  const only = coverage.tables.length === 1 ? coverage.tables[0] : undefined;
  const problems = worstFirst(coverage);
  const causes = takeFirst(coverage.causes, Math.min(room.items, 8));
  const thing = only ? 'date' : 'cell';
  const asked = new Set(coverage.tables.map((table) => table.table));
  return [
    only ? lines(sayOne(only), sayDenominators(only)) : lines(sayMany(coverage), [sayAsked(coverage)]),
    ...(coverage.unread.length > 0 ? [list(coverage.unread.map((each) => sayUnread(each, room)))] : []),
    ...(only ? [] : [list(takeFirst(coverage.tables, room.items).shown.map(sayTable))]),
    ...rollUpPart(coverage, room),
    ...drawing(coverage, context, room),
    list([
      ...causes.shown.map((group, index) =>
        sayCauseGroup(group, { catalogue: context.catalogue, thing, first: index === 0, asked }),
      ),
      ...(causes.more > 0 ? [[`and ${count(causes.more, 'more cause')}`]] : []),
    ]),
    problemTable(problems, only !== undefined, room),
    sayNext(coverage, problems, room),
    ...planButton(context, only, problems),
    note('Asked: ', code(clip(context.asked, 200)), ' · read ', at(Date.parse(coverage.asOf))),
  ];
}

/** By phase where several tables were asked, by named period where the catalogue has any. */
function rollUpPart({ rollUp, tables }: Coverage, room: Room): Part[] {
  const shown = takeFirst([...(tables.length > 1 ? rollUp.phases : []), ...rollUp.periods], room.items).shown;
  return shown.length === 0 ? [] : [list(shown.map((line): Words => [bold(line.name), `: ${sayRollUp(line)}`]))];
}

function drawing(coverage: Coverage, context: CoverageContext, room: Room): Part[] {
  if (context.picture !== undefined) return [picture(context.picture)];
  return room.grid ? [grid(drawCoverage(coverage.tables))] : [];
}

function sayOne(table: TableCoverage): Words {
  const name = bold(table.table);
  if (table.expected === 0) return [name, ': no rows are expected on any of these dates; nothing is missing.'];
  if (table.complete === table.expected) return [name, `: complete, ${sayAll(table.expected)}.`];
  const running = table.byStatus.running ?? 0;
  const work = table.expected - table.complete - running;
  const why = sayHolders(table);
  return [
    name,
    `: ${table.complete} of ${count(table.expected, 'date')} complete`,
    running > 0 ? `; ${running} running now` : '',
    work > 0 ? `; ${work} ${work === 1 ? 'needs' : 'need'} work${why === '' ? '' : `: ${why}`}.` : '.',
  ];
}

function sayAll(expected: number): string {
  return expected === 1 ? 'the one expected date has its rows' : `all ${expected} expected dates have their rows`;
}

/** "pdc holds up 12 of them, tdza 2; 3 can be filled now": who stands in the way, and what does not wait for anybody. */
function sayHolders(table: TableCoverage): string {
  const held = new Map<string, number>();
  const own = new Map<Status, number>();
  for (const cell of table.cells) {
    if (cell.status === 'complete' || cell.status === 'not_expected' || cell.status === 'running') continue;
    const above = new Set(cell.causes.map((cause) => cause.table).filter((name) => name !== table.table));
    for (const name of above) held.set(name, (held.get(name) ?? 0) + 1);
    if (above.size === 0) own.set(cell.status, (own.get(cell.status) ?? 0) + 1);
  }
  const holders = [...held].sort((a, b) => b[1] - a[1]).slice(0, 4);
  const said = holders.map(([name, dates], index) =>
    index === 0 ? `${name} holds up ${dates} of them` : `${name} ${dates}`,
  );
  const rest = [...own].map(([status, dates]) =>
    status === 'missing' ? `${dates} can be filled now` : `${dates} ${statusWords[status]}`,
  );
  return [said.join(', '), ...rest].filter((text) => text !== '').join('; ');
}

function sayDenominators(table: TableCoverage): Words {
  const dates = table.cells.map((cell) => cell.date);
  const unreachable = table.expected - table.reachable;
  return [
    `${sayDays(dates)} (${count(table.calendar, 'date')}): ${table.complete} complete of ${table.reachable} reachable, ` +
      `${table.expected} expected, ${table.calendar} calendar.`,
    sayNotExpected(table),
    unreachable > 0 ? ` ${count(unreachable, 'date')} cannot be mended from here.` : '',
  ];
}

function sayNotExpected(table: TableCoverage): string {
  const tally = new Map<string, number>();
  for (const cell of table.cells) {
    if (cell.status !== 'not_expected' || cell.reason === null) continue;
    tally.set(reasonWords[cell.reason], (tally.get(reasonWords[cell.reason]) ?? 0) + 1);
  }
  const said = [...tally].sort((a, b) => b[1] - a[1]).map(([reason, dates]) => `${dates} (${reason})`);
  return said.length === 0 ? '' : ` Not expected: ${said.join(', ')}.`;
}

function sayMany(coverage: Coverage): Words {
  const complete = coverage.tables.reduce((sum, table) => sum + table.complete, 0);
  const expected = coverage.tables.reduce((sum, table) => sum + table.expected, 0);
  const whole = coverage.tables.filter((table) => table.complete === table.expected).map((table) => table.table);
  return [
    bold(`${sayNumber(complete)} of ${count(expected, 'expected cell')} complete`),
    ` in ${count(coverage.tables.length, 'table')}; `,
    whole.length === 0 ? 'no table is whole.' : `whole: ${whole.join(', ')}.`,
  ];
}

function sayAsked(coverage: Coverage): string {
  const dates = (coverage.tables[0]?.cells ?? []).map((cell) => cell.date);
  return `${sayDays(dates)} (${count(dates.length, 'date')}).`;
}

function sayTable(table: TableCoverage): Words {
  const rest = statuses
    .filter((status) => status !== 'complete' && status !== 'not_expected' && (table.byStatus[status] ?? 0) > 0)
    .map((status) => `${table.byStatus[status]} ${statusWords[status]}`);
  return [
    bold(table.table),
    `: ${table.complete} complete of ${table.reachable} reachable, ${table.expected} expected, ${table.calendar} calendar`,
    rest.length === 0 ? '' : `; ${rest.join(', ')}`,
  ];
}

function sayUnread(each: { readonly table: string; readonly problem: string }, room: Room): Words {
  return [
    bold(each.table),
    ` could not be read, so its dates are unknown, not empty: ${clip(each.problem, room.letters)}`,
  ];
}

function sayNext(coverage: Coverage, problems: readonly Problem[], room: Room): Part {
  const first = problems[0];
  if (first === undefined) return lines();
  const more = problems.length - room.rows;
  // The last table asked stands furthest downstream: what mends it mends what it is built on.
  const last = coverage.tables.findLast((table) => problems.some((problem) => problem.table === table.table));
  const dates = last?.cells.map((cell) => cell.date) ?? [];
  const names = coverage.tables.map((table) => table.table).join(' ');
  const csv = `backcourt coverage ${names} ${typeDatesBriefly(dates)} --csv`;
  const said: Words[] = [
    ...(more > 0 ? [[`${sayNumber(more)} more: `, code(clip(csv, 200))]] : []),
    ['Why one date: ', code(`/coverage why ${first.table} ${first.cell.date}`)],
    ['What would mend it: ', code(`/coverage plan ${last?.table ?? first.table} ${typeDatesBriefly(dates)}`)],
  ];
  return lines(...said);
}

function planButton(context: CoverageContext, only: TableCoverage | undefined, problems: readonly Problem[]): Part[] {
  const id = context.offers?.plan;
  const mendable = problems.some(({ cell }) => cell.status !== 'unknown');
  if (id === undefined || only === undefined || !mendable) return [];
  const offer: Offer = { action: 'plan-repair', text: 'Plan repair', value: id, primary: true };
  return [buttons(offer)];
}
