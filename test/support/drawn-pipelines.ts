/** Catalogues and facts by chance, small enough to judge thousands of them: what the properties of the core are tried on. */
import fc from 'fast-check';
import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';
import { addDays, daysBetween } from '../../src/core/dates.ts';
import { emptyTableFacts, type Facts, type TableFacts } from '../../src/core/facts.ts';
import { catalogueOf } from './old-minima.ts';

export const from = '2021-11-01';
export const days = 14;
export const dates = daysBetween(from, addDays(from, days - 1));
export const now = Date.UTC(2022, 5, 1);

/** Tables t0..tn, each with needs among the earlier ones: same date, windows, minima, wanted, alternatives. */
const drawnTables = fc.integer({ min: 2, max: 6 }).chain((size) =>
  fc
    .tuple(
      ...Array.from({ length: size }, (_, n) =>
        fc.record({
          processor: fc.boolean(),
          expect: fc.constantFrom('', 'expect: { at_least: 3 }', 'expect: { exactly: 4 }'),
          needs: fc.array(
            fc.record({
              table: fc.nat(Math.max(0, n - 1)),
              other: fc.nat(Math.max(0, n - 1)),
              kind: fc.constantFrom(
                '',
                '',
                ', window: season',
                ', window: 3',
                ', window: 3, at_least: 2',
                ', at_least: 2',
                ', at_least: 4, in_backfill: 2',
                ', wanted: true',
                'any_of',
                'fallback',
              ),
            }),
            { maxLength: n === 0 ? 0 : 3 },
          ),
        }),
      ),
    )
    .map((tables): Drawn[] => tables),
);

export const catalogues = drawnTables.map((tables) => catalogueOf(yamlOf(tables)));

/** Those in which what is filled elsewhere needs nothing that is filled here. */
export const tidyCatalogues = drawnTables.map((tables) =>
  catalogueOf(yamlOf(tables.map((table) => (table.processor ? table : { ...table, needs: [] })))),
);

type Drawn = { processor: boolean; expect: string; needs: DrawnNeed[] };
type DrawnNeed = { table: number; other: number; kind: string };

function yamlOf(tables: readonly Drawn[]): string {
  const lines = tables.map((table, n) => {
    const needs = table.needs.map((need) => `      - { ${sayNeed(need)} }`);
    return [
      `  t${n}:`,
      `    table: d.t${n}`,
      '    date_column: day',
      '    key: [id]',
      '    written_at: at',
      '    dates: season',
      ...(table.expect === '' ? [] : [`    ${table.expect}`]),
      ...(table.processor ? ['    processor: { service: s, name: P }'] : []),
      ...(needs.length > 0 ? ['    needs:', ...needs] : []),
    ].join('\n');
  });
  return `
pipeline: drawn
time_zone: UTC
seasons: [{ name: one, starts: ${from}, ends: ${dates.at(-1)} }]
services: { s: { url: "http://127.0.0.1:9", path: /p, body: {} } }
tables:
${lines.join('\n')}
`;
}

function sayNeed({ table, other, kind }: DrawnNeed): string {
  if (kind !== 'any_of' && kind !== 'fallback') return `table: t${table}${kind}`;
  if (table === other) return `table: t${table}`;
  return kind === 'any_of' ? `any_of: [t${table}, t${other}]` : `table: t${table}, fallback: t${other}`;
}

type Drawing = { rows: number; twice: boolean; at: number };
export const cellsDrawn = fc.array(
  fc.array(fc.record({ rows: fc.constantFrom(0, 0, 1, 3, 4, 4, 4, 5), twice: fc.boolean(), at: fc.nat(5) }), {
    minLength: days,
    maxLength: days,
  }),
  { minLength: 6, maxLength: 6 },
);

/** Facts of the drawn cells. `unread`: a table that could not be read. */
export function factsOf(
  catalogue: Catalogue,
  drawn: readonly (readonly Drawing[])[],
  unread: string | undefined,
): Facts {
  const tables = new Map<string, TableFacts>();
  [...catalogue.tables.keys()].forEach((alias, n) => {
    if (alias === unread) return;
    const facts = emptyTableFacts(days);
    drawn[n]?.forEach((cell, i) => {
      facts.entities[i] = cell.rows;
      facts.rows[i] = cell.twice && cell.rows === 5 ? cell.rows * 2 : cell.rows;
      if (cell.rows > 0) facts.writtenAt[i] = cell.at;
    });
    tables.set(alias, facts);
  });
  return { from, days, tables, unread: new Map(unread === undefined ? [] : [[unread, 'gone']]) };
}
