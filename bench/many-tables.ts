/** Catalogues and facts of any size, the same at every run: mostly whole, one cell in fifty absent, one in fifty thin. */
import type { Catalogue } from '../src/core/catalogue/catalogue.ts';
import { readCatalogue } from '../src/core/catalogue/read-catalogue.ts';
import { emptyTableFacts, type Facts } from '../src/core/facts.ts';

export const from = '2015-01-01';
export const now = Date.UTC(2030, 0, 1);
/** Rows that a table must have on a date. */
export const minimum = 90;

/**
 * `wide`: each table needs the three before it on its date, and every fifth 30 days of the one before. `windows`: each
 * needs 30 days of the one before. `seasons`: each needs the season so far (a year) of the one before.
 */
export type Shape = 'wide' | 'windows' | 'seasons';

/** Tables t0 to t<size - 1>. */
export function makeCatalogue(size: number, shape: Shape): Catalogue {
  const tables = Array.from({ length: size }, (_, n) => {
    const needs = needsOf(n, shape).join(', ');
    const dates = shape === 'seasons' ? 'season' : 'daily';
    return `  t${n}: { table: d.t${n}, date_column: day, key: [id], written_at: at, dates: ${dates}, expect: { at_least: ${minimum} }, needs: [${needs}], processor: { service: s, name: P } }`;
  });
  const years = Array.from({ length: 10 }, (_, n) => 2015 + n);
  const seasons = years.map((year) => `  - { name: s${year}, starts: ${year}-01-01, ends: ${year}-12-31 }`);
  const read = readCatalogue(
    [
      'pipeline: bench\ntime_zone: UTC\nservices: { s: { url: "http://127.0.0.1:9", path: /p, body: {} } }',
      ...(shape === 'seasons' ? ['seasons:', ...seasons] : []),
      'tables:',
      ...tables,
    ].join('\n'),
  );
  if (!read.ok) throw new Error(read.problems[0]?.problem);
  return read.catalogue;
}

function needsOf(n: number, shape: Shape): string[] {
  if (n === 0) return [];
  if (shape === 'seasons') return [`{ table: t${n - 1}, window: season }`];
  if (shape === 'windows') return [`{ table: t${n - 1}, window: 30 }`];
  const needs = [n - 1, n - 2, n - 3].filter((above) => above >= 0).map((above) => `{ table: t${above} }`);
  return n % 5 === 0 ? [...needs, `{ table: t${n - 1}, window: 30 }`] : needs;
}

/** Each table is written later than those above it, but for one cell in a hundred. */
export function makeFacts(catalogue: Catalogue, days: number): Facts {
  let state = 7;
  const draw = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  const tables = new Map(
    [...catalogue.tables.keys()].map((alias, n) => {
      const table = emptyTableFacts(days);
      for (let i = 0; i < days; i++) {
        const dice = draw();
        const rows = dice < 0.02 ? 0 : dice < 0.04 ? 50 : 100;
        table.rows[i] = rows;
        table.entities[i] = rows;
        if (rows > 0) table.writtenAt[i] = dice > 0.99 ? 5000 : 1000 + n;
      }
      return [alias, table] as const;
    }),
  );
  return { from, days, tables, unread: new Map() };
}
