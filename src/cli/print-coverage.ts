/** Coverage, why, plan and quality as text for a terminal of 80 columns. */
import { sayDates } from '../core/dates.ts';
import type { AcceptedGap, CauseGroup, Coverage, PlanReport, Quality, TableCoverage, Why } from '../core/reports.ts';
import type { Verdict } from '../core/verdict.ts';
import { drawCoverage } from '../messages/heat-strip.ts';
import {
  count,
  reasonWords,
  sayCause,
  sayDays,
  sayNames,
  sayRollUp,
  sayWhy,
  statusWords,
} from '../messages/phrases.ts';
import { csvLine, layOut, type Output } from './output.ts';

const mostRows = 60;

/** The point first, then the grid, the causes, and the dates that need work. */
export function printCoverage(coverage: Coverage, output: Output): void {
  for (const table of coverage.tables) output.data(sayTable(table));
  output.data(`${sayDates(coverage.tables[0]?.cells.map((cell) => cell.date) ?? [])}, read ${coverage.asOf}`);
  output.data('');
  for (const line of drawCoverage(coverage.tables).split('\n')) output.data(line);
  for (const { table, problem } of coverage.unread) output.data(`${table} could not be read: ${problem}`);
  printRollUp(coverage, output);
  if (coverage.causes.length > 0) {
    output.data('');
    output.data('Causes, the one that explains most first:');
    for (const line of layOut(coverage.causes.map(sayGroup), output.columns)) output.data(line);
  }
  printProblems(coverage, output);
}

/** By phase where several tables were asked, by month where several months were. */
function printRollUp({ rollUp, tables }: Coverage, output: Output): void {
  const lines = [
    ...(tables.length > 1 ? rollUp.phases : []),
    ...(rollUp.months.length > 1 ? rollUp.months : []),
    ...rollUp.periods,
  ];
  if (lines.length === 0) return;
  output.data('');
  for (const line of layOut(
    lines.map((each) => [`  ${each.name}`, sayRollUp(each)]),
    output.columns,
  ))
    output.data(line);
}

function sayTable(table: TableCoverage): string {
  const work = table.expected - table.complete;
  const rest =
    work === 0
      ? 'nothing needs work'
      : `${work} need work, ${table.reachable - table.complete} of them can be mended here`;
  return `${table.table}: ${table.complete} of ${count(table.expected, 'expected date')} complete (${table.calendar} asked); ${rest}`;
}

function sayGroup(group: CauseGroup): string[] {
  return [
    `  ${group.table}`,
    group.missing ? `lacks ${sayNames(group.missing)}` : reasonWords[group.reason],
    `explains ${group.explains}`,
    sayDays(group.dates),
  ];
}

function printProblems(coverage: Coverage, output: Output): void {
  const bad = coverage.tables.flatMap((table) =>
    table.cells
      .filter((cell) => cell.status !== 'complete' && cell.status !== 'not_expected')
      .map((cell) => [table.table, cell] as const),
  );
  if (bad.length === 0) return;
  output.data('');
  const rows = bad
    .slice(0, mostRows)
    .map(([table, cell]) => [`  ${table}`, cell.date, statusWords[cell.status], sayRows(cell), sayWhy(cell)]);
  for (const line of layOut(rows, output.columns)) output.data(line);
  if (bad.length > mostRows) output.data(`  ... and ${bad.length - mostRows} more; --csv prints all`);
  const [first] = bad;
  if (first) output.say(`The chain of one: backcourt why ${first[0]} ${first[1].date}`);
}

function sayRows(cell: Verdict): string {
  return cell.expected === null ? String(cell.rows ?? '?') : `${cell.rows ?? '?'}/${cell.expected}`;
}

/** One line per cell. */
export function printCoverageCsv(coverage: Coverage, output: Output): void {
  output.data('table,date,status,reason,rows,entities,expected,causes,rule');
  for (const table of coverage.tables) {
    for (const cell of table.cells) {
      const causes = cell.causes.map((cause) => `${cause.table} ${cause.date} ${cause.reason}`).join('; ');
      output.data(
        csvLine([
          table.table,
          cell.date,
          cell.status,
          cell.reason,
          cell.rows,
          cell.entities,
          cell.expected,
          causes,
          cell.rule,
        ]),
      );
    }
  }
}

/** The chain as a tree. */
export function printWhy(why: Why, output: Output): void {
  for (const step of why.chain) {
    const figures = step.need === null ? `${step.have ?? '?'} rows` : `${step.have ?? '?'} of ${step.need} rows`;
    const reason = step.reason === null ? '' : ` (${step.reason})`;
    const lacks = step.missing ? `, lacks ${sayNames(step.missing)}` : '';
    const line = `${'  '.repeat(step.depth)}${step.table} ${step.date}: ${statusWords[step.status]}${reason}, ${figures}${lacks}`;
    output.data(line);
    output.data(`${'  '.repeat(step.depth)}  rule: ${step.rule}`);
  }
}

/** The steps in order, and what stays unfilled. */
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
    sayDays(step.dates),
  ]);
  for (const line of layOut(rows, output.columns)) output.data(line);
  if (plan.blocked.length > 0) output.data('Cannot be filled from here:');
  const held = plan.blocked.map((blocked) => [`  ${blocked.table}`, blocked.date, sayCause(blocked.cause)]);
  for (const line of layOut(held, output.columns)) output.data(line);
}

/** A line per date, then the total. */
export function printQuality(quality: Quality, output: Output): void {
  const flags = Object.keys(quality.total.flags);
  const nulls = Object.keys(quality.total.nulls);
  const share = (n: number, of: number) => (of === 0 ? '-' : `${((100 * n) / of).toFixed(1)} %`);
  const head = [
    'date',
    'rows',
    'distinct',
    'duplicates',
    ...flags,
    ...nulls.map((column) => `${column} NULL`),
    'missing',
  ];
  const row = (name: string, d: Quality['total']) => [
    name,
    String(d.rows),
    String(d.entities),
    String(d.duplicates),
    ...flags.map((flag) => share(d.flags[flag] ?? 0, d.rows)),
    ...nulls.map((column) => share(d.nulls[column] ?? 0, d.rows)),
    d.missing.length === 0
      ? '-'
      : d.missing.length > 8
        ? `${d.missing.slice(0, 8).join(' ')} and ${d.missing.length - 8} more`
        : d.missing.join(' '),
  ];
  const rows = [head, ...quality.dates.map((date) => row(date.date, date)), row('total', quality.total)];
  for (const line of layOut(rows, Number.POSITIVE_INFINITY)) output.data(line);
}

/** A line per accepted gap. */
export function printGaps(gaps: readonly AcceptedGap[], output: Output): void {
  if (gaps.length === 0) output.say('No gaps have been accepted.');
  const rows = gaps.map((gap) => [gap.id, gap.table, sayDays(gap.dates), gap.acceptedBy, gap.reason]);
  for (const line of layOut(rows, output.columns)) output.data(line);
}
