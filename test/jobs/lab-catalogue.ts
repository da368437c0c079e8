/** A pipeline for tests of the engine: a base that everything reads, one table on its date, one on its season, a top. */
import type { Catalogue, Service } from '../../src/core/catalogue/catalogue.ts';
import { smallNeed, smallTable } from '../support/small-catalogue.ts';

/** Rows that are right for a date of every table. */
export const fullRows = 4;

const every = {
  dates: 'season',
  dateColumn: 'day',
  key: ['item'],
  writtenAt: 'written_at',
  expect: [{ fromDay: 0, exactly: { count: fullRows, perGame: false } }],
} as const;

function filled(alias: string, needs: ReturnType<typeof smallNeed>[] = []) {
  const processor = { service: 'lab', name: alias };
  return smallTable(alias, { ...every, table: `lab.${alias}`, needs, processor });
}

const { writtenAt: _, ...plain } = filled('plain');

const tables = [
  filled('base'),
  filled('mid', [smallNeed('base')]),
  filled('win', [smallNeed('base', { window: 'season' })]),
  filled('top', [smallNeed('mid'), smallNeed('win')]),
  plain,
];

/** The lab's pipeline; what is given changes its one service. */
export function labCatalogue(service: Partial<Service> = {}): Catalogue {
  const lab: Service = {
    name: 'lab',
    url: 'http://127.0.0.1:1',
    path: '/',
    body: {},
    audience: '',
    deadline: 5_000,
    goneAfter: 10_000,
    retryWait: 5,
    minInterval: 0,
    maxConcurrent: 8,
    ...service,
  };
  return {
    pipeline: 'lab',
    title: 'Lab',
    timeZone: 'UTC',
    targets: new Map(),
    periods: [],
    bootstrapDays: 0,
    seasons: [{ name: '2022', starts: '2022-01-01', ends: '2022-03-31', free: [], scheduleDecides: [] }],
    services: new Map([[lab.name, lab]]),
    tables: new Map(tables.map((table) => [table.alias, table])),
  };
}
