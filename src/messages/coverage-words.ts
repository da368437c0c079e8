/**
 * What a coverage says in sentences: the point first. One percentage is always wrong for somebody, so the three
 * denominators stand in words beside it.
 */
import type { Coverage, TableCoverage } from '../core/coverage/coverage-report.ts';
import { type Status, statuses } from '../core/verdict.ts';
import { inMendingOrder } from './group-causes.ts';
import { count, reasonWords, sayDays, sayNumber, sayShare, statusWords } from './phrases.ts';
import { bold, type Words } from './words.ts';

/** The point and the denominators, of one table or of several. */
export function sayPoint(coverage: Coverage): [Words, Words] {
  const [only, second] = coverage.tables;
  return only !== undefined && second === undefined
    ? [sayOne(only), sayDenominators(only)]
    : [sayMany(coverage), sayAll(coverage.tables)];
}

function sayOne(table: TableCoverage): Words {
  const name = bold(table.table);
  if (table.expected === 0) return [name, ': no rows are expected on any of these dates; nothing is missing.'];
  if (table.complete === table.expected) return [name, `: complete, ${sayWhole(table.expected)}.`];
  const running = table.byStatus.running ?? 0;
  const work = table.expected - table.complete - running;
  const why = sayHolders(table, work);
  return [
    name,
    `: ${table.complete} of ${count(table.expected, 'date')} complete`,
    running > 0 ? `; ${running} running now` : '',
    work > 0 ? `; ${work} ${work === 1 ? 'needs' : 'need'} work${why === '' ? '' : `: ${why}`}.` : '.',
  ];
}

function sayWhole(expected: number): string {
  return expected === 1 ? 'the one expected date has its rows' : `all ${expected} expected dates have their rows`;
}

/** "pdc holds up 12 of them, tdza 2; 3 can be filled now": who stands in the way, and what does not wait for anybody. */
function sayHolders(table: TableCoverage, work: number): string {
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
    index > 0 ? `${name} ${dates}` : work === 1 ? `${name} holds it up` : `${name} holds up ${dates} of them`,
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

/** The figures of all tables together. */
function addUp(tables: readonly TableCoverage[]) {
  const sum = (pick: (table: TableCoverage) => number) => tables.reduce((total, table) => total + pick(table), 0);
  return {
    calendar: sum((table) => table.calendar),
    expected: sum((table) => table.expected),
    reachable: sum((table) => table.reachable),
    complete: sum((table) => table.complete),
    running: sum((table) => table.byStatus.running ?? 0),
  };
}

function sayMany(coverage: Coverage): Words {
  const { tables } = coverage;
  const { expected, complete, running } = addUp(tables);
  const where = ` in ${count(tables.length, 'table')}`;
  if (expected === 0) return [bold('No rows are expected'), `${where} on any of these dates; nothing is missing.`];
  if (complete === expected)
    return [bold(`All ${sayNumber(expected)} expected cells complete`), `${where}: nothing needs work.`];
  const work = expected - complete - running;
  return [
    bold(`${sayNumber(complete)} of ${sayNumber(expected)} expected cells complete`),
    ` (${sayShare(complete, expected)})${where}`,
    running > 0 ? `; ${sayNumber(running)} running now` : '',
    work > 0 ? `; ${sayNumber(work)} ${work === 1 ? 'needs' : 'need'} work${sayRoots(coverage)}.` : '.',
  ];
}

/** ": tdza is behind 504 of them, psza 504, pgs 276": the tables to look at, each by the cause that explains most. */
function sayRoots(coverage: Coverage): string {
  const behind = new Map<string, number>();
  for (const { table, explains } of inMendingOrder(coverage)) {
    if (!behind.has(table)) behind.set(table, explains);
  }
  const said = [...behind]
    .slice(0, 4)
    .map(([table, cells], n) =>
      n === 0 ? `${table} is behind ${sayNumber(cells)} of them` : `${table} ${sayNumber(cells)}`,
    );
  return said.length === 0 ? '' : `: ${said.join(', ')}`;
}

function sayAll(tables: readonly TableCoverage[]): Words {
  const { calendar, expected, reachable, complete } = addUp(tables);
  const dates = (tables[0]?.cells ?? []).map((cell) => cell.date);
  const cells = `${sayNumber(complete)} complete of ${sayNumber(reachable)} reachable, ${sayNumber(expected)} expected, ${sayNumber(calendar)} calendar cells`;
  return [`${sayDays(dates)} (${count(dates.length, 'date')}): ${cells}.`];
}

/**
 * A line per table that needs work, the one that is furthest behind first, at most `most` of them; those that are whole,
 * and those of which nothing is expected, together in a line each. Empty where nothing needs work. To be shown in letters
 * of equal width.
 */
export function drawTables(tables: readonly TableCoverage[], most: number): string {
  const share = (table: TableCoverage) => table.complete / table.expected;
  const open = tables.filter((table) => table.complete < table.expected).sort((a, b) => share(a) - share(b));
  const shown = open
    .slice(0, most)
    .map((table) => [table.table, `${table.complete}/${table.expected}`, sayOpen(table) + sayReach(table)]);
  const [name, figures] = [0, 1].map((at) => Math.max(0, ...shown.map((row) => row[at]?.length ?? 0)));
  const names = (some: readonly TableCoverage[]) => some.map((table) => table.table).join(', ');
  const whole = tables.filter((table) => table.expected > 0 && table.complete === table.expected);
  const none = tables.filter((table) => table.expected === 0);
  const more = open.length - shown.length;
  if (open.length === 0) return '';
  return [
    ...shown.map(([table = '', complete = '', rest = '']) =>
      `${table.padEnd(name ?? 0)}  ${complete.padStart(figures ?? 0)}  ${rest}`.trimEnd(),
    ),
    ...(more > 0 ? [`and ${count(more, 'more table')} that ${more === 1 ? 'needs' : 'need'} work`] : []),
    ...(whole.length > 0 ? [`complete: ${names(whole)}`] : []),
    ...(none.length > 0 ? [`nothing expected: ${names(none)}`] : []),
  ].join('\n');
}

function sayReach({ reachable, expected }: TableCoverage): string {
  return reachable < expected ? `; ${reachable} reachable` : '';
}

/** "6 missing, 27 tainted": what of a table is not as it should be. */
export function sayOpen(table: TableCoverage): string {
  return statuses
    .filter((status) => status !== 'complete' && status !== 'not_expected' && (table.byStatus[status] ?? 0) > 0)
    .map((status) => `${table.byStatus[status]} ${statusWords[status]}`)
    .join(', ');
}
