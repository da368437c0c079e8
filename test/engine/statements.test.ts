/** How often the warehouse is asked: every statement is billed a minimum, however little it reads. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCoverage } from '../../src/core/coverage/coverage.ts';
import type { Coverage } from '../../src/core/coverage/coverage-report.ts';
import { daysBetween } from '../../src/core/dates.ts';
import { answerQuality } from '../../src/engine/answer-quality.ts';
import { assess } from '../../src/engine/assess.ts';
import type { Ports } from '../../src/ports.ts';
import { insertGap } from '../../src/store/gaps.ts';
import type { Store } from '../../src/store/store.ts';
import { duckdbWarehouse } from '../../src/warehouse/duckdb.ts';
import { type DuckdbHome, openDuckdb } from '../../src/warehouse/duckdb-connection.ts';
import { recordStatements } from '../support/duckdb.ts';
import { type Counts, fillWarehouse } from '../support/make-warehouse.ts';
import { manualClock } from '../support/manual-clock.ts';
import { catalogueOf } from '../support/old-minima.ts';
import { memoryStore } from '../support/stores.ts';

const reference = 'quality: { critical: [team], reference: { table: box, column: team } }';
const catalogue = catalogueOf(`
pipeline: x
time_zone: UTC
schedule: { table: games }
seasons: [{ name: one, starts: 2021-10-19, ends: 2021-12-12, schedule_decides: [2021-10-19..2021-12-12] }]
tables:
  games: { table: raw.games, date_column: day, key: [game], dates: games }
  box: { table: raw.box, date_column: day, key: [team], dates: games, expect: { exactly_per_game: 2 } }
  sums: { table: made.sums, date_column: day, key: [team], dates: games, expect: { exactly_per_game: 2 }, ${reference} }
  zones: { table: made.zones, date_column: day, key: [team], dates: season, expect: { exactly: 4 }, ${reference} }
  top: { table: made.top, date_column: day, key: [team], dates: games, needs: [sums, zones] }
`);
const season = daysBetween('2021-10-19', '2021-12-12');
const noGames = '2021-11-25';
const playing = season.filter((day) => day !== noGames);
const rows = (days: readonly string[], n: number) => Object.fromEntries(days.map((day) => [day, n]));
const full: Counts = {
  games: rows(playing, 2),
  box: rows(playing, 4),
  sums: rows(playing, 4),
  zones: rows(season, 4),
  top: rows(playing, 4),
};

let duckdb: DuckdbHome;
let store: Store;
let statements: string[];
let ports: Pick<Ports, 'catalogue' | 'warehouse' | 'store' | 'clock'>;

async function cover(tables: readonly string[]): Promise<Coverage> {
  const { judging } = await assess(ports, tables, season);
  return buildCoverage(judging, { tables, dates: season });
}

async function fill(counts: Counts): Promise<void> {
  await duckdb.withConnection(({ run }) => fillWarehouse(run, catalogue, counts));
  const connection = recordStatements(duckdb);
  statements = connection.statements;
  const warehouse = duckdbWarehouse(connection, { schedule: catalogue.schedule });
  ports = { catalogue, warehouse, store, clock: manualClock(Date.UTC(2022, 6, 1)) };
}

beforeAll(async () => {
  store = await memoryStore();
}, 60_000);
afterAll(() => store.close());
beforeEach(async () => {
  duckdb = await openDuckdb(undefined);
});
afterEach(() => duckdb.close());

describe('an answer', () => {
  it('of coverage takes one statement, whatever the number of tables and dates', async () => {
    await fill(full);
    const coverage = await cover(['sums', 'zones', 'top']);
    expect(coverage.tables.map(({ complete }) => complete)).toEqual([54, 55, 54]);
    expect(statements).toHaveLength(1);
  });

  it('of coverage takes one more, if several tables are thin, and names who lacks in each', async () => {
    await fill({ ...full, sums: { ...full.sums, '2021-11-05': 3 }, zones: { ...full.zones, '2021-11-06': 2 } });
    const { tables } = await cover(['top', 'zones', 'sums']);
    const named = tables.flatMap(({ table, cells }) =>
      cells.flatMap(({ date, missing }) => (missing === undefined ? [] : [`${table} ${date} ${missing.join(' ')}`])),
    );
    expect(named).toEqual(['zones 2021-11-06 k2 k3', 'sums 2021-11-05 k3']);
    expect(statements).toHaveLength(2);
  });

  it('of quality takes one statement for a season, and knows on which dates nobody can be missing', async () => {
    await fill({ ...full, sums: { ...full.sums, '2021-11-05': 3, '2021-11-08': 0 } });
    await insertGap(store.query, 'x', {
      ...{ id: 'g', table: 'sums', dates: ['2021-11-08'], reason: 'lost', acceptedBy: 'mira', acceptedAt: 1 },
    });
    const quality = await answerQuality(ports, 'sums', season);
    expect(statements).toHaveLength(1);
    expect(quality.dates).toHaveLength(55);
    const lacking = quality.dates.filter(({ missing }) => missing.length > 0);
    expect(lacking.map(({ date, missing }) => `${date} ${missing.join(' ')}`)).toEqual(['2021-11-05 k3']);
    statements.length = 0;
    await answerQuality(ports, 'zones', [noGames]);
    expect(statements).toHaveLength(1);
  });

  it('of quality is given without the schedule, if that cannot be read', async () => {
    await fill(full);
    await duckdb.run('DROP TABLE raw.games', {});
    const quality = await answerQuality(ports, 'sums', ['2021-11-05']);
    expect(quality.total).toMatchObject({ rows: 4, missing: [], remarks: [] });
  });

  it('of quality neither judges dates on which rows cannot be, nor counts them as neighbours', async () => {
    // The season begins with three games; before it there is rubbish in the table.
    const before = rows(daysBetween('2021-10-01', '2021-10-18'), 90);
    await fill({ ...full, sums: { ...full.sums, ...before, '2021-10-21': 90, [noGames]: 90 } });
    const quality = await answerQuality(ports, 'sums', daysBetween('2021-10-05', '2021-12-01'));
    expect(quality.total.remarks).toEqual([
      { date: '2021-10-21', column: null, what: 'rows', have: 90, usual: 4, rows: 90, against: 'both', lasts: false },
    ]);
  });
});
