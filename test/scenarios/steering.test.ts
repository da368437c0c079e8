/** Pause, resume, cancel and retry, as people do them in Slack and in a terminal, against calls that are under way. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { offerActions } from '../../handlers/button-click.ts';
import { putProgress } from '../../jobs/show-progress.ts';
import { startBackfill } from '../../jobs/start-backfill.ts';
import { readAsked } from '../../src/core/asked.ts';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import type { SteerVerb } from '../../src/core/backfill/steering.ts';
import { steerBackfill } from '../../src/engine/steer.ts';
import { findView, reportOf } from '../../src/engine/view.ts';
import { isRefusal } from '../../src/fault.ts';
import { loadMessage } from '../../src/store/messages.ts';
import { findRequest, receiveRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import { type Engine, makeEngine } from '../jobs/engine.ts';
import { failure } from '../jobs/scripted-processor.ts';
import { waitUntil } from '../jobs/wait-until.ts';
import { emptyStore } from '../support/small-backfills.ts';
import { memoryStore } from '../support/stores.ts';

let store: Store;
let engine: Engine;
const engines: Engine[] = [];

async function start(...options: Parameters<typeof makeEngine> extends [unknown, ...infer Rest] ? Rest : never) {
  engine = await makeEngine(store, ...options);
  engines.push(engine);
  await engine.start();
  return engine;
}

beforeAll(async () => {
  store = await memoryStore();
});
afterAll(() => store.close());
afterEach(async () => {
  for (const each of engines.splice(0)) await each.close();
  await emptyStore(store);
});

async function steer(verb: SteerVerb, id: string, by = 'bob', reason: string | null = null) {
  const steered = await steerBackfill(engine.ports, { verb, id, reason }, { user: by });
  if (isRefusal(steered)) throw new Error(steered.message);
  return steered;
}

async function refusalOf(verb: SteerVerb, id: string): Promise<string> {
  const steered = await steerBackfill(engine.ports, { verb, id, reason: null }, { user: 'bob' });
  return isRefusal(steered) ? steered.message : `${verb} was done`;
}

/** The report once the backfill is over in its round. */
function over(id: string, state: 'done' | 'canceled' = 'done', round = 1): Promise<BackfillReport> {
  return waitUntil(`the end of ${id}`, async () => {
    const view = await findView(store.query, id);
    return view?.backfill.state === state && view.backfill.round === round && reportOf(view);
  });
}

const statesOf = (report: BackfillReport) => report.cells.map((cell) => `${cell.table} ${cell.date} ${cell.state}`);
const underWay = (n: number) => waitUntil(`${n} calls`, () => engine.processor.underWay().length === n);
const callsOf = (cell: string) => engine.processor.calls.filter((call) => call.cell === cell).length;
const textOf = async (key: string) => (await loadMessage(store.query, key)).content.text;

describe('a pause', () => {
  it('lets what is under way end and starts nothing, until it is resumed', async () => {
    await start({ maxConcurrent: 2 });
    engine.processor.hold();
    const id = await engine.run('base 2022-01-01 2022-01-06');
    await underWay(2);
    expect(await steer('pause', id)).toMatchObject({ state: 'paused', waiting: 4, running: 2, already: false });
    engine.processor.release();
    await waitUntil('both ends', async () => {
      const view = await findView(store.query, id);
      return view?.progress.done === 2;
    });
    expect(engine.processor.calls).toHaveLength(2);
    expect(await steer('resume', id)).toMatchObject({ state: 'running', waiting: 4 });
    expect((await over(id)).counts.succeeded).toBe(6);
    expect(engine.processor.calls).toHaveLength(6);
  });

  it('outlives the process: nothing starts with the next one, and a resume runs each cell once', async () => {
    await start({ maxConcurrent: 1 });
    const id = await engine.run('base 2022-01-01 2022-01-03 --concurrency 1');
    await steer('pause', id);
    await waitUntil('the calls under way', async () => (await findView(store.query, id))?.progress.running === 0);
    await engine.stop();
    const before = engine.processor.calls.map((call) => call.cell);
    await start({ maxConcurrent: 1 });
    expect((await findView(store.query, id))?.backfill.state).toBe('paused');
    await steer('resume', id);
    await over(id);
    // Each process has a warehouse of its own here, so what the first one filled is not there any more, and not run again.
    const after = engine.processor.calls.map((call) => call.cell);
    expect([...before, ...after].sort()).toEqual(['01', '02', '03'].map((day) => `base 2022-01-${day}`));
  });

  it('asked for again, or of what is over, is answered and changes nothing', async () => {
    await start({ maxConcurrent: 1 });
    engine.processor.hold();
    const id = await engine.run('base 2022-01-01 2022-01-02');
    await underWay(1);
    const both = await Promise.all([steer('pause', id, 'bob'), steer('pause', id, 'cyd')]);
    expect(both.map(({ already }) => already).sort()).toEqual([false, true]);
    expect(both.find(({ already }) => already)?.steering?.by).toBe(both.find(({ already }) => !already)?.steering?.by);
    await steer('resume', id);
    expect(await steer('resume', id)).toMatchObject({ already: true });
    engine.processor.release();
    await over(id);
    expect(await refusalOf('pause', id)).toBe(`Backfill ${id} is over, all its cells are final. Nothing was changed.`);
    expect(await refusalOf('cancel', id)).toContain('is over');
    expect(await refusalOf('pause', 'nobody')).toBe('There is no backfill nobody.');
    const rows = await store.query(`select action from audit where subject = $1 and action in ('pause','resume')`, [
      id,
    ]);
    expect(rows).toHaveLength(2);
  });
});

