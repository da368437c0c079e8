/** Who may do what, where it comes in: signed requests by each kind of person, as commands, mentions and clicks. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { requestIdOf } from '../../handlers/take-request.ts';
import { type Asked, offerClickKey } from '../../src/core/asked.ts';
import { buildAccess } from '../../src/core/catalogue/access-file.ts';
import { listAudit } from '../../src/store/audit.ts';
import { insertBackfill } from '../../src/store/backfills.ts';
import { insertGap } from '../../src/store/gaps.ts';
import { findRequest, receiveRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import { appMention, buttonClick, sendSigned, slashCommand } from '../support/signed-request.ts';
import { emptyStore, smallBackfill } from '../support/small-backfills.ts';
import { memoryStore } from '../support/stores.ts';
import { eventually, type Harness, startHarness } from './harness.ts';

const people = { vera: 'U0VIEWER01', olga: 'U0OPERATOR', anna: 'U0APPROVER', fred: 'U0FOREIGN1' };
/** The method of Slack that says who is in a group. */
const listMembers = 'usergroups.users.list';
type Name = keyof typeof people;
const access = buildAccess({
  viewers: [people.vera],
  operators: ['S0DATATEAM'],
  approvers: [people.anna],
  tables: { pgs: { operators: ['C0PIPELINE'] } },
});

let store: Store;
let it: Harness;
let trigger = 0;

beforeAll(async () => {
  store = await memoryStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await emptyStore(store);
  it = await startHarness(store, { access });
  it.slack.groups.set('S0DATATEAM', [people.olga]);
});
afterEach(() => it.close());

const userOf = (name: Name) => ({ user_id: people[name], user_name: name });

async function typed(name: Name, command: string, text: string, over: Record<string, string> = {}): Promise<string> {
  const more = { ...userOf(name), trigger_id: `access-${++trigger}`, ...over };
  const answer = await sendSigned(it.url, slashCommand(command, text, more));
  expect(answer.status).toBe(200);
  expect(answer.body.response_type).toBe('ephemeral');
  return String(answer.body.text);
}

async function addBackfill(id: string): Promise<void> {
  const plan = {
    target: 'mlfs',
    from: '2022-01-01',
    to: '2022-01-01',
    cells: [{ table: 'mlfs', date: '2022-01-01', status: 'missing' as const }],
    edges: [],
  };
  const ready = [{ table: 'mlfs', date: '2022-01-01' }];
  const backfill = smallBackfill(id, {
    more: { pipeline: 'small', preflight: { ready, blocked: [], warnings: [], skipped: [] } },
  });
  await store.transaction((query) =>
    insertBackfill(query, { backfill, requestKey: id, plan, reads: [[]], sample: null }),
  );
}

