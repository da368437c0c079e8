import { describe, expect, it } from 'vitest';
import type { CellState } from '../../../src/core/backfill/backfill-report.ts';
import { chooseRetry, type EndedCell } from '../../../src/core/backfill/retry.ts';
import { emptyTableFacts, type Facts } from '../../../src/core/facts.ts';
import { stampInputs } from '../../../src/core/judge/inputs.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import type { Reason } from '../../../src/core/verdict.ts';
import { catalogueOf } from '../../support/old-minima.ts';

/** raw is filled elsewhere; mid reads raw of its date; sum reads mid over the season. */
const catalogue = catalogueOf(`
pipeline: chain
time_zone: UTC
seasons: [{ name: one, starts: 2021-11-01, ends: 2021-11-30 }]
services: { s: { url: "http://127.0.0.1:9", path: /p, body: {} } }
tables:
  raw: { table: d.raw, date_column: day, key: [id], written_at: at, dates: season, expect: { at_least: 10 } }
  mid: { table: d.mid, date_column: day, key: [id], written_at: at, dates: season, expect: { at_least: 10 }, needs: [raw], processor: { service: s, name: Mid } }
  sum: { table: d.sum, date_column: day, key: [id], written_at: at, dates: season, needs: [{ table: mid, window: season }], processor: { service: s, name: Sum } }
`);

/** Rows by cell, `mid 02`; 10 where nothing is said. `late`: cells that were written later than all others. */
function judged(rows: Record<string, number> = {}, more: { late?: string[]; unread?: string; accepted?: string } = {}) {
  const tables = new Map(
    ['raw', 'mid', 'sum']
      .filter((alias) => alias !== more.unread)
      .map((alias) => {
        const table = emptyTableFacts(4);
        for (let i = 0; i < 4; i++) {
          const cell = `${alias} 0${i + 1}`;
          table.rows[i] = rows[cell] ?? 10;
          table.entities[i] = rows[cell] ?? 10;
          table.writtenAt[i] = rows[cell] === 0 ? Number.NaN : more.late?.includes(cell) ? 2000 : 1000;
        }
        return [alias, table] as const;
      }),
  );
  const unread = new Map(more.unread === undefined ? [] : [[more.unread, 'locked']]);
  const facts: Facts = { from: '2021-11-01', days: 4, tables, unread };
  const accepted = new Set(more.accepted === undefined ? [] : [more.accepted]);
  return judge(catalogue, facts, { now: Date.UTC(2022, 5, 1), accepted });
}

function cell(name: string, state: CellState, more: Partial<EndedCell> & { reason?: Reason } = {}): EndedCell {
  const [table = '', day = ''] = name.split(' ');
  const none = { rowsBefore: 0, rowsAfter: 0, errorId: null, startedAt: 1, finishedAt: 2, size: null };
  const date = `2021-11-${day}`;
  return {
    ...none,
    table,
    date,
    state,
    status: 'missing',
    attempts: 1,
    reason: null,
    detail: null,
    transient: null,
    inputs: null,
    ...more,
  };
}

const lasting = (name: string, inputs: string | null) =>
  cell(name, 'failed', { reason: 'empty_success', detail: 'wrote no rows', transient: false, inputs });

describe('a retry', () => {
  it('takes what never ran and what passes by itself, and leaves what went well', () => {
    const judging = judged({ 'mid 02': 0, 'mid 03': 0 });
    const cells = [
      cell('mid 01', 'succeeded'),
      cell('mid 02', 'canceled'),
      cell('mid 03', 'failed', { reason: 'run_failed', transient: true }),
      cell('sum 03', 'blocked'),
    ];
    expect(chooseRetry(judging, cells)).toEqual({
      again: ['mid 2021-11-02', 'mid 2021-11-03', 'sum 2021-11-03'].map((name) => {
        const [table, date] = name.split(' ');
        return { table, date };
      }),
      stay: [],
    });
  });

  it('leaves a lasting failure until something that it reads was written, or somebody filled it', () => {
    const before = judged({ 'mid 02': 0 });
    const inputs = stampInputs(before, 'mid', '2021-11-02');
    const why = 'wrote no rows, and nothing that it reads was written since';
    const stays = { again: [], stay: [{ table: 'mid', date: '2021-11-02', why }] };
    expect(chooseRetry(before, [lasting('mid 02', inputs)])).toEqual(stays);
    expect(chooseRetry(judged({ 'mid 02': 0 }, { late: ['raw 01'] }), [lasting('mid 02', inputs)])).toEqual(stays);
    expect(chooseRetry(before, [lasting('mid 02', null)])).toEqual(stays);
    for (const now of [judged({ 'mid 02': 0 }, { late: ['raw 02'] }), judged({ 'mid 02': 0, 'raw 02': 11 }), judged()])
      expect(chooseRetry(now, [lasting('mid 02', inputs)]).again).toEqual([{ table: 'mid', date: '2021-11-02' }]);
  });

  it('reads a window to its start: any date of it that was written counts', () => {
    const inputs = stampInputs(judged({ 'sum 03': 0 }), 'sum', '2021-11-03');
    const now = (late: string) => chooseRetry(judged({ 'sum 03': 0 }, { late: [late] }), [lasting('sum 03', inputs)]);
    expect(now('mid 01').again).toHaveLength(1);
    expect(now('mid 04').again).toHaveLength(0);
  });

  it('leaves what needs a date that is not there and will not be', () => {
    const judging = judged({ 'raw 02': 0, 'mid 02': 0 });
    expect(chooseRetry(judging, [cell('mid 02', 'canceled')]).stay).toEqual([
      { table: 'mid', date: '2021-11-02', why: 'it needs raw 2021-11-02' },
    ]);
    const window = judged({ 'mid 01': 0, 'mid 02': 0, 'sum 02': 0 });
    const inputs = stampInputs(window, 'mid', '2021-11-01');
    const cells = [lasting('mid 01', inputs), lasting('mid 02', inputs), cell('sum 02', 'blocked')];
    expect(chooseRetry(window, cells).stay.at(-1)?.why).toBe('too few earlier dates of mid are there');
  });

  it('leaves what cannot be read, and what is not expected any more', () => {
    const unread = judged({}, { unread: 'mid' });
    expect(chooseRetry(unread, [cell('mid 02', 'canceled')]).stay[0]?.why).toBe('it cannot be read now');
    const accepted = judged({ 'mid 02': 0 }, { accepted: 'mid 2021-11-02' });
    expect(chooseRetry(accepted, [cell('mid 02', 'canceled')]).stay[0]?.why).toBe('nothing is expected there any more');
  });
});
