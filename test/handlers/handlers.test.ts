import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readMention } from '../../handlers/app-mention.ts';
import { requestIdOf } from '../../handlers/take-request.ts';
import { putMessage } from '../../src/store/messages.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openPglite } from '../../src/store/pglite.ts';
import { findRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import { appMention, buttonClick, sendSigned, slashCommand } from '../support/signed-request.ts';
import { launch } from '../support/small-backfills.ts';
import { eventually, type Harness, startHarness, storedFor } from './harness.ts';

let store: Store;
let it: Harness;
let trigger = 0;
const nextTrigger = () => ({ trigger_id: `trigger-${++trigger}` });

beforeAll(async () => {
  store = await openPglite(undefined);
  await migrate(store);
});
afterAll(() => store.close());
beforeEach(async () => {
  it = await startHarness(store);
});
afterEach(() => it.close());

const send = (body: string) => sendSigned(it.url, body);
const mention = (body: string) => sendSigned(it.url, body, { type: 'application/json' });

describe('a slash command', () => {
  test('is stored, acknowledged for the asker alone, and enqueued', async () => {
    const answer = await send(slashCommand('/coverage', 'mlfs 2021-11-01 2021-11-30', nextTrigger()));
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      response_type: 'ephemeral',
      text: 'Reading mlfs, 1-30 Nov 2021 (30 dates) ...',
    });
    const task = await eventually(() => it.tasks[0]);
    expect(task.task).toMatchObject({ v: 1, kind: 'report-coverage' });
    expect(await storedFor(store, task)).toEqual({
      command: '/coverage',
      text: 'mlfs 2021-11-01 2021-11-30',
      user: 'U012ABCDEF',
      userName: 'mira',
      channel: 'C1',
      thread: null,
      at: it.time.now,
    });
  });

  test('to backfill rings for the job that checks before it runs', async () => {
    const answer = await send(slashCommand('/backfill', 'mlfs 2022-01-01 2022-01-07 --dry-run', nextTrigger()));
    expect(answer.body.text).toContain('before anything runs');
    expect((await eventually(() => it.tasks[0])).task).toMatchObject({ kind: 'start-backfill' });
  });

  test('that cannot be understood is answered at once with a corrected command, and nothing is stored', async () => {
    const answer = await send(slashCommand('/coverage', 'mlsf 2021-11-01 2021-11-30', nextTrigger()));
    expect(answer.body).toMatchObject({
      response_type: 'ephemeral',
      text: expect.stringContaining('/coverage mlfs 2021-11-01'),
    });
    expect(it.tasks).toEqual([]);
  });

  test('for help is answered at once', async () => {
    for (const command of ['/coverage', '/backfill']) {
      const answer = await send(slashCommand(command, 'help', nextTrigger()));
      expect(answer.body.text).toContain(command);
    }
    expect(it.tasks).toEqual([]);
  });

  test('that is delivered three times is one request and one task', async () => {
    const body = slashCommand('/coverage', 'mlfs 2021-11-16', nextTrigger());
    const answers = await Promise.all([send(body), send(body), send(body)]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    await eventually(() => it.tasks.length > 0);
    await send(body);
    expect(it.tasks).toHaveLength(1);
  });

  test('is acknowledged although the queue is down, and stays open in the store', async () => {
    it.queue.down = true;
    const one = nextTrigger();
    const answer = await send(slashCommand('/coverage', 'mlfs 2021-11-16', one));
    expect(answer.status).toBe(200);
    await eventually(() => it.log.find((line) => line.msg === 'request stored but not enqueued'));
    expect(await findRequest(store.query, requestIdOf(`command:${one.trigger_id}`))).toBeDefined();
  });

  test('is answered with an id when the store is down', async () => {
    const broken = await startHarness({ ...store, query: () => Promise.reject(new Error('no connection')) });
    const answer = await sendSigned(broken.url, slashCommand('/coverage', 'mlfs 2021-11-16', nextTrigger()));
    expect(answer.body.text).toContain('id1');
    expect(broken.log).toContainEqual(expect.objectContaining({ id: 'id1', msg: 'command could not be taken' }));
    expect(broken.tasks).toEqual([]);
    await broken.close();
  });

  test('that is not ours is answered, and not after three seconds', async () => {
    const answer = await send(slashCommand('/deploy', 'now', nextTrigger()));
    expect(answer.body.text).toContain('/deploy is not a command of Backcourt');
    expect(answer.ms).toBeLessThan(2_000);
  });

  test('calls nobody with what was typed into it', async () => {
    const answer = await send(slashCommand('/coverage', '<!channel> <@U012ABCDEF> `x` 2021-11-16', nextTrigger()));
    expect(answer.status).toBe(200);
    expect(String(answer.body.text)).not.toMatch(/<[!@]/);
  });
});