describe('a command', () => {
  /** What each may, and the first words of the answer to who may. */
  const commands: readonly (readonly [command: string, text: string, may: readonly Name[]])[] = [
    ['/coverage', 'mlfs 2021-11-16', ['vera', 'olga', 'anna']],
    ['/coverage', 'why mlfs 2021-11-16', ['vera', 'olga', 'anna']],
    ['/coverage', 'plan mlfs 2021-11-16', ['vera', 'olga', 'anna']],
    ['/coverage', 'quality mlfs 2021-11-16', ['vera', 'olga', 'anna']],
    ['/coverage', 'accepted', ['vera', 'olga', 'anna']],
    ['/coverage', 'watch mlfs', ['vera', 'olga', 'anna']],
    ['/coverage', 'accept mlfs 2021-11-16 --reason "lost"', ['olga']],
    ['/coverage', 'revoke g1', ['olga']],
    ['/backfill', 'mlfs 2022-01-01', ['olga']],
    ['/backfill', 'mlfs 2022-01-01 --dry-run', ['vera', 'olga', 'anna']],
    ['/backfill', 'list', ['vera', 'olga', 'anna']],
    ['/backfill', 'status b1', ['vera', 'olga', 'anna']],
    ['/backfill', 'handover b1', ['vera', 'olga', 'anna']],
    ['/backfill', 'follow b1', ['vera', 'olga', 'anna']],
    ['/backfill', 'pause b1', ['olga']],
    ['/backfill', 'resume b1', ['olga']],
    ['/backfill', 'cancel b1', ['olga']],
    ['/backfill', 'retry b1', ['olga']],
    ['/backfill', 'approve b1', ['anna']],
    ['/backfill', 'deny b1', ['anna']],
  ];

  test.each(commands)('%s %s is taken of those who may, and denied to all others', async (command, text, may) => {
    await addBackfill('b1');
    const gap = { id: 'g1', table: 'mlfs', dates: ['2021-11-16'], reason: 'lost', acceptedBy: 'x', acceptedAt: 1 };
    await insertGap(store.query, 'small', gap);
    for (const name of Object.keys(people) as Name[]) {
      const said = await typed(name, command, text);
      if (may.includes(name)) expect([name, said]).toEqual([name, expect.stringMatching(/ \.\.\.$/)]);
      else expect([name, said]).toEqual([name, expect.stringMatching(/^You may not .*Nothing was done\.\nWho may: /s)]);
    }
    await eventually(() => it.tasks.length === may.length);
  });

  test('that is denied names who may: people, groups, and whoever asks in a channel', async () => {
    expect(await typed('fred', '/backfill', 'mlfs 2022-01-01')).toBe(
      'You may not run backfills of mlfs. Nothing was done.\nWho may: <!subteam^S0DATATEAM>',
    );
    expect(await typed('olga', '/backfill', 'pgs 2022-01-01')).toBe(
      'You may not run backfills of pgs. Nothing was done.\nWho may: whoever asks in <#C0PIPELINE>',
    );
    expect(await typed('fred', '/backfill', 'pgs 2022-01-01', { channel_id: 'C0PIPELINE' })).toContain('Checking pgs');
  });

  test('is denied, and says so, while the group that decides it cannot be read; what needs no group goes on', async () => {
    it.slack.failNext(listMembers, { kind: 'status', status: 503 });
    expect(await typed('olga', '/backfill', 'mlfs 2022-01-01')).toMatch(
      /^Whether you may run backfills of mlfs depends on who is in S0DATATEAM, and Slack did not tell\. So the answer is no for now/,
    );
    expect(await typed('vera', '/coverage', 'mlfs 2021-11-16')).toContain('Reading mlfs');
    expect(await typed('olga', '/backfill', 'mlfs 2022-01-01')).toContain('Checking mlfs');
  });

  test('is denied in time while Slack does not answer at all', async () => {
    it.slack.failNext(listMembers, { kind: 'hang' });
    expect(await typed('olga', '/backfill', 'mlfs 2022-01-01')).toContain('Slack did not tell');
  });

  test('is judged by the group as it was a minute ago at most, and Slack is asked once for all of that minute', async () => {
    const asked = () => it.slack.calls.filter(({ method }) => method === listMembers).length;
    await Promise.all(Array.from({ length: 5 }, () => typed('olga', '/backfill', 'mlfs 2022-01-01')));
    it.slack.groups.set('S0DATATEAM', []);
    expect(await typed('olga', '/backfill', 'mlfs 2022-01-01')).toContain('Checking mlfs');
    expect(asked()).toBe(1);
    it.time.now += 60_000;
    expect(await typed('olga', '/backfill', 'mlfs 2022-01-01')).toContain('You may not');
    expect(asked()).toBe(2);
  });

  test('that is denied stands in the audit log, unless it only looks', async () => {
    await addBackfill('b1');
    await typed('vera', '/backfill', 'cancel b1 --reason "too slow"');
    await typed('fred', '/backfill', 'status b1');
    expect(await listAudit(store.query, 'b1')).toMatchObject([
      {
        actor: people.vera,
        action: 'forbidden',
        detail: { deed: 'steer', tables: ['mlfs'], typed: '/backfill cancel b1 --reason "too slow"', name: 'vera' },
      },
    ]);
  });

  test('for help shows what this person may, with an example that works for them', async () => {
    const [vera, olga, anna] = [
      await typed('vera', '/backfill', 'help'),
      await typed('olga', '/backfill', 'help'),
      await typed('anna', '/backfill', 'help'),
    ];
    expect(vera).toContain('/backfill status');
    expect(vera).not.toMatch(/cancel|approve|--with-upstream|Example/);
    expect(olga).toContain('/backfill cancel');
    expect(olga).not.toMatch(/approve|Tables that can be filled: .*pgs/);
    expect(anna).toContain('/backfill approve');
    expect(anna).not.toContain('/backfill cancel');
    expect(await typed('vera', '/coverage', 'help')).not.toContain('revoke');
    expect(await typed('fred', '/coverage', 'help')).not.toMatch(/accept <table>/);
  });
});

describe('a mention', () => {
  test('of somebody who may not is answered to them alone, and nothing is stored', async () => {
    const body = appMention('<@UBOT000> backfill mlfs 2022-01-01', { eventId: 'Ev-denied', user: people.fred });
    await sendSigned(it.url, body, { type: 'application/json' });
    const said = await eventually(() => it.slack.messages.find((message) => message.user === people.fred));
    expect(said.text).toContain('You may not run backfills of mlfs');
    expect(it.tasks).toEqual([]);
  });
});

describe('a click', () => {
  const offered: Asked = {
    command: '/backfill',
    text: 'mlfs 2022-01-01',
    user: people.olga,
    userName: 'olga',
    channel: 'C1',
    thread: null,
    at: 1,
  };
  const click = (name: Name, offer: string) =>
    sendSigned(it.url, buttonClick('run-ready', offer, { user: { id: people[name], username: name, name } }));

  test('of somebody who may not changes nothing, and leaves the button to those who may', async () => {
    await receiveRequest(store.query, { id: 'o1', key: 'o1', kind: 'offer', payload: offered, now: 1 });
    await click('fred', 'o1');
    const said = await eventually(() => it.slack.messages.find((message) => message.user === people.fred));
    expect(said.text).toContain('You may not run backfills of mlfs');
    expect(await findRequest(store.query, requestIdOf(offerClickKey('o1')))).toBeUndefined();
    await click('olga', 'o1');
    await eventually(() => it.tasks.length === 1);
  });
});
