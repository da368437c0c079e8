/** What takes a second person: asked, approved, denied, out of time, and a yes that was for another plan. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expireUnanswered } from '../../jobs/decide-backfill.ts';
import { reconcile } from '../../jobs/reconcile.ts';
import { startBackfill } from '../../jobs/start-backfill.ts';
import { readAsked } from '../../src/core/asked.ts';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import { buildAccess } from '../../src/core/catalogue/access-file.ts';
import { steerBackfill } from '../../src/engine/steer.ts';
import { findView, reportOf } from '../../src/engine/view.ts';
import { isRefusal } from '../../src/fault.ts';
import { listAudit } from '../../src/store/audit.ts';
import { findRequest, receiveRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import { type Engine, makeEngine } from '../jobs/engine.ts';
import { failure } from '../jobs/scripted-processor.ts';
import { waitUntil } from '../jobs/wait-until.ts';
import { backfillSchema } from '../support/contract-schemas.ts';
import { manualClock } from '../support/manual-clock.ts';
import { emptyStore } from '../support/small-backfills.ts';
import { memoryStore } from '../support/stores.ts';

const [mira, anna, theo, fred] = ['U0MIRA0001', 'U0ANNA0001', 'U0THEO0001', 'U0FRED0001'];
const access = buildAccess({
  approvers: [anna, theo, mira],
  approval: { overwrites_above: 1, overrides: true, hours: 2 },
  tables: { base: { protected: true } },
});

let store: Store;
let engine: Engine;

beforeAll(async () => {
  store = await memoryStore();
});
afterAll(() => store.close());
afterEach(async () => {
  await engine.close();
  await emptyStore(store);
});

async function start(...more: [service?: Parameters<typeof makeEngine>[1]]) {
  engine = await makeEngine(store, { access, ...more[0] });
  await engine.start();
}

let asks = 0;
/** Types in the chat: what the handler stores, and the job that it rings for. Gives what the asker alone was told. */
async function ask(text: string, user = mira, offer?: string): Promise<string> {
  const id = `request${++asks}`;
  const before = engine.posted.filter(({ key }) => key === 'whisper').length;
  const at = Date.parse('2022-04-30');
  const payload = {
    command: '/backfill',
    text,
    user,
    userName: user,
    channel: 'C2',
    thread: null,
    at,
    ...(offer === undefined ? {} : { offer }),
  };
  await receiveRequest(store.query, { id, key: id, kind: 'start-backfill', payload, now: 1 });
  await startBackfill(engine.ports, { request: id });
  const told = engine.posted.filter(({ key }) => key === 'whisper').slice(before);
  return told.map(({ message }) => message.text).join('\n');
}

async function onlyId(): Promise<string> {
  const [row] = await store.query<{ id: string }>(`select id from backfills order by created_at desc, id limit 1`);
  return row?.id ?? '';
}

async function askFor(text: string, user = mira): Promise<string> {
  expect(await ask(text, user)).toBe('');
  return onlyId();
}

const stateOf = async (id: string) => (await findView(store.query, id))?.backfill.state;
const said = (key: string) => engine.posted.find((each) => each.key === key)?.message;
const root = (id: string) =>
  waitUntil('the root message', () => {
    const message = said(`backfill:${id}:root`);
    return message !== undefined && message;
  });
const text = async (id: string, pattern: RegExp) =>
  waitUntil(`${pattern} in the message`, async () => {
    const message = await root(id);
    return pattern.test(message.text) && message.text;
  });
const note = (id: string, name: string) =>
  waitUntil(`the note ${name}`, () => said(`backfill:${id}:${name}`)?.text ?? false);

/** Presses a button of the root message as it is now. */
async function press(id: string, action: string, user: string, offer?: string): Promise<string> {
  const value = offer ?? (await offerOf(id, action));
  const asked = readAsked((await findRequest(store.query, value))?.payload);
  return ask(asked?.text ?? '', user, value);
}

async function offerOf(id: string, action: string): Promise<string> {
  const { blocks } = await root(id);
  const all = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  const button = all.find((one) => 'action_id' in one && one.action_id === action);
  if (!button || !('value' in button)) throw new Error(`there is no button ${action}`);
  return String(button.value);
}

const actions = async (id: string) =>
  (await listAudit(store.query, id)).map(({ action, actor }) => `${action} ${actor}`);

async function over(id: string): Promise<BackfillReport> {
  return engine.done(id);
}