describe('a request', () => {
  const body = slashCommand('/coverage', 'mlfs 2021-11-16');
  const minutes = (count: number) => Date.now() + count * 60_000;

  const all = [
    ['a command', body, undefined],
    ['a mention', appMention('<@UBOT000> backfill mlfs 2022-01-01', { eventId: 'Ev-forged' }), 'application/json'],
    ['a click', buttonClick('run-ready', 'o1'), undefined],
  ] as const;

  test.each(all)(
    '(%s) with a wrong signature, another body, or none is refused, and nothing is stored',
    async (_, sent, type) => {
      const kind = type === undefined ? {} : { type };
      const forged = [
        { secret: 'another' },
        { signature: null },
        { signature: 'v0=' },
        { signature: `v1=${'0'.repeat(64)}` },
      ];
      const answers = await Promise.all(forged.map((how) => sendSigned(it.url, sent, { ...kind, ...how })));
      expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
      expect(it.tasks).toEqual([]);
      expect(it.slack.messages).toEqual([]);
    },
  );

  test('from more than five minutes ago or ahead is refused', async () => {
    expect((await sendSigned(it.url, body, { at: minutes(-6) })).status).toBe(401);
    expect((await sendSigned(it.url, body, { at: minutes(6) })).status).toBe(401);
    expect((await sendSigned(it.url, body, { at: minutes(4) })).status).toBe(200);
  });

  test('of another workspace is acknowledged and dropped where one is named', async () => {
    const strict = await startHarness(store, { team: 'T1' });
    const foreign = slashCommand('/coverage', 'mlfs 2021-11-16', { ...nextTrigger(), team_id: 'T2' });
    expect((await sendSigned(strict.url, foreign)).status).toBe(200);
    expect(
      (await sendSigned(strict.url, slashCommand('/coverage', 'mlfs 2021-11-16', nextTrigger()))).body.text,
    ).toContain('Reading');
    await eventually(() => strict.tasks.length === 1);
    expect(strict.log).toContainEqual(expect.objectContaining({ team: 'T2' }));
    await strict.close();
  });
});

describe('a mention', () => {
  test('asks in the thread it stands in', async () => {
    await mention(
      appMention('<@UBOT000> coverage mlfs 2021-11-16', { eventId: 'Ev-thread', thread: '1700000000.000100' }),
    );
    const asked = await storedFor(store, await eventually(() => it.tasks[0]));
    expect(asked).toMatchObject({
      command: '/coverage',
      text: 'mlfs 2021-11-16',
      thread: '1700000000.000100',
      user: 'U012ABCDEF',
    });
  });

  test('that is delivered again is one request', async () => {
    const body = appMention('<@UBOT000> backfill mlfs 2022-01-01', { eventId: 'Ev-again' });
    await Promise.all([mention(body), mention(body)]);
    await eventually(() => it.tasks.length > 0);
    await mention(body);
    expect(it.tasks.map((each) => each.task.kind)).toEqual(['start-backfill']);
  });

  test('that cannot be understood is answered to its writer alone', async () => {
    await mention(appMention('<@UBOT000> coverage mlfs 11/01/2021', { eventId: 'Ev-bad' }));
    const whispered = await eventually(() => it.slack.messages.find((message) => message.user === 'U012ABCDEF'));
    expect(whispered.text).toContain('2021-11-01');
    expect(it.tasks).toEqual([]);
  });

  test('of another bot is not answered', async () => {
    await mention(appMention('<@UBOT000> coverage mlfs 2021-11-16', { eventId: 'Ev-bot', bot: 'B2' }));
    await mention(appMention('<@UBOT000> coverage mlfs 2021-11-17', { eventId: 'Ev-person' }));
    await eventually(() => it.tasks.length > 0);
    expect(it.tasks).toHaveLength(1);
  });

  test('without a verb of ours is a question for help', () => {
    expect(readMention('<@UBOT000> hello')).toEqual({ command: '/coverage', text: 'help' });
    expect(readMention('<@UBOT000>  /Backfill mlfs\n2022-01-01')).toEqual({
      command: '/backfill',
      text: 'mlfs\n2022-01-01',
    });
    expect(readMention('hey <@UBOT000|backcourt> coverages')).toEqual({ command: '/coverage', text: 'help' });
    expect(readMention('<@UBOT000>')).toEqual({ command: '/coverage', text: 'help' });
    expect(readMention('<@UBOT000> /backfill')).toEqual({ command: '/backfill', text: 'help' });
  });

  test('may leave the command away where a verb says which it is', () => {
    expect(readMention('<@UBOT000> pause k3v9x2')).toEqual({ command: '/backfill', text: 'pause k3v9x2' });
    expect(readMention('<@UBOT000> Why mlfs 2021-11-16')).toEqual({
      command: '/coverage',
      text: 'Why mlfs 2021-11-16',
    });
  });

  test('in the thread of a backfill means that one', async () => {
    await launch(store, 'k3v9x2', { cells: ['mlfs 11-16'] });
    const put = { key: 'backfill:k3v9x2:root', channel: 'C1', threadOf: null, content: { text: 'x', blocks: [] } };
    await putMessage(store.query, { ...put, now: 1 });
    await store.query(`update messages set ts = '1700000000.000900' where key = $1`, [put.key]);
    const thread = '1700000000.000900';
    await mention(appMention('<@UBOT000> pause --reason "late data"', { eventId: 'Ev-pause', thread }));
    const asked = await storedFor(store, await eventually(() => it.tasks[0]));
    expect(asked).toMatchObject({ command: '/backfill', text: 'pause k3v9x2 --reason "late data"', thread });
    await mention(appMention('<@UBOT000> pause', { eventId: 'Ev-elsewhere', thread: '1700000000.000901' }));
    const refused = await eventually(() => it.slack.messages.find((message) => message.user === 'U012ABCDEF'));
    expect(refused.text).toContain('needs the id of a backfill');
  });

  test('that was edited into a message is no request', async () => {
    const body = JSON.parse(appMention('<@UBOT000> coverage mlfs 2021-11-16', { eventId: 'Ev-edited' }));
    body.event.edited = { user: 'U012ABCDEF', ts: '1700000003.000100' };
    await mention(JSON.stringify(body));
    await mention(appMention('<@UBOT000> coverage mlfs 2021-11-17', { eventId: 'Ev-after' }));
    const asked = await storedFor(store, await eventually(() => it.tasks[0]));
    expect([asked.text, it.tasks.length]).toEqual(['mlfs 2021-11-17', 1]);
  });
});
