/**
 * The processors of the NBA pipeline: each fills one table for one date by the SELECT in `sql/<alias>.sql`, and replaces
 * exactly that date in one transaction. A SELECT that finds nothing leaves what is there: an empty upstream must never
 * hide rows that were good before.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DuckdbHome, Run } from '../../src/warehouse/duckdb-connection.ts';

/** Gives each unit of work its own connection, because a connection's transaction is shared by all who use it. */
export type Duckdb = Pick<DuckdbHome, 'withConnection'>;

export type Processor = {
  readonly alias: string;
  /** The name under which the service knows it. */
  readonly name: string;
  readonly table: string;
  readonly dateColumn: string;
  readonly writtenAt: string;
  readonly path: '/process-date-range' | '/process-date';
};

const phase3 = { dateColumn: 'game_date', writtenAt: 'processed_at', path: '/process-date-range' } as const;
/** Phases 4 to 6: each date looks back over all before it, so that there are no ranges. */
const phase4 = { dateColumn: 'game_date', writtenAt: 'processed_at', path: '/process-date' } as const;

/** Every processor, each after those whose rows it reads. */
export const processors: readonly Processor[] = [
  {
    ...phase3,
    alias: 'togs',
    name: 'TeamOffenseGameSummaryProcessor',
    table: 'nba_analytics.team_offense_game_summary',
  },
  {
    ...phase3,
    alias: 'tdgs',
    name: 'TeamDefenseGameSummaryProcessor',
    table: 'nba_analytics.team_defense_game_summary',
  },
  { ...phase3, alias: 'pgs', name: 'PlayerGameSummaryProcessor', table: 'nba_analytics.player_game_summary' },
  {
    ...phase3,
    alias: 'upgc',
    name: 'UpcomingPlayerGameContextProcessor',
    table: 'nba_analytics.upcoming_player_game_context',
  },
  {
    ...phase3,
    alias: 'utgc',
    name: 'UpcomingTeamGameContextProcessor',
    table: 'nba_analytics.upcoming_team_game_context',
  },
  {
    ...phase4,
    alias: 'tdza',
    name: 'TeamDefenseZoneAnalysisProcessor',
    table: 'nba_precompute.team_defense_zone_analysis',
    dateColumn: 'analysis_date',
  },
  {
    ...phase4,
    alias: 'psza',
    name: 'PlayerShotZoneAnalysisProcessor',
    table: 'nba_precompute.player_shot_zone_analysis',
    dateColumn: 'analysis_date',
  },
  {
    ...phase4,
    alias: 'pcf',
    name: 'PlayerCompositeFactorsProcessor',
    table: 'nba_precompute.player_composite_factors',
  },
  {
    ...phase4,
    alias: 'pdc',
    name: 'PlayerDailyCacheProcessor',
    table: 'nba_precompute.player_daily_cache',
    dateColumn: 'cache_date',
  },
  {
    ...phase4,
    alias: 'mlfs',
    name: 'MLFeatureStoreProcessor',
    table: 'nba_predictions.ml_feature_store_v2',
    writtenAt: 'updated_at',
  },
  {
    ...phase4,
    alias: 'ppp',
    name: 'PlayerPropPredictionsProcessor',
    table: 'nba_predictions.player_prop_predictions',
    writtenAt: 'updated_at',
  },
  {
    ...phase4,
    alias: 'pa',
    name: 'PredictionAccuracyProcessor',
    table: 'nba_predictions.prediction_accuracy',
    writtenAt: 'graded_at',
  },
];

/** What a write does with the rows of its SELECT: all of them, every second one, or each of them twice. */
export type Amount = 'all' | 'half' | 'double';

const amounts: Record<Amount, (select: string) => string> = {
  all: (select) => `SELECT * FROM (${select})`,
  half: (select) => `SELECT * FROM (${select}) QUALIFY row_number() OVER () % 2 = 1`,
  double: (select) => `SELECT made.* FROM (${select}) AS made, range(2)`,
};

/** The folder of this pipeline. Compiled code lies under `dist/`, where `tsc` leaves no SQL: then the package's own. */
export function pipelineFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = [here, join(here, '../../../pipelines/nba')];
  const found = candidates.find((folder) => existsSync(join(folder, 'sql', 'schema.sql')));
  if (found === undefined) throw new Error(`The SQL of the NBA pipeline is in none of: ${candidates.join(', ')}`);
  return found;
}

/** The text of `sql/<name>.sql`; throws if there is no such file. */
export function readSql(name: string): string {
  return readFileSync(join(pipelineFolder(), 'sql', `${name}.sql`), 'utf8').trimEnd();
}

/** Creates all schemas and tables that are not there yet, and the starts of the seasons. */
export async function createSchema(run: Run): Promise<void> {
  for (const statement of readSql('schema').split(/;\s*(?:\n|$)/)) {
    if (statement.trim() !== '') await run(statement, {});
  }
}

/** The time of a write as SQL: $written, epoch milliseconds as text. */
const now = 'make_timestamp($written::BIGINT * 1000)';

/**
 * INSERT of what a processor makes of its dates: $from and $to in phase 3, which goes over ranges, $date in phase 4.
 * `stamp` is the SQL of the time of the write.
 */
export function insertSql(processor: Processor, amount: Amount = 'all', stamp = now): string {
  const rows = amounts[amount](`\n${readSql(processor.alias)}\n`);
  return `INSERT INTO ${processor.table} BY NAME
SELECT *, ${stamp} AS ${processor.writtenAt} FROM (${rows})`;
}

/** The parameters that name one date to a processor's SELECT. */
export function dateParams(processor: Processor, date: string): Record<string, string> {
  return processor.path === '/process-date-range' ? { from: date, to: date } : { date };
}

/** Rows that an INSERT wrote, from the one row with a `Count` that DuckDB answers. */
export function insertedRows(answer: readonly Record<string, unknown>[]): number {
  return Number(answer[0]?.Count ?? 0);
}

/** Replaces one date of a processor's table. `written` is epoch milliseconds. Returns the rows written; 0 leaves what was. */
export async function runProcessor(
  duckdb: Duckdb,
  processor: Processor,
  date: string,
  written: number,
  amount: Amount = 'all',
): Promise<number> {
  return await duckdb.withConnection(async ({ run }) => {
    await run('BEGIN', {});
    try {
      await run(`DELETE FROM ${processor.table} WHERE ${processor.dateColumn} = $date::DATE`, { date });
      const params = { ...dateParams(processor, date), written: String(written) };
      const rows = insertedRows(await run(insertSql(processor, amount), params));
      await run(rows === 0 ? 'ROLLBACK' : 'COMMIT', {});
      return rows;
    } catch (error) {
      await run('ROLLBACK', {}).catch(() => undefined);
      throw error;
    }
  });
}
