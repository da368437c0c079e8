/**
 * How the dates of a table stood at the last digest, as a short text: years of dates are a few hundred characters, since
 * neighbours are mostly alike. "2021-10-19 n14 c27 m3@2022-01-08" is 14 dates not expected, 27 complete, and 3 missing
 * that the digest of 8 January told of.
 */
import { type CalendarDate, isDate } from '../dates.ts';
import { type Status, statuses } from '../verdict.ts';

/** A cell as it was; null: never read. `since`: of a hole, the day of the digest that told of it. */
export type KeptCell = { readonly status: Status; readonly since: CalendarDate | null } | null;

/** Consecutive dates that begin with `from`. */
export type KeptTable = { readonly from: CalendarDate; readonly cells: readonly KeptCell[] };

const letters: Readonly<Record<Status, string>> = {
  unknown: 'u',
  running: 'r',
  not_expected: 'n',
  blocked: 'b',
  missing: 'm',
  tainted: 'x',
  over: 'o',
  thin: 't',
  stale: 's',
  complete: 'c',
};
const unread = '-';
const statusOf = new Map(statuses.map((status) => [letters[status], status]));

/** The state as text. */
export function writeKept({ from, cells }: KeptTable): string {
  const runs: { letter: string; since: string; length: number }[] = [];
  for (const cell of cells) {
    const letter = cell === null ? unread : letters[cell.status];
    const since = cell?.since ? `@${cell.since}` : '';
    const run = runs.at(-1);
    if (run?.letter === letter && run.since === since) run.length += 1;
    else runs.push({ letter, since, length: 1 });
  }
  return [from, ...runs.map(({ letter, since, length }) => `${letter}${length}${since}`)].join(' ');
}

/** Reads what `writeKept` wrote; undefined for anything else, so that the table is looked at as if for the first time. */
export function readKept(text: string): KeptTable | undefined {
  const [from = '', ...runs] = text.split(' ');
  if (!isDate(from)) return undefined;
  const cells: KeptCell[] = [];
  for (const run of runs) {
    const [, letter = '', length = '', since = null] = /^(.)(\d{1,7})(?:@(.{10}))?$/.exec(run) ?? [];
    const status = statusOf.get(letter);
    if ((status === undefined && letter !== unread) || (since !== null && !isDate(since))) return undefined;
    const cell: KeptCell = status === undefined ? null : { status, since };
    for (let n = Number(length); n > 0; n -= 1) cells.push(cell);
  }
  return { from, cells };
}
