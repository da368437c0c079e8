/** The catalogue of the days when every minimum was a fixed number, and facts made of the counts of November 2021. */
import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';
import { readCatalogue } from '../../src/core/catalogue/read-catalogue.ts';
import { toDay } from '../../src/core/dates.ts';
import { emptyTableFacts, type Facts, type TableFacts } from '../../src/core/facts.ts';
import { november2021 } from './november-2021.ts';

export const oldMinimaYaml = `
pipeline: old
time_zone: America/New_York
bootstrap_days: 14
schedule: { table: sched }
seasons:
  - { name: 2021-22, starts: 2021-10-19, ends: 2022-06-16, free: [2021-11-25] }
services:
  phase4:
    url: http://127.0.0.1:9
    path: /process-date
    body: { analysis_date: "{date}", processors: ["{processor}"] }
tables:
  sched: { table: nba_raw.nbac_schedule, date_column: game_date, key: [game_id], dates: games }
  utgc: { table: nba_analytics.utgc, date_column: game_date, key: [team_abbr], dates: games }
  upgc: { table: nba_analytics.upgc, date_column: game_date, key: [player_lookup], dates: games }
  tdza:
    table: nba_precompute.tdza
    date_column: analysis_date
    key: [team_abbr]
    dates: season
    bootstrap: true
    processor: { service: phase4, name: Tdza }
  psza:
    table: nba_precompute.psza
    date_column: analysis_date
    key: [player_lookup]
    dates: season
    bootstrap: true
    processor: { service: phase4, name: Psza }
  pdc:
    table: nba_precompute.pdc
    date_column: cache_date
    key: [player_lookup]
    dates: games
    bootstrap: true
    processor: { service: phase4, name: Pdc }
  pcf:
    table: nba_precompute.pcf
    date_column: game_date
    key: [player_lookup]
    dates: games
    bootstrap: true
    processor: { service: phase4, name: Pcf }
    needs:
      - { table: upgc, at_least: 100 }
      - { table: utgc, at_least: 10 }
      - { table: psza, at_least: 100 }
      - { table: tdza, at_least: 30 }
  mlfs:
    table: nba_predictions.mlfs
    date_column: game_date
    key: [player_lookup]
    dates: games
    bootstrap: true
    processor: { service: phase4, name: Mlfs }
    needs:
      - { table: pdc, at_least: 100 }
      - { table: pcf, at_least: 100 }
      - { table: psza, at_least: 100 }
      - { table: tdza, at_least: 20 }
`;

/** Reads a catalogue that must be right. */
export function catalogueOf(yaml: string): Catalogue {
  const read = readCatalogue(yaml);
  if (!read.ok) throw new Error(read.problems.map((p) => `${p.path}: ${p.problem}`).join('\n'));
  return read.catalogue;
}

/** Facts from rows per date: `{ pgs: { '2021-11-01': 190 } }`; every row has a key of its own. */
export function factsOf(from: string, to: string, counts: Record<string, Record<string, number>>): Facts {
  const days = toDay(to) - toDay(from) + 1;
  const tables = new Map<string, TableFacts>();
  for (const [alias, perDate] of Object.entries(counts)) {
    const facts = emptyTableFacts(days);
    for (const [date, rows] of Object.entries(perDate)) {
      facts.rows[toDay(date) - toDay(from)] = rows;
      facts.entities[toDay(date) - toDay(from)] = rows;
    }
    tables.set(alias, facts);
  }
  return { from, days, tables, unread: new Map() };
}

/** Rows per table and date of November 2021 as the operators counted them; upgc as 35 and utgc as 2 per game. */
export function november2021Counts(): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const row of november2021) {
    const all = {
      sched: row.games,
      utgc: row.games * 2,
      upgc: row.games * 35,
      tdza: row.tdza,
      psza: row.psza,
      pdc: row.pdc,
      pcf: row.pcf,
      mlfs: row.mlfs,
    };
    for (const [alias, rows] of Object.entries(all)) counts[alias] = { ...counts[alias], [row.date]: rows };
  }
  return counts;
}
