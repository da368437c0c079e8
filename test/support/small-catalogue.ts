/**
 * A small catalogue, written out by hand: two seasons, and six tables in a chain from a schedule that is filled elsewhere
 * to a feature store. Tests that need other rules spread over it.
 */
import type { Catalogue, Need, Season, Service, Table } from '../../src/core/catalogue/catalogue.ts';

/** A table with every default, so that a test says only what matters to it. */
export function smallTable(alias: string, over: Partial<Table> = {}): Table {
  return {
    alias,
    title: alias,
    table: `small.${alias}`,
    dateColumn: 'game_date',
    key: ['player_lookup'],
    where: [],
    dates: 'games',
    except: [],
    bootstrap: false,
    mayBeEmptyUntilDay: -1,
    dueAfterHours: 0,
    mayRepeat: false,
    expect: [],
    needs: [],
    quality: { flags: [], critical: [] },
    ...over,
  };
}

/** A required need of a table on the same date. */
export function smallNeed(table: string, over: Partial<Need> = {}): Need {
  return { tables: [table], atLeastShare: 0.5, required: true, ...over };
}

export const smallSeasons: readonly Season[] = [
  { name: '2021-22', starts: '2021-10-19', ends: '2022-06-16', free: [], scheduleDecides: [] },
  { name: '2022-23', starts: '2022-10-18', ends: '2023-06-12', free: [], scheduleDecides: [] },
];

export const smallService: Service = {
  name: 'local',
  url: 'http://localhost:1',
  path: '/process-date',
  body: { analysis_date: '{date}', processors: ['{processor}'], correlation_id: '{attempt}' },
  audience: 'http://localhost:1',
  deadline: 60_000,
  goneAfter: 120_000,
  retryWait: 10,
  minInterval: 0,
  maxConcurrent: 4,
};

const tables: readonly Table[] = [
  smallTable('sched', { title: 'Schedule', phase: 2, key: ['game_id'], mayRepeat: true }),
  smallTable('pgs', {
    title: 'Player game summary',
    phase: 3,
    writtenAt: 'processed_at',
    expect: [{ fromDay: 0, atLeast: { count: 17, perGame: true } }],
    needs: [smallNeed('sched')],
    processor: { service: 'local', name: 'PlayerGameSummary' },
  }),
  smallTable('psza', {
    title: 'Player shot zones',
    phase: 4,
    dateColumn: 'analysis_date',
    writtenAt: 'processed_at',
    dates: 'season',
    bootstrap: true,
    mayBeEmptyUntilDay: 20,
    needs: [smallNeed('pgs', { window: 'season' })],
    processor: { service: 'local', name: 'PlayerShotZones' },
  }),
  smallTable('pcf', {
    title: 'Player composite factors',
    phase: 4,
    writtenAt: 'processed_at',
    bootstrap: true,
    expect: [{ fromDay: 0, share: { of: 'pgs', atLeast: 0.9 } }],
    needs: [smallNeed('pgs'), smallNeed('psza')],
    processor: { service: 'local', name: 'PlayerCompositeFactors' },
    quality: { flags: ['is_production_ready'], ready: 'is_production_ready', critical: ['fatigue_score'] },
  }),
  smallTable('pdc', {
    title: 'Player daily cache',
    phase: 4,
    dateColumn: 'cache_date',
    writtenAt: 'processed_at',
    bootstrap: true,
    expect: [{ fromDay: 0, atLeast: { count: 15, perGame: true } }],
    needs: [smallNeed('pgs'), smallNeed('pgs', { window: 'season' })],
    processor: { service: 'local', name: 'PlayerDailyCache' },
  }),
  smallTable('mlfs', {
    title: 'Feature store',
    phase: 5,
    writtenAt: 'updated_at',
    bootstrap: true,
    expect: [{ fromDay: 0, share: { of: 'pcf', atLeast: 0.9 } }],
    needs: [smallNeed('pgs'), smallNeed('pdc'), smallNeed('pcf'), smallNeed('psza')],
    processor: { service: 'local', name: 'FeatureStore' },
    quality: { flags: [], critical: ['feature_quality_score'], reference: { table: 'pcf', column: 'player_lookup' } },
  }),
];

export const smallCatalogue: Catalogue = {
  pipeline: 'small',
  title: 'Small pipeline',
  timeZone: 'America/New_York',
  schedule: { table: 'sched' },
  targets: new Map(),
  periods: [],
  bootstrapDays: 14,
  seasons: smallSeasons,
  services: new Map([[smallService.name, smallService]]),
  tables: new Map(tables.map((table) => [table.alias, table])),
};
