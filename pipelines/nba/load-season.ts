/**
 * Puts a generated season into the raw tables. Rows go as JSON in one parameter: the one road that is fast both here and
 * where the warehouse only takes statements and values.
 */
import type { Run } from '../../src/warehouse/duckdb-connection.ts';
import { createSchema } from './processors.ts';
import type { Season } from './season.ts';
import { fillSecondSource } from './second-source.ts';

const rowsAtATime = 5000;

/** Appends rows whose fields are named after the table's columns. `table` is `schema.name`. */
export async function loadRows(run: Run, table: string, rows: readonly object[]): Promise<void> {
  const [schema = '', name = ''] = table.split('.');
  const columns = await run(
    `SELECT column_name AS name, data_type AS type FROM duckdb_columns() WHERE schema_name = $schema AND table_name = $name`,
    { schema, name },
  );
  const shape = JSON.stringify([Object.fromEntries(columns.map((column) => [String(column.name), column.type]))]);
  for (let from = 0; from < rows.length; from += rowsAtATime) {
    const json = JSON.stringify(rows.slice(from, from + rowsAtATime));
    await run(
      `INSERT INTO ${table} BY NAME SELECT unnest(made) FROM (SELECT unnest(from_json($json, '${shape}')) AS made)`,
      { json },
    );
  }
}

/**
 * Rows of the schedule as scrapers leave them: a second, older row for some games, and an exhibition that is no game.
 */
function scheduleRows(season: Season): object[] {
  const real = season.games.flatMap((game, i) => {
    const row = {
      game_id: game.id,
      game_date: game.date,
      season: season.name,
      season_type: 'Regular Season',
      game_status: 'Final',
      home_team_abbr: game.home,
      away_team_abbr: game.away,
    };
    return i % 6 === 0 ? [{ ...row, game_status: 'Scheduled' }, row] : [row];
  });
  const exhibition = {
    game_id: '0032100001',
    game_date: '2022-02-20',
    season: season.name,
    season_type: 'All-Star',
    game_status: 'Final',
    home_team_abbr: 'DRT',
    away_team_abbr: 'LBN',
  };
  return [...real, exhibition];
}

function rosterRows(season: Season): object[] {
  return season.stints.map(({ player, team, from, to }) => ({
    team_abbr: team,
    player_lookup: player.lookup,
    player_name: player.name,
    from_date: from,
    to_date: to,
  }));
}

/** Creates the schema and appends the raw rows of a season. */
export async function loadSeason(run: Run, season: Season): Promise<void> {
  await createSchema(run);
  await loadRows(run, 'nba_raw.nbac_schedule', scheduleRows(season));
  await loadRows(run, 'nba_raw.rosters', rosterRows(season));
  await loadRows(run, 'nba_raw.nbac_gamebook_player_stats', season.gamebook);
  await loadRows(run, 'nba_raw.nbac_team_boxscore', season.teamBoxes);
  await fillSecondSource(run, season.name);
}
