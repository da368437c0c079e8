/** The two jobs of the pipeline, computed by SQL from the rows that are there. Nothing is invented: no input, no rows. */
import type { Run } from '../../../src/warehouse/sql.ts';

/** Creates the tables. */
export async function createTables(run: Run): Promise<void> {
  for (const statement of [
    'CREATE SCHEMA web',
    'CREATE TABLE web.events (day DATE, event_id VARCHAR, visitor VARCHAR, seen_at TIMESTAMP, page VARCHAR)',
    'CREATE TABLE web.sessions (day DATE, visitor VARCHAR, session INTEGER, events INTEGER, landing VARCHAR, built_at TIMESTAMP)',
    'CREATE TABLE web.daily_report (report_date DATE, page VARCHAR, sessions INTEGER, sessions_7_days INTEGER)',
  ])
    await run(statement, {});
}

/**
 * Events of a date: 10 to 13 visitors look at two pages within half an hour, and at a third one much later. So each of
 * them has two sessions.
 */
export async function addEvents(run: Run, day: string): Promise<void> {
  const visitors = 10 + (Number(day.slice(8)) % 4);
  const sql = `INSERT INTO web.events
    SELECT CAST($day AS DATE), $day || '-' || v || '-' || n, 'visitor ' || v,
      CAST($day AS TIMESTAMP) + to_minutes(60 * v + 20 * n + CASE WHEN n = 2 THEN 100 ELSE 0 END),
      list_extract(['home', 'shop', 'help'], CAST((v + n) % 3 + 1 AS INTEGER))
    FROM range(${visitors}) AS all_visitors(v) CROSS JOIN range(3) AS all_pages(n)`;
  await run(sql, { day });
}

/** A visitor who was away for half an hour begins a new session. */
const buildSessions = `INSERT INTO web.sessions
  WITH marked AS (
    SELECT visitor, seen_at, page, seen_at - lag(seen_at) OVER (PARTITION BY visitor ORDER BY seen_at) < INTERVAL 30 MINUTE AS goes_on
    FROM web.events WHERE day = CAST($day AS DATE)
  ), numbered AS (
    SELECT *, COUNT(*) FILTER (WHERE goes_on IS NOT TRUE) OVER (PARTITION BY visitor ORDER BY seen_at) AS session
    FROM marked
  )
  SELECT CAST($day AS DATE), visitor, session, COUNT(*), arg_min(page, seen_at), CAST(now() AS TIMESTAMP)
  FROM numbered GROUP BY visitor, session`;

const buildReport = `INSERT INTO web.daily_report
  SELECT CAST($day AS DATE), landing, COUNT(*) FILTER (WHERE day = CAST($day AS DATE)), COUNT(*)
  FROM web.sessions WHERE day BETWEEN CAST($day AS DATE) - 6 AND CAST($day AS DATE)
  GROUP BY landing`;

const jobs = new Map([
  ['build-sessions', { clear: 'DELETE FROM web.sessions WHERE day = CAST($day AS DATE)', build: buildSessions }],
  [
    'build-report',
    { clear: 'DELETE FROM web.daily_report WHERE report_date = CAST($day AS DATE)', build: buildReport },
  ],
]);

/** Runs a job for one date, in place of what it wrote before; false if there is no such job. */
export async function runJob(run: Run, job: string, day: string): Promise<boolean> {
  const known = jobs.get(job);
  if (!known) return false;
  await run('BEGIN', {});
  await run(known.clear, { day });
  await run(known.build, { day });
  await run('COMMIT', {});
  return true;
}
