/** Somebody else's pipeline, through the real command: nothing of it is known to the code. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import type { Coverage, TableCoverage, Why } from '../../src/core/coverage/coverage-report.ts';
import { addDays, dateIn, daysBetween, weekday } from '../../src/core/dates.ts';
import type { PlanReport } from '../../src/core/plan/plan-report.ts';
import type { Quality } from '../../src/core/quality/quality-report.ts';
import { addEvents, createTables, runJob } from '../support/daily-events/jobs.ts';
import { type DailyEvents, serveDailyEvents } from '../support/daily-events/serve.ts';
import { emptyHome, type Folder, runBackcourt, runJson } from '../support/run-backcourt.ts';

/** No events came on the 22nd; sessions were not built on 9-13 Feb, nor reports from the 9th to the 19th. */
const noEvents = '2024-02-22';
const noSessions = daysBetween('2024-02-09', '2024-02-13');
const noReports = daysBetween('2024-02-09', '2024-02-19');
const february = daysBetween('2024-02-01', '2024-02-25');
const recentHole = addDays(dateIn('Asia/Kolkata', Date.now()), -4);

let home: Folder;
let web: DailyEvents;

beforeAll(async () => {
  home = await emptyHome();
  web = await serveDailyEvents(join(home.path, 'rows.duckdb'), async (run) => {
    await createTables(run);
    const recent = daysBetween(addDays(recentHole, -12), addDays(recentHole, 5));
    for (const day of [...february, ...recent]) {
      if (day !== noEvents) await addEvents(run, day);
      if (!noSessions.includes(day) && day !== recentHole) await runJob(run, 'build-sessions', day);
    }
    for (const day of february) {
      const works = weekday(day) <= 5 && !noReports.includes(day) && day < noEvents;
      if (works) await runJob(run, 'build-report', day);
    }
  });
});
afterAll(async () => {
  await web?.end();
  home.remove();
});

const words = (text: string) => [...text.split(' '), '--home', home.path, '--pipeline', web.pipeline];
const ask = <T>(text: string) => runJson<T>(words(text), { env: web.env });
const say = (text: string) => runBackcourt(words(text), { env: web.env });

const marks: Readonly<Record<string, string>> = {
  complete: 'c',
  missing: 'm',
  blocked: 'b',
  not_expected: '-',
  tainted: 'T',
};

function mark({ tables }: Coverage): Record<string, string> {
  const line = ({ cells }: TableCoverage) => cells.map((cell) => marks[cell.status] ?? cell.status).join('');
  return Object.fromEntries(tables.map((table) => [table.table, line(table)]));
}

