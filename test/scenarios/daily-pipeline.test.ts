/** A pipeline without games and seasons: every day or every working day, days off, and windows of some days. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Coverage } from '../../src/core/coverage/coverage-report.ts';
import { daysBetween, weekday } from '../../src/core/dates.ts';
import type { PlanReport } from '../../src/core/plan/plan-report.ts';
import { type Counts, makeWarehouse } from '../support/make-warehouse.ts';
import { catalogueOf } from '../support/old-minima.ts';
import { emptyHome, type Folder, runBackcourt, runJson } from '../support/run-backcourt.ts';

const yaml = `
pipeline: shop
time_zone: Europe/Berlin
tables:
  orders: { table: shop.orders, date_column: day, key: [order_id], dates: daily, starts: 2024-02-01, except: [2024-02-05..2024-02-06] }
  rates: { table: shop.rates, date_column: day, key: [currency], dates: weekdays, except: [2024-02-12], expect: { exactly: 3 } }
  revenue:
    table: shop.revenue
    date_column: day
    key: [order_id]
    dates: daily
    starts: 2024-02-01
    except: [2024-02-05..2024-02-06]
    expect: { share_of: orders, at_least_share: 0.9 }
    needs: [orders, rates]
  weekly:
    table: shop.weekly
    date_column: day
    key: [currency]
    dates: weekdays
    needs: [{ table: revenue, window: 7 }]
`;
const days = daysBetween('2024-02-01', '2024-02-18');
const open = days.filter((day) => day !== '2024-02-05' && day !== '2024-02-06');
const working = days.filter((day) => weekday(day) <= 5);
let home: Folder;
let file: string;

function rows(on: readonly string[], n: number): Record<string, number> {
  return Object.fromEntries(on.map((day) => [day, n]));
}

const counts: Counts = {
  orders: rows(open, 100),
  rates: { ...rows(working, 3), '2024-02-12': 0, '2024-02-14': 2, '2024-02-17': 3 },
  revenue: { ...rows(open, 95), '2024-02-08': 0, '2024-02-09': 50, '2024-02-14': 0 },
  weekly: { ...rows(working, 3), '2024-02-15': 0 },
};

beforeAll(async () => {
  home = await emptyHome();
  file = join(home.path, 'shop.yml');
  writeFileSync(file, yaml);
  await makeWarehouse(join(home.path, 'rows.duckdb'), catalogueOf(yaml), counts);
}, 120_000);
afterAll(() => home.remove());

const options = () => ({ env: { BACKCOURT_WAREHOUSE: `duckdb:${join(home.path, 'rows.duckdb')}` } });
const shop = (...words: string[]) => [...words, '--home', home.path, '--pipeline', file];

describe('a daily pipeline', { timeout: 60_000 }, () => {
  it('expects rows on its own days only, and follows windows across days off', async () => {
    const { code, json } = await runJson<Coverage>(shop('coverage', 'all', '2024-02-01', '2024-02-18'), options());
    expect(code).toBe(0);
    const marks = Object.fromEntries(json.tables.map(({ table, cells }) => [table, cells.map(markOf).join('')]));
    expect(marks).toEqual({
      orders: 'cccc--cccccccccccc',
      rates: 'cc--ccccc---ctccO-',
      revenue: 'cccc--cmtccccbccTc',
      weekly: 'cc--cccTT--TTTmT--',
    });
    expect(json.tables.map((table) => [table.table, table.expected, table.complete])).toEqual([
      ['orders', 16, 16],
      ['rates', 12, 10],
      ['revenue', 16, 12],
      ['weekly', 12, 5],
    ]);
    const late = json.tables.find((table) => table.table === 'weekly')?.cells.find((c) => c.date === '2024-02-16');
    expect(late?.failing).toEqual([{ table: 'revenue', window: 7, have: 6, need: 7, dates: ['2024-02-14'] }]);
    expect(late?.causes).toMatchObject([
      { table: 'rates', date: '2024-02-14', reason: 'rows_short', have: 2, need: 3 },
    ]);
  });

  it('says that days off are off, that rows on them are not expected, and that today is not due', async () => {
    const { json } = await runJson<Coverage>(shop('coverage', 'orders,rates', '2024-02-05,2024-02-17'), options());
    const cells = json.tables.flatMap(({ table, cells: all }) => all.map((c) => [table, c.date, c.status, c.reason]));
    expect(cells).toEqual([
      ['orders', '2024-02-05', 'not_expected', 'off_season'],
      ['orders', '2024-02-17', 'complete', null],
      ['rates', '2024-02-05', 'complete', null],
      ['rates', '2024-02-17', 'over', 'unexpected_rows'],
    ]);
    const today = await runJson<Coverage>(shop('coverage', 'orders', 'today'), options());
    expect(today.json.tables[0]?.cells[0]).toMatchObject({ status: 'not_expected', reason: 'not_due' });
  });

  it('plans nothing where nothing has a processor, and refuses to fill it', async () => {
    const plan = await runJson<PlanReport>(shop('plan', 'weekly', '2024-02-13..2024-02-16'), options());
    expect(plan.json).toMatchObject({ target: 'weekly', steps: [], cells: 0 });
    expect(plan.json.blocked.map((blocked) => blocked.date)).toEqual([
      '2024-02-13',
      '2024-02-14',
      '2024-02-15',
      '2024-02-16',
    ]);
    const ran = await runBackcourt(shop('backfill', 'weekly', '2024-02-15'), options());
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain('weekly has no processor');
  });
});

function markOf(cell: { readonly status: string }): string {
  const marks: Record<string, string> = { complete: 'c', not_expected: '-', thin: 't', tainted: 'T', over: 'O' };
  return marks[cell.status] ?? cell.status.slice(0, 1);
}
