/** A channel that watches tables, day by day: the real jobs, a clock that stands still, DuckDB, and Slack over HTTP. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { performTask } from '../../jobs/perform-task.ts';
import { reconcile } from '../../jobs/reconcile.ts';
import { slackChat, slackClient } from '../../src/chat/slack.ts';
import { readAsked } from '../../src/core/asked.ts';
import { addDays, daysBetween } from '../../src/core/dates.ts';
import { Fault } from '../../src/fault.ts';
import { openHealth } from '../../src/health.ts';
import type { Ports } from '../../src/ports.ts';
import { listAudit } from '../../src/store/audit.ts';
import { findRequest, receiveRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import type { Enqueued } from '../../src/tasks/tasks.ts';
import { type FakeMessage, type FakeSlack, startFakeSlack } from '../support/fake-slack-api.ts';
import { manualClock } from '../support/manual-clock.ts';
import { emptyStore } from '../support/small-backfills.ts';
import { memoryStore } from '../support/stores.ts';
import { type Engine, makeEngine } from './engine.ts';
import { fullRows } from './lab-catalogue.ts';

const hour = 3_600_000;
let store: Store;
let engine: Engine;
let slack: FakeSlack;
let clock: ReturnType<typeof manualClock>;
let ports: Ports;
let tasks: Enqueued[];
let unread: string[];
let requests = 0;

beforeAll(async () => {
  store = await memoryStore();
}, 60_000);
afterAll(() => store.close());
beforeEach(async () => {
  [tasks, unread] = [[], []];
  slack = await startFakeSlack(['C1']);
  engine = await makeEngine(store);
  clock = manualClock(Date.parse('2022-01-05T12:00:00Z'));
  const { warehouse } = engine.ports;
  const names = new Set<string>();
  ports = {
    ...engine.ports,
    clock,
    chat: slackChat(slackClient({ token: 'xoxb-test', slackApiUrl: slack.url })),
    warehouse: {
      ...warehouse,
      readFacts: async (some, range) => {
        const facts = await warehouse.readFacts(some, range);
        const read = new Map([...facts.tables].filter(([alias]) => !unread.includes(alias)));
        return { ...facts, tables: read, unread: new Map(unread.map((alias) => [alias, 'no permission'])) };
      },
    },
    tasks: {
      enqueue: async (all) => {
        for (const each of all) if (!names.has(each.name)) tasks.push(each);
        for (const { name } of all) names.add(name);
      },
    },
  };
  await fill('base', '2022-01-01', '2022-01-04');
  await fill('mid', '2022-01-01', '2022-01-04');
});
afterEach(async () => {
  await engine.close();
  await slack.close();
  await emptyStore(store);
});

async function fill(table: string, from: string, to = from, rows = fullRows): Promise<void> {
  for (const date of daysBetween(from, to)) await engine.write(table, date, rows);
}

/** Performs what is due. A task that fails is tried again when this is called again. */
async function work(): Promise<void> {
  const perform = performTask(ports);
  const failed: Enqueued[] = [];
  const isDue = ({ notBefore = 0 }: Enqueued) => notBefore <= clock.now();
  for (let next = tasks.findIndex(isDue); next >= 0; next = tasks.findIndex(isDue)) {
    const [task] = tasks.splice(next, 1);
    if (task === undefined) break;
    try {
      await perform(task.task);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      failed.push(task);
    }
  }
  tasks.push(...failed);
}

async function sweep(): Promise<void> {
  await reconcile(ports, { start: false });
  await work();
}

async function goTo(instant: string): Promise<void> {
  await clock.advance(Date.parse(instant) - clock.now());
  await sweep();
}

async function type(text: string, command: '/coverage' | '/backfill' = '/coverage', channel = 'C1'): Promise<void> {
  const id = `r${++requests}`;
  const kind = command === '/coverage' ? 'report-coverage' : 'start-backfill';
  const payload = { command, text, user: 'U0ADA0000', userName: 'ada', channel, thread: null, at: clock.now() };
  await receiveRequest(store.query, { id, key: id, kind, payload, now: clock.now() });
  await ports.tasks.enqueue([{ name: id, task: { v: 1, kind, request: id } }]);
  await work();
}

const said = () => slack.messages.map(({ text }) => text);
const last = () => said().at(-1) ?? '';
type Actions = { readonly type: string; readonly elements: readonly { text: { text: string }; value: string }[] };
const buttonsOf = (message: FakeMessage | undefined) =>
  ((message?.blocks ?? []) as Actions[])
    .filter((block) => block.type === 'actions')
    .flatMap((block) => block.elements.map(({ text, value }) => ({ text: text.text, value })));
const offerText = async (id = '') => readAsked((await findRequest(store.query, id))?.payload)?.text;

