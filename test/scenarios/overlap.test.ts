/** Dates that two backfills want: one owner each, and whoever comes second is told who it is and has three roads on. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { finishBackfill } from '../../jobs/finish-backfill.ts';
import { reconcile } from '../../jobs/reconcile.ts';
import { startBackfill } from '../../jobs/start-backfill.ts';
import { readAsked } from '../../src/core/asked.ts';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import type { Overlap } from '../../src/core/plan/overlap.ts';
import type { Launched } from '../../src/engine/launch.ts';
import { steerBackfill } from '../../src/engine/steer.ts';
import { findView, reportOf } from '../../src/engine/view.ts';
import { isRefusal, type Refusal } from '../../src/fault.ts';
import { listAudit } from '../../src/store/audit.ts';
import { findRequest, receiveRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import { type Engine, makeEngine } from '../jobs/engine.ts';
import { failure } from '../jobs/scripted-processor.ts';
import { waitUntil } from '../jobs/wait-until.ts';
import { emptyStore } from '../support/small-backfills.ts';
import { memoryStore } from '../support/stores.ts';

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

async function start(...options: Parameters<typeof makeEngine> extends [unknown, ...infer Rest] ? Rest : never) {
  engine = await makeEngine(store, ...options);
  await engine.start();
}

const underWay = (n: number) => waitUntil(`${n} calls`, () => engine.processor.underWay().length === n);
const viewOf = async (id: string) => (await findView(store.query, id))?.backfill;
const callsOf = (cell: string) => engine.processor.calls.filter((call) => call.cell === cell).length;

function over(id: string, state: 'done' | 'canceled' = 'done'): Promise<BackfillReport> {
  return waitUntil(`the end of ${id}`, async () => {
    const view = await findView(store.query, id);
    return view?.backfill.state === state && reportOf(view);
  });
}

function overlapOf(launched: Launched | Refusal): Overlap {
  if (isRefusal(launched) || launched.kind !== 'overlap') throw new Error(JSON.stringify(launched));
  return launched.overlap;
}

function idOf(launched: Launched | Refusal, kind: Launched['kind']): string {
  if (isRefusal(launched) || launched.kind !== kind || !('id' in launched)) throw new Error(JSON.stringify(launched));
  return launched.id;
}

/** Asks in Slack: what the handler stores, and the job that it rings for. */
async function ask(id: string, text: string, user = 'bob'): Promise<void> {
  const payload = {
    command: '/backfill',
    text,
    user,
    userName: user,
    channel: 'C2',
    thread: null,
    at: Date.parse('2022-04-30'),
  };
  await receiveRequest(store.query, { id, key: id, kind: 'start-backfill', payload, now: 1 });
  await startBackfill(engine.ports, { request: id });
}

const whispered = () => engine.posted.filter((said) => said.key === 'whisper').map((said) => said.message);

/** Presses a button of the last answer that only its asker saw. */
async function press(action: string, user = 'bob'): Promise<void> {
  const blocks = whispered().at(-1)?.blocks ?? [];
  const all = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  const button = all.find((one) => 'action_id' in one && one.action_id === action);
  const offer = await findRequest(store.query, button && 'value' in button ? String(button.value) : '');
  const asked = readAsked(offer?.payload);
  if (offer?.kind !== 'offer' || !asked) throw new Error(`there is no offer behind ${action}`);
  await ask(`click-${offer.id}`.slice(-40), asked.text, user);
}

