/**
 * Failed and blocked dates by cause, since one cause has many dates. A service words the same failure differently for each
 * date, with its figures and ids in it, so causes are told apart by what is left without them.
 */

import type { CalendarDate } from '../dates.ts';
import type { BackfillCell, FailureGroup } from './backfill.ts';

/** Details of one table, state and reason that get a group each; more than these are put together. */
const mostDetails = 5;
const keyLength = 80;

/** Groups in the order in which their first date ended; the detail of a group is that of this date. */
export function groupFailures(cells: readonly BackfillCell[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  const details = new Map<string, number>();
  for (const cell of cells.filter(isBad).sort(byEnd)) {
    const kind = [cell.table, cell.state, cell.reason].join(':');
    const own = `${kind}:${keyOfDetail(cell.detail ?? '')}`;
    const known = details.get(kind) ?? 0;
    const isNew = !groups.has(own);
    const key = isNew && known >= mostDetails ? `${kind}:other` : own;
    if (key === own && isNew) details.set(kind, known + 1);
    groups.set(key, join(groups.get(key), key, cell));
  }
  return [...groups.values()].map((group) => ({ ...group, dates: [...group.dates].sort() }));
}

type BadCell = BackfillCell & { readonly state: 'failed' | 'blocked' };

function isBad(cell: BackfillCell): cell is BadCell {
  return cell.state === 'failed' || cell.state === 'blocked';
}

function byEnd(a: BackfillCell, b: BackfillCell): number {
  return (a.finishedAt ?? 0) - (b.finishedAt ?? 0);
}

function join(group: FailureGroup | undefined, key: string, cell: BadCell): FailureGroup {
  const { table, state, date, errorId } = cell;
  return {
    key,
    table,
    state,
    reason: cell.reason ?? '',
    detail: group?.detail ?? cell.detail ?? '',
    dates: [...(group?.dates ?? []), date],
    errorIds: [...(group?.errorIds ?? []), ...(errorId === null ? [] : [errorId])],
  };
}

/** The detail as part of a key: equal for equal causes, and the same for as long as the backfill is stored. */
function keyOfDetail(detail: string): string {
  return [...normaliseDetail(detail).replace(/[^\p{L}\p{N}#]+/gu, '-')].slice(0, keyLength).join('');
}

/**
 * A detail without dates, figures and ids, which stand as `#`; lists of like things are told once. What names the cause
 * stays: the status of an answer, and the table before a date.
 */
export function normaliseDetail(detail: string): string {
  const words = detail.toLowerCase().split(/\s+/);
  const bare = words.map((word, n) => {
    const isStatus = /^(answered|http|status)$/.test(words[n - 1] ?? '') && /^[1-5]\d\d\b/.test(word);
    return isStatus || date.test(words[n + 1] ?? '') ? word : strip(word);
  });
  return [...new Set(bare.join(' ').split(', '))].join(', ').trim();
}

const date = /^\d{4}-\d{2}-\d{2}/;

/** Letters with one figure behind them are a name, such as `phase4`. */
function strip(word: string): string {
  return word.replace(/[\p{L}\p{N}_:.,+-]*\p{N}[\p{L}\p{N}_-]*/gu, (found) =>
    /^\p{L}+\d$/u.test(found) ? found : '#',
  );
}

/** A date of a failure as it is kept: `endedAt` is null while it is one, `mendedBy` null where it failed otherwise later. */
export type KeptFailure = {
  readonly key: string;
  readonly table: string;
  readonly state: 'failed' | 'blocked';
  readonly reason: string;
  readonly detail: string;
  readonly date: CalendarDate;
  readonly errorId: string | null;
  readonly endedAt: number | null;
  readonly mendedBy: string | null;
};

/** Kept dates, first failed first, as groups that also tell what became of them. */
export function groupKept(kept: readonly KeptFailure[]): FailureGroup[] {
  const groups = new Map<string, KeptFailure[]>();
  for (const failure of kept) groups.set(failure.key, [...(groups.get(failure.key) ?? []), failure]);
  return [...groups.values()].flatMap((group): FailureGroup[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { key, table, state, reason, detail } = first;
    const ended = group.flatMap(({ date, endedAt, mendedBy }) =>
      endedAt === null ? [] : [{ date, at: endedAt, by: mendedBy }],
    );
    const errorIds = group.flatMap(({ errorId }) => (errorId === null ? [] : [errorId]));
    return [{ key, table, state, reason, detail, dates: group.map(({ date }) => date).sort(), errorIds, ended }];
  });
}