describe('a backfill that takes a second person', () => {
  it('waits, shows the exact dates and what is overwritten, and runs nothing until somebody else approves it', async () => {
    await start();
    await engine.write('base', '2022-01-01', 4);
    const id = await askFor('base 2022-01-01 2022-01-03 --no-resume --reason "the source was wrong"');
    const shown = await text(id, /Approval needed/);
    expect(shown).toContain(`<@${mira}> asks for the yes of a second person: base is protected.`);
    expect(shown).toContain('Reason: the source was wrong');
    expect(shown).toContain('1-3 Jan 2022 (3 dates): *1 has rows, which are overwritten*, 1 Jan 2022');
    expect(shown).toContain(`Who may answer: <@${anna}>, <@${theo}>, <@${mira}>, but not <@${mira}>.`);
    expect(engine.processor.calls).toEqual([]);
    expect(await press(id, 'approve-backfill', anna)).toBe(`Backfill \`${id}\` is approved, and runs.`);
    const report = await over(id);
    expect(report).toMatchObject({ result: 'succeeded', approval: { state: 'approved', by: anna } });
    expect(report.counts.succeeded).toBe(3);
    expect(await text(id, /Done/)).toContain(`*Approved* by <@${anna}>`);
    expect(await note(id, 'answered')).toBe(`*Approved* by <@${anna}>. <@${mira}>, it runs now.`);
    expect(await note(id, 'summary')).toContain(`*Approved* by <@${anna}>`);
    expect(await actions(id)).toEqual([`launch ${mira}`, `approve ${anna}`, 'finish engine']);
  });

  it.each([
    ['a protected table', 'base 2022-01-01', 'base is protected'],
    ['a protected table upstream', 'mid 2022-01-01 --with-upstream', 'base is protected'],
    [
      'an override that runs a blocked date',
      'mid 2022-01-01 --skip-preflight --reason "lost"',
      '--skip-preflight would run 1 blocked date',
    ],
    [
      'more overwritten dates than a number',
      'plain 2022-01-01 2022-01-03 --no-resume',
      '2 dates that have rows would be overwritten, which takes one above 1',
    ],
  ])('is one with %s', async (_, typed, why) => {
    await start();
    for (const date of ['2022-01-01', '2022-01-02']) await engine.write('plain', date, 4);
    const id = await askFor(typed);
    expect(await text(id, /Approval needed/)).toContain(why);
    expect(await stateOf(id)).toBe('waiting_approval');
  });

  it('is declined at once where nobody may say yes', async () => {
    await start({ access: buildAccess({ tables: { base: { protected: true, approvers: [] } } }) });
    expect(await ask('base 2022-01-01')).toContain('by the pipeline file nobody may give it');
    expect(await onlyId()).toBe('');
  });

  it('is none without any of that, nor from a terminal on a home of its own', async () => {
    await start();
    await engine.write('plain', '2022-01-01', 4);
    await over(await askFor('plain 2022-01-01 2022-01-02 --no-resume'));
    await over(await engine.run('base 2022-01-01', 'root', null));
  });

  it('is refused at a terminal of a shared home, as is an approval there', async () => {
    await start();
    Object.assign(engine.ports, { isShared: true });
    const refused = await engine.launch('base 2022-01-01', 'root', null);
    expect(isRefusal(refused) && refused.message).toContain('a terminal cannot tell people apart');
  });

  it('keeps the contract of --json while it waits', async () => {
    await start();
    const id = await askFor('base 2022-01-01 2022-01-02');
    const view = await findView(store.query, id);
    const report = view && reportOf(view);
    expect(backfillSchema.parse(report)).toBeDefined();
    expect(report).toMatchObject({
      state: 'waiting_approval',
      result: null,
      cells: [],
      preflight: { ready: [{ date: '2022-01-01' }, { date: '2022-01-02' }] },
      approval: { state: 'waiting', by: null, why: [{ kind: 'protected', tables: ['base'] }] },
    });
  });

  it('is one for the same request, and holds up nobody else', async () => {
    await start();
    const id = await askFor('base 2022-01-01');
    expect(await ask('base 2022-01-01', theo)).toMatch(
      /The same backfill is under way already.*waits for a second person to approve it.*\/backfill approve/s,
    );
    await over(await engine.run('base 2022-01-01 2022-01-02', 'root', null));
    expect(await stateOf(id)).toBe('waiting_approval');
  });
});

