/** What the judge makes: one column of codes per table, so that a decade of fifty tables is a few megabytes. */
import type { Calendar } from '../catalogue/calendar.ts';
import type { Catalogue, Need, Table } from '../catalogue/catalogue.ts';
import { type CalendarDate, fromDay, toDay } from '../dates.ts';
import type { Facts, TableFacts } from '../facts.ts';
import { type Reason, reasons, type Status, statuses } from '../verdict.ts';

/** How a need stands on a date. */
export const edgeState = { met: 0, unmet: 1, unread: 2 } as const;

/** What one need finds upstream; one entry per date of the run. */
export type Edge = {
  readonly need: Need;
  /** One of `edgeState`. */
  readonly state: Uint8Array;
  /** 1 where something that was needed is absent, tainted or over. */
  readonly dirty: Uint8Array;
  /** 1 where something upstream is stale itself. */
  readonly stale: Uint8Array;
  /** Last write upstream (epoch ms) by a table that has a processor; NaN where unknown. */
  readonly written: Float64Array;
};

/** Judgement of one table, one entry per date of the run. */
export type TableJudgement = {
  readonly table: Table;
  /** Undefined if the table could not be read. */
  readonly facts: TableFacts | undefined;
  /** Index into `statuses`. */
  readonly status: Uint8Array;
  /** Index into `reasons` plus one; 0 is none. */
  readonly reason: Uint8Array;
  /** Bit set of the other statuses that apply (bit = index into `statuses`). */
  readonly also: Uint16Array;
  /** Rows that are right; -1 where not known. */
  readonly expected: Int32Array;
  /** Of a table with a figure that never falls: the earlier date of the season that held most; -1 where there is none. */
  readonly peakAt: Int32Array | undefined;
  readonly edges: readonly Edge[];
};

/** What a table's dates with games have held: the most rows per game, and the size of each such date, the largest first. */
export type History = { readonly mostPerGame: number; readonly sizes: readonly number[] };

export type Judging = {
  readonly catalogue: Catalogue;
  readonly calendar: Calendar;
  readonly facts: Facts;
  /** The day whose rules apply. */
  readonly asOf: CalendarDate;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly tables: Map<string, TableJudgement>;
  /** `table date` of gaps that somebody has accepted. */
  readonly accepted: ReadonlySet<string>;
  /** By `table date`: how the last attempt of a backfill failed. */
  readonly failed: ReadonlyMap<string, Reason>;
  /** By `table date`: entities that a thin cell lacks, by name. */
  readonly missing: ReadonlyMap<string, readonly string[]>;
  /** By `table season`, filled when a fixed minimum has to be compared with what is usual. */
  readonly history: Map<string, History>;
};

/** Index of each status in `statuses`. */
export const statusCode = Object.fromEntries(statuses.map((status, i) => [status, i])) as Record<Status, number>;
/** Index of each reason in `reasons`, plus one. */
export const reasonCode = Object.fromEntries(reasons.map((reason, i) => [reason, i + 1])) as Record<Reason, number>;

/** Status of a cell. */
export function statusAt(judgement: TableJudgement, i: number): Status {
  return statuses[judgement.status[i] ?? 0] ?? 'unknown';
}

/** Reason of a cell; null for complete cells. */
export function reasonAt(judgement: TableJudgement, i: number): Reason | null {
  return reasons[(judgement.reason[i] ?? 0) - 1] ?? null;
}

/** Rows of a cell; -1 where the table could not be read. */
export function rowsAt(judgement: TableJudgement, i: number): number {
  return judgement.facts ? (judgement.facts.rows[i] ?? 0) : -1;
}

/** Distinct keys of a cell; null where the table could not be read. */
export function entitiesAt(judgement: TableJudgement, i: number): number | null {
  return judgement.facts ? (judgement.facts.entities[i] ?? 0) : null;
}

/** Whether a cell is thin, be it under a status of higher precedence. */
export function isThin(judgement: TableJudgement, i: number): boolean {
  return hasStatus(judgement, i, statusCode.thin);
}

/** Whether a cell is stale, be it under a status of higher precedence. */
export function isStale(judgement: TableJudgement, i: number): boolean {
  return hasStatus(judgement, i, statusCode.stale);
}

function hasStatus(judgement: TableJudgement, i: number, code: number): boolean {
  return judgement.status[i] === code || ((judgement.also[i] ?? 0) & (1 << code)) !== 0;
}

/** Judgement of a table of this judging; throws if it was not judged, which is a fault of the caller. */
export function judgementOf(judging: Judging, alias: string): TableJudgement {
  const judgement = judging.tables.get(alias);
  if (!judgement) throw new Error(`table ${alias} was not judged`);
  return judgement;
}

/** The date at an index of the run. */
export function dateAt(judging: Judging, i: number): CalendarDate {
  return fromDay(toDay(judging.calendar.from) + i);
}

/** Names that a thin cell lacks; none where nothing tells. */
export function missingAt(judging: Judging, judgement: TableJudgement, i: number): readonly string[] {
  return judging.missing.size === 0
    ? []
    : (judging.missing.get(`${judgement.table.alias} ${dateAt(judging, i)}`) ?? []);
}
