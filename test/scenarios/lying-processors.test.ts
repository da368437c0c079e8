/**
 * Processors that lie, in a process of their own: what they answer is never the truth, and what was good before stays.
 * Each date of one backfill has its own lie; the command line and Slack must tell the same of them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Faults } from '../../pipelines/nba/faults.ts';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import { type Processors, startProcessors } from '../support/processor-process.ts';
import { demoHome, type RunningServer, runBackcourt, runJson, startServer } from '../support/run-backcourt.ts';
import { openSlack, type SlackPerson, wordsOf } from '../support/slack-client.ts';

const upgc = 'UpcomingPlayerGameContextProcessor';
const table = 'nba_analytics.upcoming_player_game_context';
const on = (day: string) => `${upgc}@2022-01-${day}`;

/** upgc has no rows from 2021-12-28 on and needs nothing that is missing: every date could be filled. */
const faults: Faults = {
  [on('01')]: 'empty',
  [on('02')]: 'error',
  [on('03')]: { fault: 'error', times: 2 },
  [on('05')]: 'hang:3000',
  [on('06')]: 'half',
  [on('07')]: 'double',
};
const lies = { [on('04')]: 'works-and-says-500', [on('08')]: 'error-inside-200' } as const;

/** What has to become of each date: state, reason, attempts. */
const expected = [
  '2022-01-01 failed empty_success 1',
  '2022-01-02 failed run_failed 3',
  '2022-01-03 succeeded null 3',
  '2022-01-04 succeeded null 1',
  '2022-01-05 succeeded null 1',
  '2022-01-06 failed rows_short 1',
  '2022-01-07 failed duplicates 1',
  '2022-01-08 failed run_failed 3',
  '2022-01-09 succeeded null 1',
];

let home: Awaited<ReturnType<typeof demoHome>>;
let processors: Processors | undefined;
let server: RunningServer | undefined;
let slack: SlackPerson | undefined;

beforeEach(async () => {
  home = await demoHome();
});
afterEach(async () => {
  slack?.close();
  await server?.end('SIGKILL');
  await processors?.end();
  home.remove();
  [slack, server, processors] = [undefined, undefined, undefined];
});

async function start(options: Omit<Parameters<typeof startProcessors>[0], 'home'>): Promise<Processors> {
  processors = await startProcessors({ home: home.path, ...options });
  return processors;
}

const args = ({ pipeline }: Processors) => ['--home', home.path, '--pipeline', pipeline];

function outcomes(report: BackfillReport): string[] {
  return report.cells.map(({ date, state, reason, attempts }) => `${date} ${state} ${reason} ${attempts}`);
}

/** Calls by date, as "2022-01-01 1". */
function countCalls(dates: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const date of dates) counts.set(date, (counts.get(date) ?? 0) + 1);
  return [...counts].map(([date, count]) => `${date} ${count}`).sort();
}

const expectedCalls = expected.map((line) => line.replace(/ .* /, ' '));

/** A figure that changes when any row of these dates changes. */
async function printOf(from: string, to: string, of = table): Promise<unknown> {
  const rows = await processors?.query(
    `SELECT count(*)::INT AS n, sum(hash(t::VARCHAR)::HUGEINT)::VARCHAR AS print FROM ${of} AS t
     WHERE game_date BETWEEN DATE '${from}' AND DATE '${to}'`,
  );
  return rows?.[0];
}