describe('a launch of dates that another backfill owns', () => {
  it('names owner, dates and how far that one is, whether its cells run or wait, and starts nothing', async () => {
    await start({ maxConcurrent: 2 });
    engine.processor.hold();
    const first = await engine.run('base 2022-01-01 2022-01-05', 'ada', 'C1');
    await underWay(2);
    const overlap = overlapOf(await engine.launch('base 2022-01-01,2022-01-02,2022-01-04,2022-01-06 --dry-run', 'bob'));
    expect(overlap.owners).toMatchObject([
      {
        backfill: first,
        by: 'ada',
        channel: 'C1',
        state: 'running',
        done: 0,
        total: 5,
        cells: [{ table: 'base', dates: ['2022-01-01', '2022-01-02', '2022-01-04'] }],
      },
    ]);
    expect(overlap.rest).toEqual([{ table: 'base', date: '2022-01-06', status: 'missing' }]);
    expect(overlapOf(await engine.launch('base 2022-01-01,2022-01-02,2022-01-04,2022-01-06', 'bob'))).toEqual(overlap);
    engine.processor.release();
    await over(first);
    expect(callsOf('base 2022-01-06')).toBe(0);
  });

  it('is answered to the asker alone, with three buttons, each also as a command', async () => {
    await start({ maxConcurrent: 1 });
    engine.processor.hold();
    const first = await engine.run('base 2022-01-01 2022-01-04', 'ada', 'C1');
    await ask('r1', 'base 2022-01-03 2022-01-06');
    const [said] = whispered();
    expect(said?.text).toMatch(/Nothing was started.*of @?ada is working on base 3-4 Jan 2022; 0 of 4 cells done/s);
    expect(said?.text).toContain('`/backfill base 2022-01-03..2022-01-06 --rest`');
    expect(said?.text).toContain(`\`/backfill base 2022-01-03..2022-01-06 --after ${first}\``);
    expect(said?.text).toContain(`\`/backfill follow ${first}\``);
    const texts = JSON.stringify(said?.blocks);
    for (const text of ['Run the rest (2 dates)', `Queue after ${first}`, `Follow ${first}`])
      expect(texts).toContain(text);
    engine.processor.release();
    await over(first);
  });

  it('is told of the owner too where it is what blocks the dates that is owned', async () => {
    await start({ maxConcurrent: 1 });
    engine.processor.hold();
    const first = await engine.run('base 2022-01-01 2022-01-03', 'ada');
    const overlap = overlapOf(await engine.launch('mid 2022-01-02', 'bob'));
    expect(overlap.owners).toMatchObject([{ backfill: first, cells: [{ table: 'base', dates: ['2022-01-02'] }] }]);
    expect(overlap.rest).toEqual([]);
  });
});

describe('--rest', () => {
  it('runs what is left and says to whom the others are left', async () => {
    await start({ maxConcurrent: 2 });
    engine.processor.hold();
    const first = await engine.run('base 2022-01-01 2022-01-04', 'ada', 'C1');
    await underWay(2);
    await ask('r1', 'base 2022-01-02 2022-01-06');
    await press('run-rest');
    const rest = await waitUntil('the rest', async () => {
      const [row] = await store.query<{ id: string }>(`select id from backfills where requested_by = 'bob'`);
      return row?.id;
    });
    engine.processor.release();
    const report = await over(rest);
    expect(report.cells.filter(({ state }) => state === 'succeeded').map(({ date }) => date)).toEqual([
      '2022-01-05',
      '2022-01-06',
    ]);
    expect(report.preflight.skipped).toMatchObject(
      ['02', '03', '04'].map((day) => ({ date: `2022-01-${day}`, status: 'running', heldBy: first })),
    );
    await over(first);
    expect(callsOf('base 2022-01-03')).toBe(1);
    const root = engine.posted.find((said) => said.key === `backfill:${rest}:root`);
    expect(root?.message.text).toContain(`Left to \`${first}\`: 2-4 Jan 2022`);
  });

  it('leaves out the dates too whose upstream the other one is still to write', async () => {
    await start({ maxConcurrent: 1 });
    engine.processor.hold();
    const first = await engine.run('base 2022-01-02', 'ada');
    const launched = await engine.launch('mid 2022-01-01 2022-01-03 --with-upstream --rest', 'bob');
    const rest = idOf(launched, 'launched');
    engine.processor.release();
    const report = await over(rest);
    const ran = report.cells.filter(({ state }) => state === 'succeeded');
    expect(ran.map(({ table, date }) => `${table} ${date.slice(8)}`).sort()).toEqual([
      'base 01',
      'base 03',
      'mid 01',
      'mid 03',
    ]);
    expect(report.preflight.skipped).toMatchObject([{ table: 'mid', date: '2022-01-02', heldBy: first }]);
    expect(report.result).toBe('succeeded_with_gaps');
  });

  it('starts nothing where nothing is left, and names the owner', async () => {
    await start({ maxConcurrent: 1 });
    engine.processor.hold();
    const first = await engine.run('base 2022-01-01 2022-01-02', 'ada');
    const overlap = overlapOf(await engine.launch('base 2022-01-02 --rest', 'bob'));
    expect(overlap).toMatchObject({ owners: [{ backfill: first }], rest: [] });
  });

  it('leaves out a date whose window the other one is still to write, which a launch without it would run', async () => {
    await start({ maxConcurrent: 1 });
    for (const day of ['01', '03', '04', '05']) await engine.write('base', `2022-01-${day}`, 4);
    engine.processor.hold();
    const first = await engine.run('base 2022-01-02', 'ada');
    const overlap = overlapOf(await engine.launch('win 2022-01-05 --rest', 'bob'));
    expect(overlap).toMatchObject({ owners: [{ backfill: first }], rest: [] });
    expect(idOf(await engine.launch('win 2022-01-05', 'bob'), 'launched')).not.toBe(first);
  });

  it('runs all where nobody owns anything', async () => {
    await start();
    const id = await engine.run('base 2022-01-01 2022-01-02 --rest');
    expect(await over(id)).toMatchObject({ result: 'succeeded', counts: { succeeded: 2, skipped: 0 } });
  });
});

