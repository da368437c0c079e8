import { describe, expect, it } from 'vitest';
import type { Catalogue, Table } from '../../../src/core/catalogue/catalogue.ts';
import { buildCoverage, coverageSteps } from '../../../src/core/coverage/coverage.ts';
import type { Coverage } from '../../../src/core/coverage/coverage-report.ts';
import { addDays, daysBetween } from '../../../src/core/dates.ts';
import { emptyTableFacts, type Facts, type TableFacts } from '../../../src/core/facts.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { smallNeed, smallTable } from '../../support/small-catalogue.ts';

const from = '2021-11-01';
const now = Date.UTC(2040, 0, 1);
const service = { processor: { service: 's', name: 'P' } };

function catalogueOf(tables: readonly Table[], over: Partial<Catalogue> = {}): Catalogue {
  return {
    pipeline: 'small',
    title: 'small',
    timeZone: 'UTC',
    targets: new Map(),
    periods: [],
    bootstrapDays: 0,
    seasons: [],
    services: new Map(),
    tables: new Map(tables.map((table) => [table.alias, table])),
    ...over,
  };
}

/** Facts of tables of which each date has so many rows. */
function factsOf(columns: Readonly<Record<string, readonly number[]>>): Facts {
  const days = Object.values(columns)[0]?.length ?? 0;
  const tables = Object.entries(columns).map(([alias, rows]): [string, TableFacts] => {
    const facts = emptyTableFacts(days);
    facts.rows.set(rows);
    facts.entities.set(rows);
    return [alias, facts];
  });
  return { from, days, tables: new Map(tables), unread: new Map() };
}

function cover(catalogue: Catalogue, facts: Facts, tables: readonly string[]): Coverage {
  const dates = daysBetween(from, addDays(from, facts.days - 1));
  return buildCoverage(judge(catalogue, facts, { now }), { tables, dates });
}

describe('a cell with which two needs find fault', () => {
  const players = { atMost: { count: 4, perGame: true }, fromDay: 0 };
  const catalogue = catalogueOf(
    [
      smallTable('sched'),
      smallTable('players', { expect: [players], ...service }),
      smallTable('some', { needs: [smallNeed('players', { atLeast: { count: 4, perGame: false } })], ...service }),
      smallTable('many', { needs: [smallNeed('players', { atLeast: { count: 9, perGame: false } })], ...service }),
      smallTable('both', { needs: [smallNeed('some'), smallNeed('many')], ...service }),
    ],
    {
      schedule: { table: 'sched' },
      seasons: [{ name: 'one', starts: from, ends: '2021-12-31', free: [], scheduleDecides: [] }],
    },
  );
  const none = [0];
  const coverage = cover(catalogue, factsOf({ sched: [1], players: [3], some: none, many: none, both: none }), [
    'some',
    'many',
    'both',
  ]);
  const [some, many, both] = coverage.tables.map((table) => table.cells[0]?.causes);

  it('is a cause of its own for each of them', () => {
    expect(some).toEqual([{ table: 'players', date: from, reason: 'rows_short', have: 3, need: 4 }]);
    expect(many).toEqual([{ table: 'players', date: from, reason: 'threshold_unreachable', have: 3, need: 9 }]);
  });

  it('is one cause of what is below both: the minimum that cannot be met', () => {
    expect(both).toEqual(many);
    expect(coverage.causes).toEqual([
      { table: 'players', reason: 'threshold_unreachable', dates: [from], explains: 2 },
      { table: 'players', reason: 'rows_short', dates: [from], explains: 1 },
    ]);
    expect(coverage.tables.map((table) => table.reachable)).toEqual([1, 0, 0]);
  });
});

describe('more causes than anybody reads', () => {
  const days = 2600;
  const tables = (window: number) => [
    smallTable('above', { dates: 'daily', ...service }),
    smallTable('below', { dates: 'daily', needs: [smallNeed('above', { window, atLeastShare: 0.1 })], ...service }),
  ];
  const half = Array.from({ length: days }, (_, i) => i % 2);
  const all = half.map(() => 1);
  const coverOver = (window: number) =>
    cover(catalogueOf(tables(window)), factsOf({ above: half, below: all }), ['below']).tables[0]?.cells ?? [];

  it('are told in full up to a thousand of a cell', () => {
    const cells = coverOver(1000);
    expect(cells.at(-1)?.causes).toHaveLength(500);
    expect(cells.some((cell) => cell.causesInAll !== undefined)).toBe(false);
  });

  it('are told in part beyond, with how many there are, and counted in full', () => {
    const cells = coverOver(2500);
    const last = cells.at(-1);
    expect(last?.causes.length).toBeLessThanOrEqual(1000);
    expect(last?.causes[0]?.date).toBe(addDays(from, days - 2500));
    expect(last?.causesInAll).toBe(1250);
    expect(last?.failing[0]).toMatchObject({ have: 1250, need: 2500 });
    const coverage = cover(catalogueOf(tables(2500)), factsOf({ above: half, below: all }), ['below']);
    expect(coverage.causes).toMatchObject([{ table: 'above', reason: 'never_run', explains: days }]);
    expect(coverage.causes[0]?.dates).toHaveLength(days / 2);
  });
});

describe('the coverage of fifty tables on ten years', () => {
  it('is made in steps of a few thousand cells, and holds each list of causes once', () => {
    const days = 3650;
    const aliases = Array.from({ length: 50 }, (_, n) => `t${n}`);
    const tables = aliases.map((alias, n) =>
      smallTable(alias, { dates: 'daily', needs: n === 0 ? [] : [smallNeed(`t${n - 1}`)], ...service }),
    );
    const columns = aliases.map((alias, n) => [
      alias,
      Array.from({ length: days }, (_, i) => Number(i % 7 > 0 || n > 0)),
    ]);
    const judging = judge(catalogueOf(tables), factsOf(Object.fromEntries(columns)), { now });
    const work = coverageSteps(judging, { tables: aliases, dates: daysBetween(from, addDays(from, days - 1)) });
    let steps = 0;
    let step = work.next();
    for (; !step.done; step = work.next()) steps++;
    const coverage = step.value;
    expect(steps).toBeGreaterThan((aliases.length * days) / 4000);
    const first = coverage.tables.map((table) => table.cells[0]?.causes);
    expect(new Set(first).size).toBe(1);
    expect(coverage.causes).toMatchObject([{ table: 't0', explains: 50 * Math.ceil(days / 7) }]);
  });
});
