import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerPlan } from '../../src/engine/answers.ts';
import { findView } from '../../src/engine/view.ts';
import type { Store } from '../../src/store/store.ts';
import { memoryStore } from '../support/stores.ts';
import { type Engine, makeEngine } from './engine.ts';
import { waitUntil } from './wait-until.ts';

let store: Store;
let engine: Engine;
beforeEach(async () => {
  store = await memoryStore();
  engine = await makeEngine(store);
  await engine.start();
});
afterEach(async () => {
  await engine.close();
  await store.close();
});

const planned = async () => (await answerPlan(engine.ports, 'top', ['2022-01-05', '2022-01-06'])).estimate;

describe('an estimate', () => {
  it('is none before anything ran, and then rests on every run that ended well', async () => {
    expect(await planned()).toBeNull();
    const first = await engine.run('base 2022-01-01..2022-01-04');
    expect((await engine.done(first)).estimate).toBeNull();
    expect(await planned()).toMatchObject({ measured: 4, leastMs: expect.any(Number), mostMs: expect.any(Number) });
  });

  it('of a refusal is one of what is ready and one of what would mend the rest', async () => {
    await engine.done(await engine.run('base 2022-01-01..2022-01-03'));
    await engine.done(await engine.run('mid 2022-01-01..2022-01-02'));
    const refused = await engine.launch('mid 2022-01-03..2022-01-04');
    if (!('kind' in refused) || refused.kind !== 'refused') throw new Error('was not refused');
    expect(refused.plan).toMatchObject({ cells: 1, estimate: { measured: 2 } });
    expect(refused.repair).toMatchObject({ cells: 3, estimate: { measured: 5 } });
    expect(refused.repair?.estimate?.mostMs).toBeGreaterThanOrEqual(refused.plan.estimate?.mostMs ?? Number.NaN);
  });

  it('of a launch stays what it was, and the summary says it beside the time that it took', async () => {
    await engine.done(await engine.run('base 2022-01-01..2022-01-02'));
    const id = await engine.run('base 2022-01-03..2022-01-06', 'ada', 'C1');
    const { estimate } = await engine.done(id);
    expect(estimate).toMatchObject({ measured: 2 });
    const said = await waitUntil('the summary', async () =>
      engine.posted.find((post) => post.key.endsWith(':summary')),
    );
    expect(said.message.text).toMatch(/4 of 4 cells filled in .+ \(foreseen: .+\)/);
    expect((await findView(store.query, id))?.progress.timeLeft).toBeNull();
  });

  it('of the time left is there while cells are held up, and comes from the store alone', async () => {
    await engine.done(await engine.run('base 2022-01-01..2022-01-02'));
    engine.processor.hold();
    const id = await engine.run('base 2022-01-03..2022-01-06', 'ada', 'C1');
    await waitUntil('the calls', async () => engine.processor.underWay().length === 4);
    const views = [await findView(store.query, id), await findView(store.query, id)];
    expect(views[0]?.progress.timeLeft?.most).toBeGreaterThan(0);
    expect(views[1]?.progress).toEqual(views[0]?.progress);
    engine.processor.release();
    await engine.done(id);
  });
});