describe('--after', () => {
  it('waits, is judged anew when the other one is over, and runs only what is left to do', async () => {
    await start({ maxConcurrent: 1 });
    engine.processor.hold();
    const first = await engine.run('base 2022-01-01 2022-01-02', 'ada', 'C1');
    await ask('r1', 'mid 2022-01-01 2022-01-03 --with-upstream');
    await press('queue-after');
    const queued = await waitUntil('the queued one', async () => {
      const [row] = await store.query<{ id: string }>(`select id from backfills where requested_by = 'bob'`);
      return row?.id;
    });
    expect(await viewOf(queued)).toMatchObject({ state: 'preflight', waitsFor: first, startedAt: null });
    const root = () => engine.posted.find((said) => said.key === `backfill:${queued}:root`)?.message.text;
    await waitUntil('its message', () => root()?.includes(`for \`${first}\` to be over`));
    engine.processor.release();
    await over(first);
    const report = await over(queued);
    expect(report).toMatchObject({ result: 'succeeded', waitsFor: null });
    expect(report.cells.map(({ table, date }) => `${table} ${date.slice(8)}`).sort()).toEqual([
      'base 03',
      'mid 01',
      'mid 02',
      'mid 03',
    ]);
  });

  it('starts at once where the other one is over, and is declined where there is none', async () => {
    await start();
    const first = await engine.run('base 2022-01-01');
    await over(first);
    const second = await engine.run(`mid 2022-01-01 --after ${first}`);
    expect(await over(second)).toMatchObject({ result: 'succeeded' });
    const none = await engine.launch('mid 2022-01-01 --after nosuch');
    expect(none).toMatchObject({ refused: true, message: 'There is no backfill nosuch.' });
  });

  it('is one backfill for the same request, and can be canceled while it waits', async () => {
    await start({ maxConcurrent: 1 });
    engine.processor.hold();
    const first = await engine.run('base 2022-01-01', 'ada');
    const all = await Promise.all(
      ['bob', 'cyd', 'bob'].map((user) => engine.launch(`mid 2022-01-01 --after ${first}`, user)),
    );
    const kinds = all.map((one) => (isRefusal(one) ? one.message : one.kind));
    expect(kinds.sort()).toEqual(['queued', 'same', 'same']);
    const [id, ...others] = [...new Set(all.map((one) => ('id' in one ? one.id : '')))];
    expect(others).toEqual([]);
    await steerBackfill(engine.ports, { verb: 'cancel', id: id ?? '', reason: null }, { user: 'bob' });
    expect(await over(id ?? '', 'canceled')).toMatchObject({ result: 'canceled', cells: [] });
    engine.processor.release();
    await over(first);
    expect(callsOf('mid 2022-01-01')).toBe(0);
  });

  it('waits in a chain, also for one that was canceled', async () => {
    await start({ maxConcurrent: 1 });
    engine.processor.hold();
    const first = await engine.run('base 2022-01-01 2022-01-02', 'ada');
    const second = idOf(await engine.launch(`base 2022-01-01 2022-01-03 --after ${first}`, 'bob'), 'queued');
    const third = idOf(await engine.launch(`base 2022-01-01 2022-01-04 --after ${second}`, 'cyd'), 'queued');
    await steerBackfill(engine.ports, { verb: 'cancel', id: second, reason: null }, { user: 'bob' });
    await waitUntil('the next turn', async () => (await viewOf(third))?.waitsFor === first);
    expect(await viewOf(third)).toMatchObject({ state: 'preflight' });
    engine.processor.release();
    await over(first);
    expect(await over(third)).toMatchObject({ result: 'succeeded', counts: { succeeded: 2, skipped: 2 } });
  });

  it('says in its thread why it cannot run when its turn has come, and calls whoever asked', async () => {
    await start({ maxConcurrent: 1 });
    engine.processor.hold();
    engine.processor.script('base 2022-01-01', { answer: failure }, { answer: failure }, { answer: failure });
    const first = await engine.run('base 2022-01-01', 'ada', 'C1');
    const queued = idOf(await engine.launch(`mid 2022-01-01 --after ${first}`, 'bob', 'C2'), 'queued');
    await ask('r1', `follow ${queued}`, 'cyd');
    engine.processor.release();
    await over(first);
    expect(await over(queued)).toMatchObject({ result: 'refused', cells: [{ table: 'mid', state: 'blocked' }] });
    const why = await waitUntil('why', () => engine.posted.find((said) => said.key === `backfill:${queued}:refused`));
    expect(why.thread).toBeDefined();
    expect(why.message.text).toMatch(/bob.*the turn of this backfill has come.*Nothing ran/s);
    expect(why.message.text).not.toContain('--after');
    await waitUntil('the follower', () =>
      engine.posted.some((said) => said.key.startsWith(`backfill:${queued}:over`) && said.message.text.includes('cyd')),
    );
    expect((await listAudit(store.query, queued)).map(({ action }) => action)).toEqual(['launch', 'follow', 'refused']);
  });

  it('is rung for by the sweep where its bell was lost', async () => {
    engine = await makeEngine(store);
    const first = await engine.run('base 2022-01-01', 'ada');
    const queued = idOf(await engine.launch(`mid 2022-01-01 --after ${first}`, 'bob'), 'queued');
    const bells = async () => {
      engine.asked.length = 0;
      await reconcile(engine.ports, { start: false });
      return engine.asked.filter(({ task }) => task.kind === 'start-queued').map(({ task }) => task);
    };
    expect(await bells()).toEqual([]);
    await steerBackfill(engine.ports, { verb: 'cancel', id: first, reason: null }, { user: 'ada' });
    await finishBackfill(engine.ports, { backfill: first });
    expect(await bells()).toEqual([{ v: 1, kind: 'start-queued', backfill: queued }]);
  });
});