describe('a cancel', () => {
  it('stops what does not run at once, starts nothing more, and says so when the rest has ended', async () => {
    await start({ maxConcurrent: 3 });
    engine.processor.hold();
    engine.processor.script('base 2022-01-02', { rows: 0 });
    const id = await engine.run('mid 2022-01-01 2022-01-05 --with-upstream', 'ada', 'C1');
    await underWay(3);
    expect(await steer('cancel', id)).toMatchObject({ state: 'canceling', stopped: 7, running: 3 });
    engine.processor.release();
    const report = await over(id, 'canceled');
    expect(report.result).toBe('canceled');
    expect(report.counts).toEqual({ succeeded: 2, failed: 1, blocked: 0, skipped: 0, canceled: 7 });
    expect(engine.processor.calls).toHaveLength(3);
    await waitUntil('the summary', () => engine.posted.some((said) => said.key === `backfill:${id}:summary`));
    expect(engine.posted.filter((said) => said.key.endsWith(':summary'))).toHaveLength(1);
    expect(await textOf(`backfill:${id}:root`)).toContain('Canceled');
    expect(await textOf(`backfill:${id}:steered:0`)).toContain('by bob: 7 cells will not run, 3 cells under way end');
  });

  it('ends at once where nothing is under way, also of a paused backfill', async () => {
    await start({ maxConcurrent: 1 });
    engine.processor.hold();
    const id = await engine.run('base 2022-01-01 2022-01-02');
    await underWay(1);
    await steer('pause', id);
    engine.processor.release();
    await waitUntil('the first end', async () => (await findView(store.query, id))?.progress.done === 1);
    expect(await steer('cancel', id)).toMatchObject({ stopped: 1, running: 0 });
    expect(statesOf(await over(id, 'canceled'))).toEqual(['base 2022-01-01 succeeded', 'base 2022-01-02 canceled']);
    expect(await steer('cancel', id)).toMatchObject({ already: true });
  });

  it('takes a cell that waits for another attempt', async () => {
    await start({ retryWait: 60_000 });
    engine.processor.script('base 2022-01-01', { answer: failure });
    const id = await engine.run('base 2022-01-01');
    await waitUntil('the wait', async () => {
      const view = await findView(store.query, id);
      return view?.cells[0]?.state === 'ready' && view.cells[0].attempts === 1;
    });
    await steer('cancel', id);
    expect(statesOf(await over(id, 'canceled'))).toEqual(['base 2022-01-01 canceled']);
  });
});

