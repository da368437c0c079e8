/**
 * What all the needs of a table show on a date, as bits. It is added up need by need over the whole run, since a cell
 * then has one number to look at, however many tables it is built on.
 */
import { scheduleUnread } from '../catalogue/calendar.ts';
import { type Edge, edgeState, type Judging, type TableJudgement } from './judgement.ts';

/**
 * `blocked`: a required need is not met. `unread`: nobody knows whether it is. `dirty`: something needed is absent,
 * tainted or over. `stale`: something needed is stale, or was written later than the cell (R5).
 */
export const found = { blocked: 1, unread: 2, dirty: 4, stale: 8 } as const;

/** The bits of every date of the run. Wanted needs show nothing. */
export function addUpNeeds(judging: Judging, cell: TableJudgement): Uint8Array {
  const bits = new Uint8Array(judging.calendar.days);
  if (needsSchedule(judging, cell)) for (let i = 0; i < bits.length; i++) bits[i] = readSchedule(judging, cell, i);
  for (const edge of cell.edges) if (edge.need.required) addNeed(bits, edge, cell);
  return bits;
}

/** By `edgeState`. */
const stateBits = new Uint8Array(3);
stateBits[edgeState.unmet] = found.blocked;
stateBits[edgeState.unread] = found.blocked | found.unread;

function addNeed(bits: Uint8Array, { state, dirty, stale, written }: Edge, { facts }: TableJudgement): void {
  const own = facts?.writtenAt;
  for (let i = 0; i < bits.length; i++) {
    const isNewer = (written[i] ?? Number.NaN) > (own?.[i] ?? Number.NaN);
    const shown = (stateBits[state[i] ?? 0] ?? 0) | (dirty[i] ? found.dirty : 0);
    bits[i] = (bits[i] ?? 0) | shown | (stale[i] || isNewer ? found.stale : 0);
  }
}

/** A table with a date per game needs the schedule of the date, whether or not the catalogue says so. */
function needsSchedule({ catalogue }: Judging, { table }: TableJudgement): boolean {
  return table.dates === 'games' && table.alias !== catalogue.schedule?.table;
}

/** What the schedule shows of a date: nothing while it knows its games. */
export function readSchedule(judging: Judging, cell: TableJudgement, i: number): number {
  const games = judging.calendar.games[i] ?? 0;
  if (games >= 0 || !needsSchedule(judging, cell)) return 0;
  return games === scheduleUnread ? found.blocked | found.unread : found.blocked | found.dirty;
}