describe('a backfill whose processors lie', () => {
  it('ends each date by the rows that are there, in --json', async () => {
    const running = await start({ faults, lies });
    const before = await printOf('2021-10-19', '2021-12-31');
    const { json, code } = await runJson<BackfillReport>(
      ['backfill', 'upgc', '2022-01-01', '2022-01-09', ...args(running)],
      { env: running.env },
    );
    expect(outcomes(json)).toEqual(expected);
    expect([json.result, code]).toEqual(['succeeded_with_gaps', 1]);
    expect(json.cells.filter((cell) => cell.state === 'failed').every((cell) => cell.errorId !== null)).toBe(true);

    expect(countCalls(running.calls.map((call) => call.date))).toEqual(expectedCalls);
    expect(running.doubled).toEqual([]);
    const starts = running.journal().filter(({ event }) => event === 'start');
    expect(starts.filter(({ date }) => date === '2022-01-05')).toHaveLength(1);
    expect(await printOf('2021-10-19', '2021-12-31')).toEqual(before);
  });

  it('leaves rows alone that were good before, and does not take them for its own', async () => {
    const running = await start({
      faults: { [`${upgc}@2021-12-21`]: 'empty', [`${upgc}@2021-12-22`]: 'error' },
      lies: { [`${upgc}@2021-12-20`]: 'says-success', [`${upgc}@2021-12-23`]: 'error-inside-200' },
    });
    const before = await printOf('2021-12-20', '2021-12-23');
    const { json } = await runJson<BackfillReport>(
      ['backfill', 'upgc', '2021-12-20', '2021-12-23', '--no-resume', ...args(running)],
      { env: running.env },
    );
    expect(outcomes(json)).toEqual([
      '2021-12-20 failed run_failed 1',
      '2021-12-21 failed run_failed 1',
      '2021-12-22 failed run_failed 3',
      '2021-12-23 failed run_failed 3',
    ]);
    expect(json.cells.every((cell) => (cell.rowsAfter ?? 0) > 0 && cell.rowsAfter === cell.rowsBefore)).toBe(true);
    expect(json.result).toBe('failed');
    expect(await printOf('2021-12-20', '2021-12-23')).toEqual(before);
    const after = await runBackcourt(
      ['coverage', 'upgc', '2021-12-20', '2021-12-23', '--fail-on-gap', ...args(running)],
      {
        env: running.env,
      },
    );
    expect(after.code).toBe(0);
  });

  it('takes the word of a processor for rows that nobody can date, and says that it is only a word', async () => {
    const running = await start({
      without: /^ {4}written_at:/,
      lies: { [`${upgc}@2021-12-20`]: 'says-success', [`${upgc}@2021-12-21`]: 'error-inside-200' },
    });
    const { json } = await runJson<BackfillReport>(
      ['backfill', 'upgc', '2021-12-20', '2021-12-22', '--no-resume', ...args(running)],
      { env: running.env },
    );
    expect(outcomes(json)).toEqual([
      '2021-12-20 succeeded unverified 1',
      '2021-12-21 failed run_failed 3',
      '2021-12-22 succeeded null 1',
    ]);
  });

  it('tells each cause once in the thread, with its dates and with ids that stand in the log', async () => {
    const running = await start({ faults, lies });
    server = await startServer(args(running), { env: running.env });
    slack = await openSlack(server.url);
    await slack.type('/backfill upgc 2022-01-01 2022-01-09');
    const summary = await slack.sees(/Summary/, (message) => message.thread !== undefined, 60_000);
    const root = slack.messages().find((message) => message.ts === summary.thread);
    const replies = root ? slack.thread(root).filter((message) => message.ts !== summary.ts) : [];
    expect(root ? wordsOf(root) : '').toMatch(/5 .*failed/);

    const about = (words: RegExp) => replies.filter((message) => words.test(wordsOf(message))).map(wordsOf);
    // Dates that fail with other words have another cause, though both are errors of the run.
    expect(replies).toHaveLength(5);
    for (const day of [1, 2, 6, 7, 8])
      expect(about(new RegExp(`upgc failed on 1 date: ${day} Jan 2022`))).toHaveLength(1);
    expect(replies.filter((message) => /<@U0MAYACHEN>/.test(message.text))).toHaveLength(1);

    const log = readFileSync(join(home.path, 'backcourt.log'), 'utf8');
    const ids = replies.flatMap((message) =>
      (/In the log: ([0-9a-f, ]+)/.exec(wordsOf(message))?.[1] ?? '').split(',').map((id) => id.trim()),
    );
    expect(ids.filter((id) => id !== '')).toHaveLength(5);
    for (const id of ids) expect(log, `error ${id} in the log`).toContain(`"errorId":"${id}"`);
    expect(countCalls(running.calls.map((call) => call.date))).toEqual(expectedCalls);
  });
});
