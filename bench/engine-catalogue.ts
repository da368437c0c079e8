/**
 * A pipeline for measuring the engine: one table that a service fills on its date from one that is there, in a warehouse
 * that is a Map. What a real warehouse takes is not the engine's, and would hide it; how often it is asked is counted.
 */
import type { Catalogue, Service } from '../src/core/catalogue/catalogue.ts';
import { addDays, type CalendarDate, daysBetween } from '../src/core/dates.ts';
import { emptyTableFacts, type TableFacts } from '../src/core/facts.ts';
import type { QualityDate } from '../src/core/quality/quality-report.ts';
import type { Warehouse } from '../src/warehouse/warehouse.ts';
import { smallNeed, smallTable } from '../test/support/small-catalogue.ts';

export const atATime = 15;
export const rowsPerDate = 4;
const first = '1990-01-01';

/** The dates of a measurement: so many from the first one of the season on. */
export function datesOf(cells: number): CalendarDate[] {
  return daysBetween(first, addDays(first, cells - 1));
}

/** How long the stand-in works: always so many milliseconds, or `drawn`: log-normal, about a five-hundredth of real ones. */
export type Delay = number | 'drawn';

/** Milliseconds that the stand-in works on a date. Drawn from the date, so that all ways get the same ones. */
export function delayOf(delay: Delay, date: CalendarDate): number {
  if (delay !== 'drawn') return delay;
  let seed = Math.imul(Number(date.replaceAll('-', '')), 2654435761) >>> 0;
  const next = () => {
    seed = (Math.imul(seed ^ (seed >>> 15), 2246822519) + 3266489917) >>> 0;
    return (seed + 1) / 2 ** 32;
  };
  const normal = Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
  return Math.round(90 * Math.exp(0.45 * normal));
}

/** Milliseconds that a set of dates takes at best: each slot takes the next date as soon as it is free, at no cost. */
export function idealOf(delay: Delay, dates: readonly CalendarDate[]): number {
  const free = new Array<number>(atATime).fill(0);
  for (const date of dates) {
    const earliest = free.indexOf(Math.min(...free));
    free[earliest] = (free[earliest] ?? 0) + delayOf(delay, date);
  }
  return Math.max(...free);
}

export function serviceAt(url: string, delay: Delay): Service {
  const patience = { deadline: 60_000, goneAfter: 120_000, retryWait: 100, minInterval: 0, maxConcurrent: atATime };
  const body = { date: '{date}', processor: '{processor}' };
  return { name: 'work', url, path: `/${delay}`, body, audience: url, ...patience };
}

export function engineCatalogue(service: Service): Catalogue {
  const every = {
    dates: 'season',
    dateColumn: 'day',
    key: ['item'],
    writtenAt: 'written_at',
    expect: [{ fromDay: 0, exactly: { count: rowsPerDate, perGame: false } }],
  } as const;
  const tables = [
    smallTable('source', { ...every, table: 'bench.source' }),
    smallTable('made', {
      ...every,
      table: 'bench.made',
      needs: [smallNeed('source')],
      processor: { service: service.name, name: 'made' },
    }),
  ];
  return {
    pipeline: 'bench',
    title: 'bench',
    timeZone: 'UTC',
    targets: new Map(),
    periods: [],
    bootstrapDays: 0,
    seasons: [{ name: 'all', starts: first, ends: '2019-12-31', free: [], scheduleDecides: [] }],
    services: new Map([[service.name, service]]),
    tables: new Map(tables.map((table) => [table.alias, table])),
  };
}

export type MemoryWarehouse = Warehouse & {
  /** A date of `made` is written now. */
  write(date: CalendarDate): void;
};

export function memoryWarehouse(): MemoryWarehouse {
  const written = new Map<CalendarDate, number>();
  const source = Date.UTC(2020, 0, 1);
  const factsOf = (alias: string, dates: readonly CalendarDate[]): TableFacts => {
    const facts = emptyTableFacts(dates.length);
    for (const [i, date] of dates.entries()) {
      const at = alias === 'source' ? source : written.get(date);
      if (at === undefined) continue;
      facts.rows[i] = facts.entities[i] = rowsPerDate;
      facts.writtenAt[i] = at;
    }
    return facts;
  };
  const qualityOf = (date: CalendarDate): QualityDate => {
    const rows = written.has(date) ? rowsPerDate : 0;
    return { date, rows, entities: rows, duplicates: 0, flags: {}, nulls: {}, missing: [] };
  };
  const nothing = { tables: new Map(), unread: new Map() };
  return {
    readFacts: async (tables, { from, to }) => {
      const dates = daysBetween(from, to);
      const read = tables.map(({ alias }) => [alias, factsOf(alias, dates)] as const);
      return { from, days: dates.length, tables: new Map(read), unread: new Map() };
    },
    readQuality: async (_, dates) => {
      const [from = first] = dates;
      const days = daysBetween(from, dates.at(-1) ?? from).length;
      return { dates: dates.map(qualityOf), around: [], schedule: { from, days, ...nothing } };
    },
    readMissing: async () => [],
    readFingerprints: async () => [],
    check: async () => [],
    readRetention: async () => new Map(),
    describe: async () => [],
    close: async () => {},
    write: (date) => void written.set(date, Date.now()),
  };
}