// Each word is a process of its own, and the machine may have other things to do.
describe('a pipeline of web events', { timeout: 120_000 }, () => {
  it('is checked from its own file, with its own services', async () => {
    const checked = await say('check');
    expect(checked).toMatchObject({ code: 0 });
    expect(checked.out).toContain('3 tables, 0 seasons');
    expect(checked.out).toContain('ok    service jobs:');
  });

  it('shows its holes and their causes, and expects no report on weekends and holidays', async () => {
    const { code, json } = await ask<Coverage>('coverage all 2024-02-01 2024-02-22');
    expect(code).toBe(0);
    //              1234567890123456789012
    expect(mark(json)).toEqual({
      events: 'cccccccccccccccccccccm',
      sessions: 'ccccccccmmmmmccccccccb',
      report: 'cc--ccccm---bbbb--mccm',
    });
    expect(json.tables.map(({ table, expected, complete }) => [table, expected, complete])).toEqual([
      ['events', 22, 21],
      ['sessions', 22, 16],
      ['report', 15, 8],
    ]);
    expect(json.causes).toEqual([
      { table: 'sessions', reason: 'never_run', dates: noSessions, explains: 9 },
      { table: 'report', reason: 'never_run', dates: ['2024-02-09', '2024-02-19', noEvents], explains: 3 },
      { table: 'events', reason: 'never_run', dates: [noEvents], explains: 2 },
    ]);
    const report = json.tables.find(({ table }) => table === 'report');
    expect(report?.cells[11]).toMatchObject({ date: '2024-02-12', status: 'not_expected', reason: 'off_season' });
    expect(report?.cells[12]).toMatchObject({
      status: 'blocked',
      reason: 'upstream_missing',
      failing: [{ table: 'sessions', window: 7, have: 2, need: 7, dates: noSessions }],
    });
  });

  it('explains one date down to the events that nobody sent', async () => {
    const { json } = await ask<Why>(`why sessions ${noEvents}`);
    expect(json).toMatchObject({ table: 'sessions', status: 'blocked', reason: 'upstream_missing' });
    expect(json.chain.map((step) => [step.table, step.date, step.status])).toEqual([
      ['sessions', noEvents, 'blocked'],
      ['events', noEvents, 'missing'],
    ]);
  });

  it('knows what is not due yet, and reads yesterday and the last days in its own zone', async () => {
    const { json } = await ask<Coverage>('coverage all last 7 days');
    const of = (alias: string) => json.tables.find(({ table }) => table === alias)?.cells ?? [];
    expect(of('events').map((cell) => cell.status)).toEqual(Array(7).fill('complete'));
    expect(of('sessions').at(-1)).toMatchObject({ date: json.to, status: 'not_expected', reason: 'not_due' });
    const due = of('sessions').slice(0, -1);
    expect(due.find(({ date }) => date === recentHole)).toMatchObject({ status: 'missing', reason: 'never_run' });
    expect(due.filter(({ date }) => date !== recentHole).every(({ status }) => status === 'complete')).toBe(true);
    const off = of('report').filter(({ reason }) => reason === 'off_season');
    expect(off.map(({ date }) => weekday(date)).sort()).toEqual([6, 7]);

    const yesterday = await ask<Coverage>('coverage sessions yesterday');
    expect(yesterday.json.tables[0]?.byStatus).toEqual({ not_expected: 1 });
    const early = await ask<{ error: { kind: string; message: string } }>('backfill sessions yesterday');
    expect(early).toMatchObject({ code: 2, json: { error: { kind: 'refusal' } } });
  });

  it.each(['coverage', 'backfill'])(
    'gives examples of its own in the help of %s, and they can be typed',
    async (command) => {
      const help = await say(`${command} help`);
      expect(help.code).toBe(0);
      const text = help.out + help.err;
      expect(text).toContain('Asia/Kolkata');
      expect(text).not.toMatch(/season|2021/);
      const [, example] = /Example: backcourt (.*)/.exec(text) ?? [];
      expect(example).toBe(`${command} report last 7 days`);
      const typed = await say(`${example}${command === 'backfill' ? ' --dry-run' : ''}`);
      expect(typed).toMatchObject({ code: 0 });
      const [, when] = /^when: (.*?),/m.exec(text) ?? [];
      expect(await say(`coverage report ${when}`)).toMatchObject({ code: 0 });
    },
  );

  it('plans the sessions before the reports that look back on them', async () => {
    const { json } = await ask<PlanReport>('plan report 2024-02-13..2024-02-16');
    expect(json).toMatchObject({
      target: 'report',
      steps: [
        { table: 'sessions', dates: noSessions },
        { table: 'report', dates: daysBetween('2024-02-13', '2024-02-16') },
      ],
      blocked: [],
      cells: 9,
    });
  });

  it('runs nothing while a need is not met, and says which', async () => {
    const { code, json } = await ask<BackfillReport>('backfill report 2024-02-13..2024-02-16');
    expect(code).toBe(1);
    expect(json).toMatchObject({ result: 'refused', counts: { blocked: 4, succeeded: 0 } });
    expect(json.preflight.blocked[0]?.causes.map(({ table, date }) => `${table} ${date}`)).toEqual(
      noSessions.map((date) => `sessions ${date}`),
    );
    const outside = await ask<BackfillReport>(`backfill sessions ${noEvents} --with-upstream`);
    expect(outside).toMatchObject({ code: 1, json: { result: 'refused' } });
    expect(outside.json.preflight.blocked[0]?.causes).toMatchObject([{ table: 'events', date: noEvents }]);
    expect(web.calls).toEqual([]);
  });

  it('fills what is needed first and then the reports, with rows that were really computed', async () => {
    const { code, json } = await ask<BackfillReport>('backfill report 2024-02-09..2024-02-19 --with-upstream');
    expect(json).toMatchObject({ result: 'succeeded', counts: { succeeded: 11, failed: 0, blocked: 0 } });
    expect(code).toBe(0);
    expect(json.cells.filter(({ state }) => state === 'succeeded').every(({ reason }) => reason === null)).toBe(true);
    const calls = [...web.calls];
    expect(calls.map((call) => call.split(' ')[0])).toEqual([
      ...Array(5).fill('build-sessions'),
      ...Array(6).fill('build-report'),
    ]);
    expect(new Set(calls).size).toBe(11);

    const after = await ask<Coverage>('coverage sessions,report 2024-02-01..2024-02-21');
    expect(mark(after.json)).toEqual({ sessions: 'c'.repeat(21), report: 'cc--ccccc---cccc--ccc' });
    expect((await say('coverage report 2024-02-01..2024-02-21 --fail-on-gap')).code).toBe(0);
  });

  it('has as many sessions in the reports as the events tell', async () => {
    const rows = await web.run(
      `SELECT CAST(report_date AS STRING) AS day, SUM(sessions) AS one, SUM(sessions_7_days) AS seven
       FROM web.daily_report WHERE report_date BETWEEN DATE '2024-02-09' AND DATE '2024-02-19' GROUP BY 1 ORDER BY 1`,
      {},
    );
    const sessionsOn = (day: string) => 2 * (10 + (Number(day.slice(8)) % 4));
    const working = noReports.filter((day) => weekday(day) <= 5 && day !== '2024-02-12');
    expect(rows).toEqual(
      working.map((day) => ({
        day,
        one: sessionsOn(day),
        seven: daysBetween(addDays(day, -6), day).reduce((sum, each) => sum + sessionsOn(each), 0),
      })),
    );
  });

  it('has its quality looked at', async () => {
    const { json } = await ask<Quality>('quality sessions 2024-02-12');
    expect(json.total).toMatchObject({ rows: 20, entities: 20, duplicates: 0, nulls: { landing: 0 } });
  });
});