describe('a retry', () => {
  it('takes what may end otherwise and what waited for it, and leaves what would fail again', async () => {
    await start();
    engine.processor.script('base 2022-01-02', { answer: failure });
    engine.processor.script('base 2022-01-03', { rows: 0 });
    const id = await engine.run('mid 2022-01-01 2022-01-04 --with-upstream', 'ada', 'C1');
    const first = await over(id);
    expect(first.counts).toMatchObject({ succeeded: 4, failed: 2, blocked: 2 });
    engine.processor.script('base 2022-01-02', {});
    const steered = await steer('retry', id);
    expect(steered.again).toEqual([
      { table: 'base', date: '2022-01-02' },
      { table: 'mid', date: '2022-01-02' },
    ]);
    expect(steered.stay.map((cell) => `${cell.table} ${cell.date}: ${cell.why}`)).toEqual([
      'base 2022-01-03: the service answered 200 and wrote no rows, and nothing that it reads was written since',
      'mid 2022-01-03: it needs base 2022-01-03',
    ]);
    const second = await over(id, 'done', 2);
    expect(second.counts).toMatchObject({ succeeded: 6, failed: 1, blocked: 1 });
    expect(second.result).toBe('succeeded_with_gaps');
    expect(second.cells.find((cell) => cell.date === '2022-01-02')).toMatchObject({ attempts: 4, rowsBefore: 0 });
    expect(callsOf('base 2022-01-03')).toBe(1);
    expect(callsOf('base 2022-01-01')).toBe(1);
    await waitUntil('both summaries', () => engine.posted.filter((said) => said.key.includes(':summary')).length === 2);
    expect(await textOf(`backfill:${id}:steered:0`)).toContain('by bob: 2 cells again; 2 cells would end as before');
    expect(await refusalOf('retry', id)).toMatch(/none of its dates would end otherwise now. base 2022-01-03: .*rows/);
  });

  it('tries three times again', async () => {
    await start();
    engine.processor.script('base 2022-01-01', { answer: failure });
    const id = await engine.run('base 2022-01-01');
    await over(id);
    expect(callsOf('base 2022-01-01')).toBe(3);
    await steer('retry', id);
    expect((await over(id, 'done', 2)).result).toBe('failed');
    expect(callsOf('base 2022-01-01')).toBe(6);
  });

  it('takes a lasting failure once something that it reads was written', async () => {
    await start();
    for (const day of ['01', '02']) await engine.write('base', `2022-01-${day}`, 4);
    engine.processor.script('mid 2022-01-01', { rows: 0 });
    const id = await engine.run('mid 2022-01-01');
    await over(id);
    expect(await refusalOf('retry', id)).toContain('nothing that it reads was written since');
    await engine.write('base', '2022-01-02', 4);
    expect(await refusalOf('retry', id)).toContain('nothing that it reads was written since');
    await engine.write('base', '2022-01-01', 4);
    engine.processor.script('mid 2022-01-01', {});
    expect((await steer('retry', id)).again).toEqual([{ table: 'mid', date: '2022-01-01' }]);
    expect((await over(id, 'done', 2)).result).toBe('succeeded');
  });

  it('takes a blocked cell whose parent somebody else has filled', async () => {
    await start();
    engine.processor.script('base 2022-01-01', { rows: 0 });
    const id = await engine.run('mid 2022-01-01 --with-upstream');
    await over(id);
    await engine.write('base', '2022-01-01', 4);
    expect((await steer('retry', id)).again).toEqual([
      { table: 'base', date: '2022-01-01' },
      { table: 'mid', date: '2022-01-01' },
    ]);
    const report = await over(id, 'done', 2);
    expect(statesOf(report)).toEqual(['base 2022-01-01 skipped', 'mid 2022-01-01 succeeded']);
    expect(callsOf('base 2022-01-01')).toBe(1);
  });

  it('runs after all what was canceled, once, whoever asks twice', async () => {
    await start({ maxConcurrent: 1 });
    engine.processor.hold();
    const id = await engine.run('base 2022-01-01 2022-01-03');
    await underWay(1);
    await steer('cancel', id);
    expect(await refusalOf('retry', id)).toContain('it can be retried when it is over');
    engine.processor.release();
    await over(id, 'canceled');
    engine.processor.hold();
    const both = await Promise.all([steer('retry', id, 'bob'), steer('retry', id, 'cyd')]);
    expect(both.map(({ already }) => already).sort()).toEqual([false, true]);
    engine.processor.release();
    expect(await over(id, 'done', 2)).toMatchObject({ result: 'succeeded', counts: { succeeded: 3, canceled: 0 } });
    expect(engine.processor.calls).toHaveLength(3);
    expect(await refusalOf('retry', id)).toContain('has nothing to run again');
  });

  it('takes no cell that another backfill is working on, and names who', async () => {
    await start({ maxConcurrent: 1 });
    engine.processor.script('base 2022-01-01', { answer: failure });
    const id = await engine.run('base 2022-01-01');
    await over(id);
    engine.processor.hold();
    const other = await engine.run('base 2022-01-01 2022-01-02', 'cyd');
    await underWay(1);
    const refused = await steerBackfill(engine.ports, { verb: 'retry', id, reason: null }, { user: 'bob' });
    expect(refused).toMatchObject({
      message: `Backfill ${other} is working on base 1 Jan 2022. Nothing was started.`,
      try: `/backfill base 2022-01-01 --after ${other}`,
      roads: ['/backfill base 2022-01-01 --rest', `/backfill follow ${other}`],
      owner: 'cyd',
    });
    expect((await findView(store.query, id))?.backfill).toMatchObject({ state: 'done', round: 1 });
  });
});

