/**
 * Three server processes on one Postgres, in one Slack: each with a queue in its memory, and any of them gets what Slack
 * sends. Nobody takes the others for dead; who is killed and comes again ends what it had begun.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import { addDays } from '../../src/core/dates.ts';
import type { Message } from '../../workspace/server/wire.ts';
import type { Workspace } from '../../workspace/server/workspace.ts';
import { checkRound } from '../crash/check-round.ts';
import { type CrashPipeline, firstDate, startCrashPipeline } from '../crash/pipeline.ts';
import { makePlace, type Place } from '../crash/victim.ts';
import { waitUntil } from '../jobs/wait-until.ts';
import { chanceOf } from '../simulation/chance.ts';
import { type Folder, type RunningServer, runJson, startServer, temporaryFolder } from '../support/run-backcourt.ts';
import { openSlack, people, type SlackPerson, wordsOf } from '../support/slack-client.ts';
import { ownSchema, postgresAnswers } from '../support/stores.ts';
import { startTestWorkspace } from '../workspace/start-app.ts';

const BOT = 'xoxb-of-three';
const APP = 'xapp-1-A0BACKCRT1-42-of-three';
const dates = 20;

type Server = { readonly place: Place; running: RunningServer };

const onPostgres = await postgresAnswers('three servers on one state');
if (!onPostgres) console.warn('three servers on one state: not run');

describe.skipIf(!onPostgres)('three servers', () => {
  let folder: Folder;
  let schema: Awaited<ReturnType<typeof ownSchema>>;
  let workspace: Workspace;
  let pipeline: CrashPipeline;
  let servers: Server[];
  let maya: SlackPerson;

  beforeAll(async () => {
    folder = temporaryFolder();
    schema = await ownSchema();
    workspace = await startTestWorkspace({ botToken: BOT, appToken: APP });
    const slow = { ...chanceOf(1, 'service'), weigh: () => 'slow' as never, between: () => 300 };
    pipeline = await startCrashPipeline(dates, slow);
    const env = {
      BACKCOURT_STORE: schema.url,
      BACKCOURT_WAREHOUSE: pipeline.warehouse,
      BACKCOURT_STORE_CONNECTIONS: '5',
      SLACK_BOT_TOKEN: BOT,
      SLACK_APP_TOKEN: APP,
      SLACK_API_URL: workspace.apiUrl,
      PORT: '0',
    };
    const places = ['one', 'two', 'three'].map((name) => makePlace(`${folder.path}/${name}`, pipeline.yaml, env));
    servers = await Promise.all(places.map(async (place) => ({ place, running: await start(place) })));
    maya = await openSlack(workspace.url);
  }, 120_000);
  afterAll(async () => {
    maya?.close();
    for (const { running } of servers ?? []) await running.end();
    await workspace?.close();
    await pipeline?.close();
    await schema?.drop();
    folder?.remove();
  });
  beforeEach(() => pipeline.clear());

  const start = ({ home, pipeline: file, env }: Place) => startServer(['--home', home, '--pipeline', file], { env });
  const underWay = () => pipeline.calls.filter(({ ended }) => !ended).length;
  const newest = () => Math.max(0, ...maya.messages().map(({ ts }) => Number(ts)));
  const launch = async () => {
    const since = newest();
    const last = addDays(firstDate, dates - 1);
    await maya.type(`/backfill report ${firstDate} ${last} --with-upstream --reason "three servers"`);
    await waitUntil('calls', () => underWay() > 2, 30_000);
    return since;
  };
  const end = async (since: number) => {
    const isNew = (message: Message) => Number(message.ts) > since && message.onlyFor === undefined;
    await maya.sees(/Summary: /, (message) => message.thread !== undefined && isNew(message), 60_000);
    await maya.sees(/Done/, (message) => message.thread === undefined && isNew(message), 30_000);
    const place = servers[0]?.place;
    if (!place) throw new Error('there is no server');
    const args = ['--home', `${folder.path}/terminal`, '--pipeline', place.pipeline];
    const { json } = await runJson<{ backfills: BackfillReport[] }>(['status', ...args], { env: place.env });
    const id = json.backfills[0]?.id ?? 'none';
    const { json: report } = await runJson<BackfillReport>(['status', ...args, id], { env: place.env });
    const shown = maya.messages().filter((message) => isNew(message) && !isPerson(message));
    const roots = shown.filter(({ thread }) => thread === undefined);
    const thread = shown.filter((message) => message.thread !== undefined);
    expect(await checkRound({ report, planned: 2 * dates, pipeline, roots, thread })).toEqual([]);
    return report;
  };

  it('share a backfill: each cell is called once, and nobody is taken for dead, also when one more starts', async () => {
    const since = await launch();
    const late = makePlace(`${folder.path}/four`, pipeline.yaml, servers[0]?.place.env ?? {});
    servers.push({ place: late, running: await start(late) });
    const report = await end(since);
    expect(report.counts).toMatchObject({ succeeded: 2 * dates });
    expect(pipeline.calls).toHaveLength(2 * dates);
    const logs = servers.map(({ place }) => readFileSync(`${place.home}/backcourt.log`, 'utf8'));
    expect(logs.filter((log) => log.includes('attempt of another process adopted'))).toEqual([]);
  }, 120_000);

  it('go on while one after the other is killed and started again', async () => {
    const since = await launch();
    for (const server of servers.slice(0, 3)) {
      await server.running.end('SIGKILL');
      server.running = await start(server.place);
    }
    expect((await end(since)).counts).toMatchObject({ succeeded: 2 * dates });
  }, 120_000);

  it('answer each of 200 commands once, when all come at the same time', async () => {
    const since = newest();
    const days = Array.from({ length: 200 }, (_, day) => addDays(firstDate, day % dates));
    const taken = await Promise.all(days.map((day) => maya.type(`/coverage report ${day}`)));
    expect(taken.filter((answer) => 'error' in answer)).toEqual([]);
    const said = (onlyForOne: boolean) =>
      maya
        .messages()
        .filter((message) => Number(message.ts) > since && !isPerson(message))
        .filter(({ onlyFor }) => (onlyFor !== undefined) === onlyForOne)
        .map(wordsOf);
    await waitUntil('all answers', () => said(false).length >= days.length, 90_000);
    // What each was told at once, and then the answer.
    expect(countBy(said(true), (words) => /^Reading report/.test(words))).toEqual(new Map([[true, days.length]]));
    const perDay = countBy(said(false), (words) => /of 1 date .*?(\d{1,2}) Jan/s.exec(words)?.[1]);
    expect([...perDay.values()]).toEqual(Array(dates).fill(days.length / dates));
  }, 120_000);
});

function countBy<T, K>(all: readonly T[], keyOf: (one: T) => K): Map<K, number> {
  const counts = new Map<K, number>();
  for (const one of all) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1);
  return counts;
}

function isPerson({ user }: Message): boolean {
  return Object.values<string>(people).includes(user);
}
