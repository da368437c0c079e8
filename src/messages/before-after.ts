/**
 * What a backfill found and what it leaves, from what was stored at its start and at its end: rows of every table that it
 * wrote, and the quality of its target on the same dates.
 */
import type { BackfillCell, BackfillView } from '../core/backfill/backfill.ts';
import { qualityOn } from '../core/quality/quality.ts';
import type { Quality } from '../core/quality/quality-report.ts';
import { count, sayNumber, sayShare } from './phrases.ts';
import { listLacking } from './quality-words.ts';
import { clip } from './words.ts';

/** A sentence per table, the target first: "mlfs had 0 rows, now 842; empty dates 6, now 0". */
export function sayRowsBeforeAfter(view: BackfillView): string[] {
  const { target } = view.backfill;
  const byTable = new Map<string, BackfillCell[]>([[target, []]]);
  for (const cell of view.cells) {
    if (cell.state !== 'succeeded' && cell.state !== 'failed') continue;
    byTable.set(cell.table, [...(byTable.get(cell.table) ?? []), cell]);
  }
  return [...byTable].filter(([, cells]) => cells.length > 0).map(([table, cells]) => sayTable(table, cells));
}

function sayTable(table: string, cells: readonly BackfillCell[]): string {
  const before = cells.map((cell) => cell.rowsBefore ?? 0);
  const after = cells.map((cell) => cell.rowsAfter ?? 0);
  const sum = (rows: readonly number[]) => rows.reduce((total, n) => total + n, 0);
  const empty = (rows: readonly number[]) => sayNumber(rows.filter((n) => n === 0).length);
  return `${table} had ${count(sum(before), 'row')}, now ${sayNumber(sum(after))}; empty dates ${empty(before)}, now ${empty(after)}`;
}

/**
 * What changed in the target's quality: "duplicates 66, now 0; NULL: minutes 99.5 %, now 0.6 %". Null where there is
 * nothing to compare: no rows before, or none after.
 */
export function sayQualityBeforeAfter(view: BackfillView): string | null {
  const { quality, qualityBefore } = view.backfill;
  if (quality === null || qualityBefore === null) return null;
  const earlier = qualityOn(qualityBefore, quality);
  const before = earlier.total;
  const after = quality.total;
  if (before.rows === 0 || after.rows === 0) return null;
  const parts = [
    ...sayChange('duplicates', sayNumber(before.duplicates), sayNumber(after.duplicates)),
    ...sayChange('missing entities', countLacking(earlier), countLacking(quality)),
    ...sayShares('NULL', before.nulls, before, after.nulls, after),
    ...sayShares('true', before.flags, before, after.flags, after),
  ];
  return parts.length === 0 ? 'nothing changed' : parts.join('; ');
}

function countLacking({ dates }: Quality): string {
  return sayNumber(listLacking(dates).length);
}

function sayChange(name: string, before: string, after: string): string[] {
  return before === after ? [] : [`${name} ${before}, now ${after}`];
}

type Counts = Readonly<Record<string, number>>;
type Total = Pick<Quality['total'], 'rows'>;
const mostColumns = 8;

function sayShares(what: string, before: Counts, was: Total, after: Counts, is: Total): string[] {
  const changes = Object.keys(after).flatMap((column) =>
    sayChange(clip(column, 40), sayShare(before[column] ?? 0, was.rows), sayShare(after[column] ?? 0, is.rows)),
  );
  const more = changes.length > mostColumns ? `, and ${changes.length - mostColumns} more` : '';
  return changes.length === 0 ? [] : [`${what}: ${changes.slice(0, mostColumns).join(', ')}${more}`];
}
