import { describe, expect, it } from 'vitest';
import { addDays, daysBetween } from '../../../src/core/dates.ts';
import { emptyTableFacts, type Facts } from '../../../src/core/facts.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { type Asked, prepareBackfill } from '../../../src/core/plan/preflight.ts';
import { noOptions } from '../../../src/core/request/options.ts';
import type { BackfillOptions } from '../../../src/core/request/request.ts';
import { catalogueOf } from '../../support/old-minima.ts';

/** raw is filled elsewhere; mid reads raw of its date; sum reads mid over the season; top reads mid and sum. */
const catalogue = catalogueOf(`
pipeline: chain
time_zone: UTC
seasons: [{ name: one, starts: 2021-11-01, ends: 2021-11-30 }]
services: { s: { url: "http://127.0.0.1:9", path: /p, body: {} } }
tables:
  raw: { table: d.raw, date_column: day, key: [id], dates: season, expect: { at_least: 10 } }
  mid: { table: d.mid, date_column: day, key: [id], written_at: at, dates: season, expect: { at_least: 10 }, needs: [raw], processor: { service: s, name: Mid } }
  sum: { table: d.sum, date_column: day, key: [id], written_at: at, dates: season, may_be_empty_until_day: 1, needs: [{ table: mid, window: season }], processor: { service: s, name: Sum } }
  top: { table: d.top, date_column: day, key: [id], written_at: at, dates: season, expect: { at_least: 10 }, needs: [mid, sum], processor: { service: s, name: Top } }
`);
const from = '2021-11-01';
const days = 12;
const dates = daysBetween(from, addDays(from, days - 1));

/** All tables whole and written in order, but for the cells given: rows, or rows and the time of the write. */
function facts(cells: Record<string, number | [number, number]> = {}): Facts {
  const tables = new Map(
    ['raw', 'mid', 'sum', 'top'].map((alias, n) => {
      const table = emptyTableFacts(days);
      table.rows.fill(10);
      table.entities.fill(10);
      if (alias !== 'raw') table.writtenAt.fill(n * 1000);
      return [alias, table] as const;
    }),
  );
  for (const [name, value] of Object.entries(cells)) {
    const [alias = '', day = ''] = name.split(' ');
    const table = tables.get(alias);
    const i = Number(day) - 1;
    if (!table) throw new Error(name);
    const [rows, at] = Array.isArray(value) ? value : [value, undefined];
    table.rows[i] = rows;
    table.entities[i] = Math.min(rows, 10);
    if (rows === 0) table.writtenAt[i] = Number.NaN;
    if (at !== undefined) table.writtenAt[i] = at;
  }
  return { from, days, tables, unread: new Map() };
}

function prepare(read: Facts, options: Partial<BackfillOptions> = {}, more: Partial<Asked> = {}) {
  const judging = judge(catalogue, read, { now: Date.UTC(2022, 5, 1) });
  const asked: Asked = {
    target: 'top',
    dates,
    options: { ...noOptions, ...options },
    failedBefore: new Set(),
    held: new Map(),
    ...more,
  };
  const prepared = prepareBackfill(judging, asked);
  return {
    refused: prepared.refused,
    cells: prepared.plan.cells.map((cell) => `${cell.table} ${Number(cell.date.slice(8))}`),
    blocked: prepared.preflight.blocked.map((cell) => Number(cell.date.slice(8))),
    skipped: prepared.preflight.skipped.map((cell) => `${Number(cell.date.slice(8))} ${cell.status}`),
    warnings: prepared.preflight.warnings.map(
      (w) =>
        `${w.table} ${Number(w.date.slice(8))} <- ${w.causes.map((c) => `${c.table} ${Number(c.date.slice(8))}`).join()}`,
    ),
    overridden: (prepared.preflight.overridden ?? []).map(
      ({ date, causes }) =>
        `${Number(date.slice(8))} <- ${causes.map((c) => `${c.table} ${Number(c.date.slice(8))}`).join()}`,
    ),
    staysTainted: prepared.planned.staysTainted.map(
      ({ table, date, cause }) => `${table} ${Number(date.slice(8))} <- ${cause.table} ${Number(cause.date.slice(8))}`,
    ),
    repair: prepared.repair?.plan.cells.map((cell) => `${cell.table} ${Number(cell.date.slice(8))}`) ?? null,
  };
}

