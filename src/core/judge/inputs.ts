/**
 * A stamp of what a cell reads: rows and last write of everything among its needs. Two stamps differ when something was
 * written in between, so that a failure that seemed final can be told from one that may end otherwise now. Only times of
 * the warehouse are compared, never this machine's clock (R14).
 */
import { indexOf } from '../coverage/coverage.ts';
import type { CalendarDate } from '../dates.ts';
import { windowStart } from './edges.ts';
import { type Judging, judgementOf, type TableJudgement } from './judgement.ts';

/** The stamp of one cell, as text; equal texts mean that nothing was written that shows. */
export function stampInputs(judging: Judging, table: string, date: CalendarDate): string {
  const i = indexOf(judging, date);
  return judgementOf(judging, table)
    .edges.flatMap(({ need }) => {
      const { tables, fallback, share } = need;
      const read = [...tables, fallback, share?.of, share?.fallback].filter((alias) => alias !== undefined);
      return read.map((alias) => stampTable(judgementOf(judging, alias), windowStart(judging, need, i), i));
    })
    .join(' ');
}

function stampTable({ table, facts }: TableJudgement, from: number, to: number): string {
  if (!facts) return `${table.alias}:unread`;
  let rows = 0;
  let written = 0;
  for (let i = from; i <= to; i++) {
    rows += facts.rows[i] ?? 0;
    const at = facts.writtenAt[i] ?? Number.NaN;
    if (at > written) written = at;
  }
  return `${table.alias}:${rows}:${written}`;
}