describe('a watched table', () => {
  it('says where it stands at once, then only what changed, and closes what is mended where it was told', async () => {
    await fill('base', '2022-01-02', '2022-01-02', 0);
    await type('watch mid');
    expect(last()).toMatch(/Watched here from now on: mid\*?\. Every day at 08:00 \(UTC\)[\s\S]*3 of 4 dates complete/);
    expect(last()).toContain('base never ran on 2 Jan 2022');

    await goTo('2022-01-06T07:59:00Z');
    expect(said()).toHaveLength(1);
    await goTo('2022-01-06T08:00:10Z');
    expect(said()).toHaveLength(2);
    expect(last()).toMatch(/Watch, 6 Jan 2022: 1 new hole\* \(mid 1\); still open: 1 hole, told of since 5 Jan 2022\./);
    expect(last()).toContain('base never ran on 5 Jan 2022*: holds up that date');
    expect(last()).not.toContain('2 Jan 2022*');
    const buttons = buttonsOf(slack.messages.at(-1));
    expect(buttons.map(({ text }) => text)).toEqual(['Plan repair', 'Fill base']);
    expect(await Promise.all(buttons.map(({ value }) => offerText(value)))).toEqual([
      'plan mid 2022-01-05',
      'base 2022-01-05',
    ]);

    // Mended: the 2nd and the 5th. Broken: the 3rd, which no look-back of the last days would see.
    for (const table of ['base', 'mid']) await fill(table, '2022-01-05', '2022-01-06');
    for (const table of ['base', 'mid']) await fill(table, '2022-01-02');
    await fill('base', '2022-01-03', '2022-01-03', 0);
    await goTo('2022-01-07T08:00:10Z');
    expect(said()).toHaveLength(3);
    expect(last()).toMatch(/Watch, 7 Jan 2022: 1 new hole\* \(mid 1\); 2 mended\./);
    expect(last()).toContain('base never ran on 3 Jan 2022');
    expect(last()).toContain('*Mended*: mid 2, 5 Jan 2022');
    expect(said()[1]).toContain('*All closed*, the last of them by 7 Jan 2022.');
    expect(buttonsOf(slack.messages[1])).toEqual([]);
  });

  it('is told once a day, whoever rings and however often', async () => {
    await type('watch mid');
    await goTo('2022-01-06T08:00:10Z');
    const task = { v: 1, kind: 'watch-coverage', channel: 'C1', day: '2022-01-06' } as const;
    const perform = performTask(ports);
    await Promise.all([perform(task), perform(task)]);
    await sweep();
    expect(said().filter((text) => text.includes('Watch, '))).toHaveLength(1);
  });

  it('says nothing on a day without change, and the list says when it was looked at', async () => {
    await type('watch mid');
    for (const table of ['base', 'mid']) await fill(table, '2022-01-05', '2022-01-07');
    await goTo('2022-01-06T08:00:10Z');
    await goTo('2022-01-07T08:00:10Z');
    expect(said()).toHaveLength(1);
    await type('watch');
    expect(last()).toMatch(
      /1 table\* watched here[\s\S]*digest of 7 Jan 2022[\s\S]*\*mid\*: no holes; by <@U0ADA0000>/,
    );
    expect(slack.messages.at(-1)?.user).toBe('U0ADA0000');
  });

  it('makes up once for days on which nothing ran', async () => {
    await type('watch mid');
    await goTo('2022-01-12T15:00:00Z');
    expect(said()).toHaveLength(2);
    expect(last()).toMatch(/Watch, 12 Jan 2022: 7 new holes/);
    await goTo('2022-01-12T23:00:00Z');
    expect(said()).toHaveLength(2);
  });

  it('that cannot be read is said to be unread and has no new holes', async () => {
    await fill('base', '2022-01-02', '2022-01-02', 0);
    await type('watch mid,top');
    for (const table of ['base', 'mid', 'win', 'top']) await fill(table, '2022-01-05');
    unread = ['base'];
    await goTo('2022-01-06T08:00:10Z');
    expect(last()).toMatch(/Watch, 6 Jan 2022: no new holes in what could be read\*; still open: 5 holes/);
    expect(last()).toContain('*base* could not be read');
    unread = [];
    await goTo('2022-01-07T08:00:10Z');
    expect(last()).not.toContain('could not be read');
    expect(last()).toContain('base never ran on 2, 6 Jan 2022*: holds up 3 cells');
  });

  it('is waited for while nothing can be read; after an hour the channel knows, and the message becomes the digest', async () => {
    await type('watch mid');
    engine.warehouse.broken = new Fault('no route to the warehouse', 'later');
    await goTo('2022-01-06T08:00:10Z');
    expect(said()).toHaveLength(1);
    await goTo('2022-01-06T09:00:10Z');
    expect(last()).toMatch(/Watch, 6 Jan 2022: nothing could be read/);
    await goTo('2022-01-06T09:30:00Z');
    expect(said()).toHaveLength(2);
    engine.warehouse.broken = undefined;
    for (const table of ['base', 'mid']) await fill(table, '2022-01-05');
    await goTo('2022-01-06T10:00:00Z');
    expect(said()).toHaveLength(2);
    expect(last()).toMatch(/Watch, 6 Jan 2022: no new holes\*\./);
  });

  it('that could not be read all day is told of by the next digest, and the message says so', async () => {
    await type('watch mid');
    engine.warehouse.broken = new Fault('no route to the warehouse', 'later');
    await goTo('2022-01-06T08:00:10Z');
    await goTo('2022-01-06T09:00:10Z');
    await goTo('2022-01-07T08:00:10Z');
    expect(said()).toHaveLength(2);
    expect(last()).toMatch(/Watch, 6 Jan 2022: nothing could be read all day\*\. .* in the digest of 7 Jan 2022/);
    engine.warehouse.broken = undefined;
    await goTo('2022-01-07T08:10:00Z');
    expect(last()).toMatch(/Watch, 7 Jan 2022: 2 new holes/);
    expect(said()).toHaveLength(3);
  });

  it('is watched no more when somebody ends it, and who did stands in the audit log', async () => {
    await type('watch mid,base');
    await type('watch mid off');
    expect(last()).toMatch(/Not watched here any more: mid\*[\s\S]*still watched: base/);
    await type('watch mid off');
    expect(last()).toMatch(/mid is not watched here/);
    await type('watch base off');
    await goTo('2022-01-06T08:00:10Z');
    expect(said().filter((text) => text.includes('Watch, '))).toEqual([]);
    const actions = (await listAudit(store.query, 'C1')).map(({ actor, action, detail }) => [actor, action, detail]);
    expect(actions).toMatchObject([
      ['U0ADA0000', 'watch', { tables: ['mid', 'base'] }],
      ['U0ADA0000', 'unwatch', { tables: ['mid'] }],
      ['U0ADA0000', 'unwatch', { tables: ['base'] }],
    ]);
  });
});