describe('the buttons of the message', () => {
  type Button = { action_id: string; value: string };
  const buttonsOf = async (id: string) => {
    const { content } = await loadMessage(store.query, `backfill:${id}:root`);
    return content.blocks.flatMap((block) => (block.type === 'actions' ? (block.elements as Button[]) : []));
  };
  const actionsOf = async (id: string) =>
    (await buttonsOf(id)).map((button) => button.action_id.replace('-backfill', ''));
  /** Presses a button: what the handler stores of a click, and the job that it rings for. */
  async function press(id: string, action: string, user: string) {
    const button = (await buttonsOf(id)).find((one) => one.action_id === `${action}-backfill`);
    const offer = await findRequest(store.query, button?.value ?? '');
    const asked = readAsked(offer?.payload);
    if (offer?.kind !== 'offer' || !asked) throw new Error(`there is no offer behind ${action}`);
    const request = { id: `click ${button?.value}`, key: `click ${button?.value}`, now: asked.at };
    await receiveRequest(store.query, { ...request, kind: 'start-backfill', payload: { ...asked, user } });
    await startBackfill(engine.ports, { request: request.id });
    await putProgress(engine.ports, id);
  }

  it('are those that make sense in its state, each good for one press', async () => {
    await start({ maxConcurrent: 1 });
    expect(offerActions).toEqual(
      expect.arrayContaining(['pause', 'resume', 'cancel', 'retry'].map((verb) => `${verb}-backfill`)),
    );
    engine.processor.hold();
    const id = await engine.run('base 2022-01-01 2022-01-02', 'ada', 'C1');
    await putProgress(engine.ports, id);
    expect(await actionsOf(id)).toEqual(['pause', 'cancel']);
    await press(id, 'pause', 'bob');
    expect(await actionsOf(id)).toEqual(['resume', 'cancel']);
    expect(await textOf(`backfill:${id}:root`)).toContain('Paused: no new cell starts');
    expect(engine.posted.find((said) => said.key === 'whisper')?.message.text).toContain('is paused');
    const first = (await buttonsOf(id)).map((button) => button.value);
    await press(id, 'resume', 'bob');
    await press(id, 'pause', 'cyd');
    expect((await buttonsOf(id)).map((button) => button.value).filter((value) => first.includes(value))).toEqual([]);
    await press(id, 'cancel', 'cyd');
    engine.processor.release();
    await over(id, 'canceled');
    expect(await actionsOf(id)).toEqual(['retry']);
    await press(id, 'retry', 'bob');
    await over(id, 'done', 2);
    await waitUntil('no button', async () => (await actionsOf(id)).length === 0);
  });
});

describe('--stop-on-failure', () => {
  it('ends a backfill by itself and says why', async () => {
    await start({ maxConcurrent: 1 });
    engine.processor.script('base 2022-01-01', { rows: 0 });
    engine.processor.script('base 2022-01-02', { rows: 0 });
    const id = await engine.run('base 2022-01-01 2022-01-06 --stop-on-failure=2', 'ada', 'C1');
    const report = await over(id, 'canceled');
    expect(report.counts).toMatchObject({ failed: 2, canceled: 4 });
    expect(await textOf(`backfill:${id}:steered:0`)).toContain('2 of 2 cells failed (--stop-on-failure=2)');
  });
});

describe('--sample', () => {
  const dates = '2022-01-01 2022-01-09';

  it('runs the sample first, and the rest by itself when the sample is good', async () => {
    await start();
    engine.processor.hold();
    const id = await engine.run(`mid ${dates} --with-upstream --sample 2`);
    await underWay(2);
    expect(engine.processor.underWay().sort()).toEqual(['base 2022-01-01', 'base 2022-01-09']);
    engine.processor.release();
    const report = await over(id);
    expect(report.counts.succeeded).toBe(18);
    const order = engine.processor.calls.map((call) => call.cell);
    expect(order.slice(0, 4).sort()).toEqual(
      ['base 2022-01-01', 'base 2022-01-09', 'mid 2022-01-01', 'mid 2022-01-09'].sort(),
    );
  });

  it('pauses with the reason when the sample is not good, and runs the rest only when somebody resumes', async () => {
    await start();
    engine.processor.script('base 2022-01-09', { rows: 2 });
    const id = await engine.run(`base ${dates} --sample 2`, 'ada', 'C1');
    await waitUntil('the pause', async () => (await findView(store.query, id))?.backfill.state === 'paused');
    expect(engine.processor.calls).toHaveLength(2);
    const steered = (await findView(store.query, id))?.backfill.steered;
    expect(steered).toMatchObject({ by: 'engine', reason: 'the sample did not verify: base 2022-01-09 failed' });
    await steer('resume', id);
    expect((await over(id)).counts).toMatchObject({ succeeded: 8, failed: 1 });
  });
});
