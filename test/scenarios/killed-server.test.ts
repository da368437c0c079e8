/**
 * A server that is killed in the middle of a backfill, by SIGKILL and again and again. The processors live on and end
 * what they were asked, as real ones do; what they saw is compared with what the restarted server says.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import type { Message } from '../../workspace/server/wire.ts';
import { waitUntil } from '../jobs/wait-until.ts';
import { type Processors, startProcessors } from '../support/processor-process.ts';
import { demoHome, type RunningServer, runJson, startServer } from '../support/run-backcourt.ts';
import { openSlack, type SlackPerson } from '../support/slack-client.ts';

const upgc = 'UpcomingPlayerGameContextProcessor';

let home: Awaited<ReturnType<typeof demoHome>>;
let processors: Processors;
let server: RunningServer;
let slack: SlackPerson;

beforeEach(async () => {
  home = await demoHome();
  processors = await startProcessors({
    home: home.path,
    faults: { [upgc]: 'hang:400' },
    deadline: 2,
    goneAfter: 4,
    atATime: 6,
  });
  await startAgain();
}, 120_000);
afterEach(async () => {
  slack.close();
  await server.end('SIGKILL');
  await processors.end();
  home.remove();
});

const args = () => ['--home', home.path, '--pipeline', processors.pipeline];

async function startAgain(): Promise<void> {
  server = await startServer(args(), { env: processors.env });
  slack = await openSlack(server.url);
}

async function kill(): Promise<void> {
  slack.close();
  await server.end('SIGKILL');
}

const underWay = () => processors.calls.filter((call) => call.endedAt === null).length;
const isSummary = (message: { readonly thread?: string }) => message.thread !== undefined;

/** Waits for the summary and reads the one backfill. */
async function end(): Promise<BackfillReport> {
  await slack.sees(/Summary/, isSummary, 60_000);
  const { json } = await runJson<{ backfills: BackfillReport[] }>(['status', ...args()], { env: processors.env });
  expect(json.backfills).toHaveLength(1);
  const [report] = json.backfills;
  if (!report) throw new Error('there is no backfill');
  return report;
}

/** What has to be so however often it was killed. */
async function checkEnd(report: BackfillReport, dates: number): Promise<void> {
  expect(report.state).toBe('done');
  const states = report.cells.map(({ date, state, reason }) => `${date} ${state} ${reason}`);
  expect(states.filter((line) => !line.endsWith(' succeeded null'))).toEqual([]);
  expect(new Set(report.cells.map((cell) => cell.date)).size).toBe(dates);
  expect(report.cells).toHaveLength(dates);
  expect(report.counts).toEqual({ succeeded: dates, failed: 0, blocked: 0, skipped: 0, canceled: 0 });

  expect(processors.doubled, 'called while an earlier call was at work').toEqual([]);
  const starts = processors.journal().filter(({ event }) => event === 'start');
  for (const cell of report.cells) {
    const calls = starts.filter(({ date }) => date === cell.date).length;
    expect(calls, `calls for ${cell.date}`).toBeGreaterThanOrEqual(1);
    expect(calls, `calls for ${cell.date}`).toBeLessThanOrEqual(Math.min(3, cell.attempts));
  }
  const [filled] = await processors.query(
    `SELECT count(DISTINCT game_date)::INT AS dates FROM nba_analytics.upcoming_player_game_context WHERE game_date >= DATE '2022-01-01'`,
  );
  expect(filled).toEqual({ dates });
  const messages = slack.messages().filter((message) => message.onlyFor === undefined && message.user === 'U0BACKCRT1');
  expect(messages.filter((message) => message.thread === undefined)).toHaveLength(1);
  expect(messages.filter((message) => message.thread !== undefined)).toHaveLength(1);
}

describe('a server that is killed', () => {
  it('ends a backfill of thirty dates after one kill with calls under way', async () => {
    await slack.type('/backfill upgc 2022-01-01 2022-01-30');
    await waitUntil('ten calls, three of them under way', () => processors.calls.length >= 10 && underWay() >= 3);
    await kill();
    await startAgain();
    await checkEnd(await end(), 30);
  }, 90_000);

  it('ends it after three kills', async () => {
    await slack.type('/backfill upgc 2022-01-01 2022-01-30');
    for (const calls of [5, 12, 20]) {
      await waitUntil(
        `${calls} calls, three of them under way`,
        () => processors.calls.length >= calls && underWay() >= 3,
      );
      await kill();
      await startAgain();
    }
    await checkEnd(await end(), 30);
  }, 120_000);

  it('ends it after a kill before the first call', async () => {
    let asked = 0;
    const held = processors.hold(() => ++asked > 2);
    await slack.type('/backfill upgc 2022-01-01 2022-01-04');
    await waitUntil('a look at a claimed cell', () => held.waiting() > 0);
    expect(processors.calls).toEqual([]);
    await kill();
    held.release();
    await startAgain();
    await checkEnd(await end(), 4);
  }, 60_000);

  it('finishes it and writes the summary once after a kill between the last cell and the finish', async () => {
    const held = processors.hold((sql) => areOver() && isQuality(sql));
    await slack.type('/backfill upgc 2022-01-01 2022-01-03');
    await waitUntil('the query of the finish', () => held.waiting() > 0);
    await kill();
    held.release();
    await startAgain();
    await checkEnd(await end(), 3);
  }, 60_000);

  it('writes the summary once after a kill at the instant of the finish', async () => {
    await slack.type('/backfill upgc 2022-01-01 2022-01-03');
    await slack.sees(/Done/, (message) => isRoot(message) && areOver());
    await kill();
    await startAgain();
    await checkEnd(await end(), 3);
  }, 60_000);
});

const areOver = () => processors.calls.length === 3 && underWay() === 0;
const isRoot = (message: Message) => message.onlyFor === undefined && message.thread === undefined;

/** The statement that reads quality, which the finish begins with. */
function isQuality(sql: string): boolean {
  return sql.includes('stats AS (');
}
