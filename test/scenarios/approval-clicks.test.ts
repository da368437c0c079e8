/**
 * An approval from the edge: signed requests of everybody who may come along, into a real Bolt app, through the real jobs.
 * Only Slack is a list of messages.
 */
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildAccess } from '../../src/core/catalogue/access-file.ts';
import { lintMessage } from '../../src/messages/limits.ts';
import { listAudit } from '../../src/store/audit.ts';
import { listBackfills } from '../../src/store/backfills.ts';
import type { Store } from '../../src/store/store.ts';
import { listen } from '../handlers/harness.ts';
import { type Engine, makeEngine } from '../jobs/engine.ts';
import { waitUntil } from '../jobs/wait-until.ts';
import { buttonClick, sendSigned, slashCommand } from '../support/signed-request.ts';
import { emptyStore } from '../support/small-backfills.ts';
import { memoryStore } from '../support/stores.ts';

const people = { vera: 'U0VIEWER01', olga: 'U0OPERATOR', anna: 'U0APPROVER', theo: 'U0APPROVR2', fred: 'U0FOREIGN1' };
type Name = keyof typeof people;
const access = buildAccess({
  viewers: [people.vera],
  operators: [people.olga, people.anna],
  approvers: ['S0DATALEAD'],
  tables: { base: { protected: true } },
});
const groups = new Map([['S0DATALEAD', [people.anna, people.theo]]]);

let store: Store;
let engine: Engine;
let bolt: Awaited<ReturnType<typeof listen>>;
let url = '';
let triggers = 0;