describe('following a backfill', () => {
  it('is told once in its thread when it is over', async () => {
    await start({ maxConcurrent: 1 });
    engine.processor.hold();
    const first = await engine.run('base 2022-01-01 2022-01-02', 'ada', 'C1');
    await ask('r1', 'base 2022-01-02 2022-01-03');
    await press('follow-backfill');
    await ask('r2', `follow ${first}`);
    expect(whispered().map(({ text }) => text)).toEqual([
      expect.stringContaining('Nothing was started'),
      expect.stringContaining('You will be told'),
      expect.stringContaining('already'),
    ]);
    engine.processor.release();
    await over(first);
    const told = await waitUntil('the follower', () => {
      const said = engine.posted.filter((one) => one.key.startsWith(`backfill:${first}:over`));
      return said.length > 0 && said;
    });
    expect(told).toHaveLength(1);
    expect(told[0]?.thread).toBeDefined();
    expect(told[0]?.message.text).toMatch(/bob.*is over: succeeded/s);
    await ask('r3', `follow ${first}`);
    expect(whispered().at(-1)?.text).toContain('is over: succeeded');
    await ask('r4', 'follow nosuch');
    expect(whispered().at(-1)?.text).toContain('There is no backfill nosuch');
  });

  it('is told where it was asked for when the backfill is one of the command line', async () => {
    await start({ maxConcurrent: 1 });
    engine.processor.hold();
    const first = await engine.run('base 2022-01-01', 'ada');
    await ask('r1', `follow ${first}`);
    engine.processor.release();
    await over(first);
    const told = await waitUntil('the follower', () => engine.posted.find((one) => one.key.includes(`${first}:over`)));
    expect(told.message.text).toContain('bob');
    expect(told.thread).toBeUndefined();
  });
});