describe('a digest that cannot be posted', () => {
  it('shows in the list of backfills and at /readyz', async () => {
    const health = openHealth();
    const readyz = async () => health.routes['/readyz']?.();
    expect(await readyz()).toEqual({ status: 503, body: { state: 'starting' } });
    // The database's clock is the machine's, and this test's is not.
    const ours = () => `to_timestamp(${clock.now()} / 1000.0)`;
    const query: typeof store.query = (sql, params) => store.query(sql.replace('clock_timestamp()', ours()), params);
    health.attach({ ...ports, store: { ...store, query } });
    expect(await readyz()).toEqual({ status: 200, body: { state: 'ready' } });
    await type('watch mid', '/coverage', 'C404');
    await goTo('2022-01-06T08:00:10Z');
    const problem = /^2 messages could not be posted: channel_not_found in C404 since 2022-01-05 12:00 UTC$/;
    expect(await readyz()).toEqual({
      status: 503,
      body: { state: 'degraded', problems: [expect.stringMatching(problem), 'slack channel C404 is not right'] },
    });
    await type('list', '/backfill');
    expect(last()).toContain('2 messages could not be posted: channel_not_found');
    const broken = { ...ports, store: { ...store, query: () => Promise.reject(new Error('gone')) } };
    health.attach(broken);
    expect(await readyz()).toMatchObject({ status: 503, body: { state: 'down' } });
    expect(await health.routes['/healthz']?.()).toEqual({ status: 200, body: { state: 'alive' } });
  });

  it('waits for a new token, and is posted then', async () => {
    await type('watch mid');
    slack.failNext('chat.postMessage', { kind: 'error', error: 'token_revoked' });
    await goTo('2022-01-06T08:00:10Z');
    expect(said()).toHaveLength(1);
    await clock.advance(hour);
    await sweep();
    expect(last()).toMatch(/Watch, 6 Jan 2022: 1 new hole/);
  });
});

describe('the next day', () => {
  it('is compared with the last digest and not with the last look of another channel', async () => {
    await type('watch mid');
    await goTo('2022-01-06T08:00:10Z');
    const before = said().length;
    await type('watch mid', '/coverage', 'C1');
    expect(last()).toContain('Watched here already');
    await fill('base', '2022-01-05');
    await fill('mid', '2022-01-05');
    await goTo(`${addDays('2022-01-06', 1)}T08:00:10Z`);
    expect(said()).toHaveLength(before + 2);
    expect(last()).toMatch(/1 new hole\* \(mid 1\); 1 mended/);
  });
});
