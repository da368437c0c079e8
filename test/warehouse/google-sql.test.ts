/** The GoogleSQL that goes to BigQuery, as text to read: nothing here runs it. Renew with `npx vitest run -u`. */
import { describe, expect, it } from 'vitest';
import { checkTables } from '../../src/warehouse/check-tables.ts';
import { describeTables } from '../../src/warehouse/describe-tables.ts';
import { googleSql } from '../../src/warehouse/dialect.ts';
import { factsQuery } from '../../src/warehouse/facts-query.ts';
import { fingerprintQuery } from '../../src/warehouse/fingerprint-query.ts';
import { missingQuery } from '../../src/warehouse/missing-query.ts';
import { qualityQuery } from '../../src/warehouse/quality-query.ts';
import type { Statement } from '../../src/warehouse/sql.ts';
import { labCatalogue, labTable, testSchedule } from '../contracts/warehouse-under-test.ts';

const google = googleSql({ project: 'acme-data', location: 'US' });
const games = labTable('sched', {
  table: 'nba_raw.schedule',
  dateColumn: 'game_date',
  key: ['game_id'],
  mayRepeat: true,
});
const rosters = labTable('rosters', { table: 'nba_raw.rosters', dateColumn: 'game_date', key: ['player'] });
const summary = labTable('summary', {
  table: 'other-project.nba_analytics.summary',
  dateColumn: 'game_date',
  key: ['game_id', 'player'],
  writtenAt: 'processed_at',
  dates: 'games',
  where: [{ column: 'kind', values: ['regular', 2, true] }],
  quality: {
    flags: ['is_ready'],
    critical: ['points'],
    entity: 'player',
    reference: { table: 'rosters', column: 'player' },
  },
});
const catalogue = labCatalogue([games, rosters, summary]);
const range = { from: '2021-11-01', to: '2021-11-30' };
const dates = ['2021-11-01', '2021-11-03'];

const statements: Readonly<Record<string, () => Statement | Promise<Statement>>> = {
  facts: () => factsQuery(google, [games, summary], range, testSchedule),
  quality: () => qualityQuery(google, { table: summary, dates, catalogue, schedule: games }),
  missing: () => missingQuery(google, [{ table: summary, dates }], catalogue),
  fingerprints: () => fingerprintQuery(google, rosters, dates),
  check: () => heard((run) => checkTables(run, google, [games, summary], testSchedule)),
  describe: () => heard((run) => describeTables(run, google)),
};

/** What somebody runs. */
async function heard(
  ask: (run: (sql: string, params: Statement['params']) => Promise<never[]>) => unknown,
): Promise<Statement> {
  let said: Statement = { sql: '', params: {} };
  await ask(async (sql, params) => {
    said = { sql, params };
    return [];
  });
  return said;
}

describe('GoogleSQL', () => {
  it.each(Object.entries(statements))('asks for %s in these words', async (name, make) => {
    const { sql, params } = await make();
    const comment = Object.entries(params).map(([param, value]) => `-- @${param} = ${JSON.stringify(value)}`);
    await expect(`${[...comment, sql].join('\n')};\n`).toMatchFileSnapshot(`golden/${name}.sql`);
  });

  it('keeps a name in its quotes, whatever is in it', () => {
    expect(google.quote('a`b\\c')).toBe('`a\\`b\\\\c`');
  });
});