describe('an approval', () => {
  it('of whoever asked does not count, by command or click', async () => {
    await start();
    const id = await askFor('base 2022-01-01');
    expect(await ask(`approve ${id}`, mira)).toContain(
      'You asked for this backfill, so somebody else has to approve it',
    );
    expect(await press(id, 'approve-backfill', mira)).toContain('somebody else has to approve it');
    expect(await stateOf(id)).toBe('waiting_approval');
    expect(await ask(`approve ${id}`, theo)).toContain('is approved, and runs');
  });

  it('of somebody who is no approver changes nothing', async () => {
    await start();
    const id = await askFor('base 2022-01-01');
    expect(await press(id, 'approve-backfill', fred)).toMatch(/You may not approve backfills of base\..*Who may: /s);
    expect(await ask(`deny ${id}`, fred)).toContain('You may not deny backfills of base');
    expect(await stateOf(id)).toBe('waiting_approval');
    expect(engine.processor.calls).toEqual([]);
  });

  it('does not count where the plan has changed, and the new plan waits for one of its own', async () => {
    await start();
    const id = await askFor('base 2022-01-01 2022-01-02');
    const old = await offerOf(id, 'approve-backfill');
    await engine.write('base', '2022-01-02', 2);
    expect(await press(id, 'approve-backfill', anna)).toMatch(/Your approval does not count: the plan .* has changed/);
    expect(await stateOf(id)).toBe('waiting_approval');
    expect(await text(id, /1 has rows/)).toContain('which are overwritten*, 2 Jan 2022');
    expect(await note(id, 'changed:0')).toContain(`the approval by <@${anna}> does not count. Nothing has run.`);
    expect(await press(id, 'approve-backfill', theo, old)).toContain('belongs to an earlier plan');
    expect(await press(id, 'approve-backfill', anna)).toContain('is approved, and runs');
    await over(id);
    expect(await actions(id)).toEqual([`launch ${mira}`, `replan ${anna}`, `approve ${anna}`, 'finish engine']);
  });

  it('starts nothing while another backfill owns its dates, and has buttons for another try', async () => {
    await start({ maxConcurrent: 1 });
    engine.processor.hold();
    const id = await askFor('base 2022-01-01');
    const other = await engine.run('base 2022-01-01 2022-01-02', 'root', null);
    expect(await press(id, 'approve-backfill', anna)).toContain(
      `was not started, and waits as before: backfill ${other} is working on some of its dates`,
    );
    engine.processor.release();
    await over(other);
    // What was missing is there by now: another plan, with nothing left of it.
    const again = await waitUntil('new buttons', async () => {
      const offer = await offerOf(id, 'approve-backfill');
      return offer.endsWith('-2') && offer;
    });
    expect(await press(id, 'approve-backfill', anna, again)).toContain('is approved, and runs');
    expect((await over(id)).counts).toMatchObject({ succeeded: 0, skipped: 1 });
  });

  it('starts nothing where dates are blocked by now, or whoever asked has lost the role', async () => {
    await start({
      access: buildAccess({ operators: [mira], approvers: [anna], tables: { mid: { protected: true } } }),
    });
    await engine.write('base', '2022-01-01', 4);
    const id = await askFor('mid 2022-01-01');
    await engine.write('base', '2022-01-01', 0);
    expect(await ask(`approve ${id}`, anna)).toMatch(/waits as before: 1 of its dates is blocked by now.*--dry-run/s);
    await engine.write('base', '2022-01-01', 4);
    Object.assign(engine.ports.catalogue, {
      access: buildAccess({ operators: [theo], approvers: [anna], tables: { mid: { protected: true } } }),
    });
    expect(await ask(`approve ${id}`, anna)).toMatch(/waits as before: you may not run backfills of mid/);
    expect(await stateOf(id)).toBe('waiting_approval');
  });

  it('comes second where somebody was faster, and says who that was', async () => {
    await start();
    const id = await askFor('base 2022-01-01');
    const both = await Promise.all([ask(`approve ${id}`, anna), ask(`approve ${id}`, theo)]);
    const all = both.join('\n');
    expect(all).toContain('is approved, and runs');
    expect(all).toMatch(new RegExp(`was approved already, by <@(${anna}|${theo})>; nothing was changed`));
    expect((await actions(id)).filter((action) => action.startsWith('approve'))).toHaveLength(1);
    expect(await ask(`deny ${id}`, theo)).toContain('was approved already');
  });

  it('holds for the retry of what it was for; what was never approved is not retried without one', async () => {
    await start();
    engine.processor.script('base 2022-01-01', ...Array.from({ length: 3 }, () => ({ answer: failure })), {});
    const id = await askFor('base 2022-01-01');
    await ask(`approve ${id}`, anna);
    expect((await over(id)).result).toBe('failed');
    expect(await ask(`retry ${id}`, mira)).toContain('runs 1 cell again');
    await waitUntil('the second round', async () => (await findView(store.query, id))?.backfill.result === 'succeeded');
    engine.processor.script('base 2022-01-02', ...Array.from({ length: 3 }, () => ({ answer: failure })), {});
    const bare = await engine.run('base 2022-01-02', 'root', null);
    expect((await over(bare)).result).toBe('failed');
    expect(await ask(`retry ${bare}`, mira)).toContain('takes the yes of a second person by now');
    const here = { user: 'root', origin: { from: 'terminal here', typed: 'backcourt retry' } };
    const retried = await steerBackfill(engine.ports, { verb: 'retry', id: bare, reason: null }, here);
    expect(isRefusal(retried)).toBe(false);
  });
});