beforeAll(async () => {
  store = await memoryStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  await emptyStore(store);
  engine = await makeEngine(store, { access, groups });
  await engine.start();
  bolt = await listen(engine.ports);
  const { port } = bolt.server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}/slack/events`;
});
afterEach(async () => {
  await bolt.app.stop();
  await engine.close();
});

async function typed(name: Name, text: string): Promise<string> {
  const over = { user_id: people[name], user_name: name, trigger_id: `clicks-${++triggers}` };
  const answer = await sendSigned(url, slashCommand('/backfill', text, over));
  expect(answer.status).toBe(200);
  return String(answer.body.text);
}

const rootOf = async (id: string) =>
  waitUntil('the message', () => engine.posted.find(({ key }) => key === `backfill:${id}:root`)?.message ?? false);

async function askFor(text: string, name: Name = 'olga'): Promise<string> {
  await typed(name, text);
  const id = await waitUntil('the backfill', async () => {
    const [newest] = await listBackfills(store.query, { pipeline: 'lab', limit: 1 });
    return newest?.id ?? false;
  });
  await rootOf(id);
  return id;
}

async function buttonOf(id: string, action: string): Promise<string> {
  const { blocks } = await rootOf(id);
  const all = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  const button = all.find((one) => 'action_id' in one && one.action_id === action);
  if (!button || !('value' in button)) throw new Error(`there is no button ${action}`);
  return String(button.value);
}

const press = async (name: Name, id: string, action: string, over: Record<string, unknown> = {}) =>
  buttonClick(action, await buttonOf(id, action), {
    user: { id: people[name], username: name, name, team_id: 'T1' },
    ...over,
  });

const whispered = () => engine.posted.filter(({ key }) => key === 'whisper').map(({ message }) => message.text);
const told = (pattern: RegExp) =>
  waitUntil(String(pattern), () => whispered().find((text) => pattern.test(text)) ?? false);
const stateOf = async (id: string) =>
  (await listBackfills(store.query, { pipeline: 'lab', limit: 9 })).find((each) => each.id === id)?.state;
const answers = async (id: string) =>
  (await listAudit(store.query, id)).filter(({ action }) => action === 'approve' || action === 'deny');

describe('a click on Approve', () => {
  it.each(['vera', 'olga', 'fred'] as const)(
    'of %s, who may not, is denied kindly and changes nothing',
    async (name) => {
      const id = await askFor('base 2022-01-01');
      const before = JSON.stringify(await rootOf(id));
      expect((await sendSigned(url, await press(name, id, 'approve-backfill'))).status).toBe(200);
      await told(name === 'olga' ? /You asked for this backfill/ : /You may not approve backfills of base.*Who may: /s);
      expect([await stateOf(id), JSON.stringify(await rootOf(id))]).toEqual(['waiting_approval', before]);
      await sendSigned(url, await press('anna', id, 'approve-backfill'));
      await engine.done(id);
      expect(await answers(id)).toMatchObject([{ action: 'approve', actor: people.anna }]);
    },
  );

  it.each([
    ['without a signature', { signature: null }],
    ['with the signature of another body', { signature: `v0=${'a'.repeat(64)}` }],
    ['signed with another secret', { secret: 'another' }],
    ['of six minutes ago', { at: Date.now() - 6 * 60_000 }],
    ['dated six minutes ahead', { at: Date.now() + 6 * 60_000 }],
  ])('%s is refused, and changes nothing', async (_, how) => {
    const id = await askFor('base 2022-01-01');
    const { status } = await sendSigned(url, await press('anna', id, 'approve-backfill'), how);
    expect(status).toBe(401);
    expect(await stateOf(id)).toBe('waiting_approval');
    expect(whispered()).toEqual([]);
  });

  it('of a guest from another workspace is dropped, whatever they are called', async () => {
    const id = await askFor('base 2022-01-01');
    const guest = { user: { id: people.anna, username: 'anna', name: 'anna', team_id: 'T9' } };
    expect((await sendSigned(url, await press('anna', id, 'approve-backfill', guest))).status).toBe(200);
    await sendSigned(url, await press('fred', id, 'approve-backfill'));
    await told(/You may not approve/);
    expect([await stateOf(id), await answers(id)]).toEqual(['waiting_approval', []]);
  });

  it('that is replayed, and of two who press at once, counts once', async () => {
    const id = await askFor('base 2022-01-01');
    const bodies = [await press('anna', id, 'approve-backfill'), await press('theo', id, 'approve-backfill')];
    const all = Array.from({ length: 20 }, (_, n) => sendSigned(url, bodies[n % 2] ?? ''));
    expect(new Set((await Promise.all(all)).map(({ status }) => status))).toEqual(new Set([200]));
    await engine.done(id);
    expect(await answers(id)).toHaveLength(1);
    expect(engine.processor.calls).toHaveLength(1);
    await told(/This was pressed already by (anna|theo|you)/);
  });

  it('and one on Deny: one of them counts, and the other one is told', async () => {
    const id = await askFor('base 2022-01-01');
    const bodies = [await press('anna', id, 'approve-backfill'), await press('theo', id, 'deny-backfill')];
    await Promise.all(bodies.map((body) => sendSigned(url, body)));
    await engine.done(id);
    expect(await answers(id)).toHaveLength(1);
    await told(/was (approved|denied) already, by|does not wait for an approval/);
  });
});

describe('what somebody writes into a request', () => {
  it.each([
    ['a call of the channel', '<!channel> <!here|here> <@U0APPROVER>'],
    ['a link', '<https://evil.example|Approve> https://evil.example'],
    ['formatting', '`code` *bold* _it_ ~s~ > quote ```block```'],
    ['letters that turn the text around', 'ok \u202edeny\u202c \u200f\u2066now\u2069'],
    ['what is escaped already', '&lt;!channel&gt; &amp;'],
  ])('calls nobody and links nowhere: %s', async (_, reason) => {
    const id = await askFor(`base 2022-01-01 --reason "${reason}"`);
    await typed('theo', `deny ${id} --reason "${reason}"`);
    await engine.done(id);
    const messages = engine.posted.map(({ message }) => message);
    expect(messages.length).toBeGreaterThan(2);
    for (const message of messages) {
      expect(lintMessage(message)).toEqual([]);
      const ours = /<@U0[A-Z0-9]+>|<!subteam\^S0DATALEAD>/g;
      const foreign = message.text.replace(ours, '');
      expect(foreign).not.toMatch(/[<>]|[\u202a-\u202e\u2066-\u2069\u200f]/);
      expect(JSON.stringify(message.blocks)).not.toMatch(/"type":"(broadcast|link)"|[\u202a-\u202e\u2066-\u2069]/);
    }
    const said = messages.map(({ text }) => text).join('\n');
    expect(said.match(/<@U0APPROVER>/g)).toBeNull();
  });

  it('is declined where it is ten thousand characters long, with nothing stored', async () => {
    expect(await typed('olga', `base 2022-01-01 --reason "${'x'.repeat(10_000)}"`)).toMatch(/at most 3,?500 are read/);
    expect(await listBackfills(store.query, { pipeline: 'lab', limit: 1 })).toEqual([]);
  });

  it('names nobody but by the id that Slack gives: a name with markup in it is shown as text', async () => {
    const over = { user_id: people.olga, user_name: '<!channel> *boss*', trigger_id: `clicks-${++triggers}` };
    await sendSigned(url, slashCommand('/backfill', 'base 2022-01-01', over));
    const [newest] = await waitUntil('the backfill', async () => {
      const all = await listBackfills(store.query, { pipeline: 'lab', limit: 1 });
      return all.length > 0 && all;
    });
    expect(JSON.stringify(await rootOf(newest?.id ?? ''))).not.toContain('boss');
  });
});