describe('the pre-flight', () => {
  it('takes missing, thin, over and stale dates, and leaves the others with their reason', () => {
    const found = prepare(facts({ 'top 5': 0, 'top 6': 4, 'top 7': 20, 'top 8': [10, 500] }));
    expect(found.refused).toBe(false);
    expect(found.cells).toEqual(['top 5', 'top 6', 'top 7', 'top 8']);
    expect(found.skipped).toEqual([1, 2, 3, 4, 9, 10, 11, 12].map((day) => `${day} complete`));
  });

  it('refuses the whole when one asked date is blocked, and plans what would mend it', () => {
    const found = prepare(facts({ 'mid 5': 0, 'top 5': 0, 'top 9': 0 }), {}, { dates: ['2021-11-05', '2021-11-09'] });
    expect(found).toMatchObject({ refused: true, blocked: [5], cells: ['top 9'] });
    expect(found.repair).toEqual(['mid 5', 'sum 5', 'sum 9', 'top 5', 'top 9']);
  });

  it('runs the ready dates when told to, and warns of the hole that they are built on', () => {
    const found = prepare(
      facts({ 'mid 5': 0, 'top 5': 0, 'top 9': 0 }),
      { readyOnly: true },
      { dates: ['2021-11-05', '2021-11-09'] },
    );
    expect(found).toMatchObject({ refused: false, blocked: [5], cells: ['top 9'], warnings: ['top 9 <- mid 5'] });
  });

  it('puts the upstream into the plan when told to, in an order that works', () => {
    const found = prepare(
      facts({ 'mid 5': 0, 'top 5': 0, 'top 9': 0 }),
      { withUpstream: true },
      { dates: ['2021-11-05', '2021-11-09'] },
    );
    expect(found).toMatchObject({ refused: false, blocked: [], warnings: [] });
    expect(found.cells).toEqual(['mid 5', 'sum 5', 'sum 9', 'top 5', 'top 9']);
  });

  it('refuses with the upstream too where a cause cannot be mended from here', () => {
    const found = prepare(
      facts({ 'raw 5': 0, 'mid 5': 0, 'top 5': 0 }),
      { withUpstream: true },
      { dates: ['2021-11-05'] },
    );
    expect(found).toMatchObject({ refused: true, blocked: [5], cells: [] });
  });

  it('leaves tainted dates alone until their cause is mended or in the plan', () => {
    const hole = { 'mid 5': 0 };
    expect(prepare(facts(hole)).cells).toEqual([]);
    expect(prepare(facts(hole)).skipped).toContain('9 tainted');
    expect(prepare(facts(hole), { withUpstream: true }).cells.slice(0, 3)).toEqual(['mid 5', 'sum 5', 'sum 6']);
    const mended = prepare(facts({ 'mid 5': [10, 9000] }), {}, { target: 'sum' });
    expect(mended.cells).toEqual([5, 6, 7, 8, 9, 10, 11, 12].map((day) => `sum ${day}`));
  });

  it('takes what --only names, what failed before, and everything with --no-resume', () => {
    const read = facts({ 'top 5': 0, 'top 6': 4, 'mid 8': 0 });
    expect(prepare(read, { only: ['thin'] }).cells).toEqual(['top 6']);
    expect(prepare(read, { only: ['tainted'], readyOnly: true }).cells).toEqual([
      'top 8',
      'top 9',
      'top 10',
      'top 11',
      'top 12',
    ]);
    const failedBefore = new Set(['top 2021-11-02']);
    expect(prepare(read, { only: ['failed'] }, { failedBefore }).cells).toEqual(['top 2']);
    expect(prepare(facts(), { only: ['all'], noResume: true }).cells).toHaveLength(12);
  });

  it('runs a date of the ramp-up that has no rows, since only a run can tell whether it has any', () => {
    expect(prepare(facts({ 'sum 1': 0, 'sum 2': 0 }), {}, { target: 'sum' }).cells).toEqual(['sum 1', 'sum 2']);
  });

  it('runs blocked dates too when its checks are set aside, and names them with what they lack', () => {
    const read = facts({ 'mid 5': 0, 'top 5': 0, 'top 4': 4 });
    const found = prepare(read, { skipPreflight: true, reason: 'lost for good' });
    expect(found).toMatchObject({ refused: false, blocked: [], repair: null, cells: ['top 4', 'top 5'] });
    expect(found.overridden).toEqual(['5 <- mid 5']);
    expect(found.staysTainted).toContain('top 5 <- mid 5');
    const only = prepare(read, { skipPreflight: true, reason: 'lost for good', only: ['thin'] });
    expect(only).toMatchObject({ refused: false, cells: ['top 4'], overridden: [] });
    expect(only.skipped).toContain('5 blocked');
  });

  it('refuses dates about which something could not be read, whatever is set aside', () => {
    const read = facts({ 'top 5': 0 });
    const unread = { ...read, tables: new Map(read.tables), unread: new Map([['mid', 'no such table']]) };
    unread.tables.delete('mid');
    const found = prepare(unread, { skipPreflight: true, reason: 'lost for good' }, { dates: ['2021-11-05'] });
    expect(found).toMatchObject({ refused: true, blocked: [5], cells: [], overridden: [] });
  });

  it('leaves a cell that another backfill holds', () => {
    const held = new Map([['top 2021-11-05', { backfill: 'b', by: 'mira', channel: null, ts: null }]]);
    expect(prepare(facts({ 'top 5': 0, 'top 6': 0 }), {}, { held })).toMatchObject({ cells: ['top 6'] });
  });

  it('begins with the newest date when told to, within each table', () => {
    const found = prepare(
      facts({ 'top 5': 0, 'top 6': 0, 'mid 6': 0 }),
      { newestFirst: true, withUpstream: true },
      { dates: ['2021-11-05', '2021-11-06'] },
    );
    expect(found.cells).toEqual(['mid 6', 'sum 6', 'top 6', 'top 5']);
  });
});
