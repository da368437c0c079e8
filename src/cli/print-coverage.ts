/** Coverage, why, plan and quality as text for a terminal of 80 columns. */
import type {
  AcceptedGap,
  CauseGroup,
  Coverage,
  RollUpLine,
  TableCoverage,
  Why,
} from '../core/coverage/coverage-report.ts';
import { sayOpen, sayPoint } from '../messages/coverage-words.ts';
import { inMendingOrder } from '../messages/group-causes.ts';
import { drawCoverage, drawMonthLines } from '../messages/heat-strip.ts';
import { count, nameRollUp, reasonWords, sayDays, sayNames, sayRollUp, statusWords } from '../messages/phrases.ts';
import { findProblems, foldProblems, sayProblem, worstOf } from '../messages/problem-table.ts';
import { sayRulesAsOf } from '../messages/rule-proposals.ts';
import { sayRunning } from '../messages/running-words.ts';
import { cleanText, toPlain } from '../messages/words.ts';
import { csvLine, layOut, type Output, wrap } from './output.ts';
import { printProposals } from './print-proposals.ts';

/** Rows of problem dates; all of them are in the CSV. */
const mostRows = 30;

/** The point first, then how far the targets are, the picture, the causes, and the dates that need work. */
export function printCoverage(coverage: Coverage, output: Output): void {
  const { tables, rollUp } = coverage;
  for (const words of sayPoint(coverage)) printText(toPlain(words), output);
  output.data(`Read ${coverage.asOf}${sayRulesAsOf(coverage)}`);
  printHeld(
    tables.flatMap(({ table, cells }) => cells.map(({ date, heldBy }) => ({ table, date, heldBy }))),
    output,
  );
  for (const { table, problem } of coverage.unread) printText(`${table} could not be read: ${problem}`, output);
  if (tables.length > 1) printTables(tables, output);
  const phases = rollUp.phases.filter((line) => tables.length > 1 || line.target !== null);
  printRows([...phases, ...rollUp.periods].map(sayLine), output);
  if (tables.length > 1 && rollUp.months.length > 1)
    printLines(drawMonthLines(rollUp.months).split('\n').map(indent), output);
  printLines(drawCoverage(tables, output.columns).split('\n'), output);
  printRows(inMendingOrder(coverage).map(sayGroup), output, 'Causes, the one that explains most first:');
  printProposals(coverage, output);
  printProblems(coverage, output);
}

function indent(line: string): string {
  return `  ${line}`;
}

function sayLine(line: RollUpLine): string[] {
  return [`  ${nameRollUp(line)}`, sayRollUp(line)];
}

function printText(text: string, output: Output, further = 2): void {
  for (const line of wrap(cleanText(text), output.columns, further)) output.data(line);
}

/** A paragraph of its own; nothing where there are no lines. */
function printLines(lines: readonly string[], output: Output, heading?: string): void {
  if (lines.length === 0) return;
  output.data('');
  if (heading !== undefined) output.data(heading);
  for (const line of lines) output.data(line);
}

function printRows(rows: readonly (readonly string[])[], output: Output, heading?: string): void {
  printLines(layOut(rows, output.columns), output, heading);
}

/** Who fills what right now. */
function printHeld(cells: Parameters<typeof sayRunning>[0], output: Output): void {
  for (const words of sayRunning(cells)) printText(typeHere(toPlain(words)), output);
}

/** Commands as they are typed at a terminal. */
function typeHere(text: string): string {
  return text.replaceAll(/(^|\s)\/(coverage|backfill) /g, '$1backcourt $2 ');
}

/** The three denominators of each table, and what is not as it should be. */
function printTables(tables: readonly TableCoverage[], output: Output): void {
  const heads = ['table', 'complete', 'reachable', 'expected', 'calendar', 'needs work'];
  const rows = tables.map((table) => [
    table.table,
    ...[table.complete, table.reachable, table.expected, table.calendar].map(String),
    sayOpen(table) || '-',
  ]);
  const right = (row: readonly string[]) =>
    row.map((cell, n) => (n === 0 ? `  ${cell}` : n < 5 ? cell.padStart((heads[n] ?? '').length) : cell));
  printRows([heads, ...rows].map(right), output);
}

function sayGroup(group: CauseGroup): string[] {
  return [
    `  ${group.table}`,
    `explains ${group.explains}`,
    group.missing ? `lacks ${sayNames(group.missing)}` : reasonWords[group.reason],
    sayDays(group.dates),
  ];
}

function printProblems(coverage: Coverage, output: Output): void {
  const problems = findProblems(coverage);
  const first = worstOf(problems);
  if (first === undefined) return;
  const { rows, more } = foldProblems(problems, mostRows);
  const folded = rows.some((row) => row.cells.length > 1);
  const said = rows.map((row) => {
    const { dates, status, why, rows: figures } = sayProblem(row);
    return folded
      ? [`  ${row.table}`, status, figures, `${dates}: ${why}`]
      : [`  ${row.table}`, dates, status, figures, why];
  });
  printRows(said, output);
  if (more > 0) output.data(`  ... and ${count(more, 'more cell')}; --csv prints all`);
  else if (folded) output.say('Each date on a line of its own: --csv');
  output.say(`The chain of one: backcourt why ${first.table} ${first.cell.date}`);
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
    // Twelve steps down a terminal still has room for words.
    const inset = '  '.repeat(Math.min(step.depth, 12));
    const say = (text: string) => printText(`${inset}${text}`, output, inset.length + 4);
    say(`${step.table} ${step.date}: ${statusWords[step.status]}${reason}, ${figures}${lacks}`);
    say(`  rule: ${step.rule}`);
    for (const note of step.notes ?? []) say(`  note: ${note}`);
  }
  printHeld(why.chain, output);
  if (why.rulesAsOf !== undefined) output.data(`Judged by the rules of ${why.rulesAsOf}.`);
  printProposals(why, output);
}

/** A line per accepted gap. */
export function printGaps(gaps: readonly AcceptedGap[], output: Output): void {
  if (gaps.length === 0) output.say('No gaps have been accepted.');
  const rows = gaps.map((gap) => [gap.id, gap.table, sayDays(gap.dates), gap.acceptedBy, gap.reason]);
  for (const line of layOut(rows, output.columns)) output.data(line);
}