describe('a denial', () => {
  it('ends it with its reason, tells whoever asked, and cannot be approved after', async () => {
    await start();
    const id = await askFor('base 2022-01-01');
    expect(await ask(`deny ${id} --reason "not on a match day"`, theo)).toBe(
      `Backfill \`${id}\` is denied, and does not run.`,
    );
    const report = await over(id);
    expect(backfillSchema.parse(report)).toMatchObject({
      state: 'done',
      result: 'refused',
      approval: { state: 'denied', by: theo, reason: 'not on a match day' },
    });
    expect(await text(id, /Not started/)).toContain(`denied by <@${theo}>: not on a match day. Nothing has run.`);
    expect(await note(id, 'answered')).toContain(`<@${mira}>, it does not run`);
    expect(await ask(`approve ${id}`, anna)).toContain(`was denied already, by <@${theo}> (not on a match day)`);
    expect(await actions(id)).toEqual([`launch ${mira}`, `deny ${theo}`]);
    expect(engine.processor.calls).toEqual([]);
  });

  it('by its button asks for nothing, and of two people who press once each one is told it was pressed', async () => {
    await start();
    const id = await askFor('base 2022-01-01');
    expect(await press(id, 'deny-backfill', anna)).toContain('is denied');
    await text(id, /denied by/);
  });

  it('of one that was canceled says so', async () => {
    await start();
    const id = await askFor('base 2022-01-01');
    expect(await ask(`cancel ${id}`, mira)).toContain('is canceled');
    expect(await ask(`deny ${id}`, theo)).toContain('was canceled before anybody answered');
    await waitUntil('its end', async () => (await stateOf(id)) === 'canceled');
    await text(id, /Canceled/);
    const view = await findView(store.query, id);
    expect(view && reportOf(view).approval?.state).toBe('withdrawn');
  });
});

describe('no answer', () => {
  it('in time ends it, by the sweep, and says so in the thread', async () => {
    const clock = manualClock(Date.parse('2022-04-30T08:00:00Z'));
    engine = await makeEngine(store, { access }, {}, clock);
    const id = await askFor('base 2022-01-01');
    await clock.advance(2 * 3_600_000 - 1);
    await expireUnanswered(engine.ports);
    expect(await stateOf(id)).toBe('waiting_approval');
    await clock.advance(1);
    await reconcile(engine.ports, { start: false });
    expect(await stateOf(id)).toBe('done');
    const view = await findView(store.query, id);
    expect(view && reportOf(view)).toMatchObject({ result: 'refused', approval: { state: 'expired', by: null } });
    const [row] = await store.query<{ text: string }>(
      `select content->>'text' as text from messages where key = 'backfill:' || $1::text || ':answered'`,
      [id],
    );
    expect(row?.text).toContain(`*Not approved in time.* <@${mira}>, nobody answered, so it does not run.`);
    expect(await actions(id)).toEqual([`launch ${mira}`, 'expire engine']);
    expect(await ask(`approve ${id}`, anna)).toContain('was not approved in time, and does not run');
  });
});

describe('a backfill that waited for another one', () => {
  it('asks for a second person when its turn has come', async () => {
    await start({ maxConcurrent: 1 });
    engine.processor.hold();
    const first = await engine.run('plain 2022-01-01', mira, 'C1');
    expect(await ask(`base 2022-01-01 --after ${first}`)).toBe('');
    const [row] = await store.query<{ id: string }>(`select id from backfills where waits_for = $1`, [first]);
    const id = row?.id ?? '';
    engine.processor.release();
    await waitUntil('the question', async () => (await stateOf(id)) === 'waiting_approval');
    await text(id, /Approval needed/);
    await waitUntil('its button', () => offerOf(id, 'approve-backfill').catch(() => false as const));
    expect(await press(id, 'approve-backfill', theo)).toContain('is approved');
    await over(id);
    expect(await actions(id)).toEqual([`launch ${mira}`, `ask ${mira}`, `approve ${theo}`, 'finish engine']);
  });
});
