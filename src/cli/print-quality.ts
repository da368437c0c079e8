/** The quality of a table as text for a terminal of 80 columns: the point first, then what was found, then the dates. */
import type { BackfillView } from '../core/backfill/backfill.ts';
import type { Quality } from '../core/quality/quality-report.ts';
import { sayQualityBeforeAfter, sayRowsBeforeAfter } from '../messages/before-after.ts';
import { count, sayDays } from '../messages/phrases.ts';
import { sayDuplicates, sayMissing, sayRows, sayTotals, tabulate } from '../messages/quality-words.ts';
import { countWrong, sayRemarks } from '../messages/remark-words.ts';
import { toPlain } from '../messages/words.ts';
import { layOut, type Output, wrap } from './output.ts';

/** Dates with figures; all of them are in --json. */
const mostRows = 40;
const mostNames = 10;

/** What looks wrong, what is missing, and a line per date in the calendar's order. */
export function printQuality(quality: Quality, output: Output): void {
  const [worst, ...others] = sayRemarks(quality);
  const wrong = worst === undefined ? '' : ` ${countWrong(quality)}: ${worst}.`;
  const dates = sayDays(quality.dates.map(({ date }) => date));
  const findings = [
    ...others.map((text) => `Looks wrong: ${text}`),
    ...[...sayDuplicates(quality), ...sayMissing(quality, mostNames)].map(toPlain),
    ...sayTotals(quality),
  ];
  printText(`${quality.table}, ${dates}:${wrong === '' ? ` ${sayRows(quality)}` : wrong}`, output);
  if (wrong !== '') printText(sayRows(quality), output);
  for (const text of findings) printText(`  ${text}`, output);
  output.data('');
  printDates(quality, output);
}

function printDates(quality: Quality, output: Output): void {
  // There is room for one: the flag that is true of the fewest rows says most.
  const [flag] = Object.entries(quality.total.flags).sort((a, b) => a[1] - b[1])[0] ?? [];
  const { heads, rows } = tabulate(quality, flag, 'Flag');
  const shown = rows.slice(0, mostRows).sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
  for (const line of layOut([heads, ...shown], output.columns)) output.data(line);
  if (flag !== undefined) output.say(`Flag: share of rows for which ${flag} is true.`);
  if (rows.length > shown.length)
    output.say(`${count(rows.length - shown.length, 'date')} more, none of them worse; --json has all.`);
}

/** Rows of each table that a backfill wrote, and what its target's quality was and is. */
export function printBeforeAfter(view: BackfillView, output: Output): void {
  for (const text of sayRowsBeforeAfter(view)) printText(text, output);
  const quality = sayQualityBeforeAfter(view);
  if (quality !== null) printText(`Quality before and after: ${quality}`, output);
}

function printText(text: string, output: Output): void {
  for (const line of wrap(text, output.columns, 4)) output.data(line);
}
