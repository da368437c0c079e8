/** `--skip-preflight --reason`: the named exception to "a blocked cell is never run", from its launch to its retry. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import { steerBackfill } from '../../src/engine/steer.ts';
import { findView, reportOf } from '../../src/engine/view.ts';
import { isRefusal } from '../../src/fault.ts';
import { loadMessage } from '../../src/store/messages.ts';
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

async function start() {
  engine = await makeEngine(store);
  await engine.start();
}

function over(id: string, round = 1): Promise<BackfillReport> {
  return waitUntil(`the end of ${id}`, async () => {
    const view = await findView(store.query, id);
    return view?.backfill.state === 'done' && view.backfill.round === round && reportOf(view);
  });
}

const override = '--skip-preflight --reason "the source is lost"';

describe('a backfill with --skip-preflight', () => {
  it('runs the blocked dates that were asked, says what they lack, and calls them tainted', async () => {
    await start();
    await engine.write('base', '2022-01-02', 4);
    const id = await engine.run(`mid 2022-01-01 2022-01-02 ${override}`, 'ada', 'C1');
    const report = await over(id);
    expect(report.result).toBe('succeeded_with_gaps');
    expect(report.cells).toMatchObject([
      { date: '2022-01-01', state: 'succeeded', reason: 'built_on_bad_input', rowsAfter: 4 },
      { date: '2022-01-02', state: 'succeeded', reason: null },
    ]);
    expect(report.preflight.blocked).toEqual([]);
    expect(report.preflight.overridden).toMatchObject([{ date: '2022-01-01', causes: [{ table: 'base' }] }]);
    expect(report.overrides).toEqual([{ option: 'skip-preflight', by: 'ada', reason: 'the source is lost', dates: 1 }]);
    expect(report.options).toMatchObject({ skipPreflight: true, reason: 'the source is lost' });
    for (const key of ['root', 'summary']) {
      const { content } = await loadMessage(store.query, `backfill:${id}:${key}`);
      expect(content.text).toContain('--skip-preflight runs 1 blocked date, by ada: the source is lost');
    }
  });

  it('blocks a date that became blocked only after it had been found ready', async () => {
    await start();
    for (const date of ['2022-01-01', '2022-01-02']) await engine.write('base', date, 4);
    engine.processor.hold();
    const id = await engine.run(`mid 2022-01-01 2022-01-02 --concurrency 1 ${override}`);
    await waitUntil('the first call', () => engine.processor.underWay().length === 1);
    await engine.write('base', '2022-01-02', 0);
    engine.processor.release();
    const { cells } = await over(id);
    expect(cells.map(({ state }) => state)).toEqual(['succeeded', 'blocked']);
  });

  it('is retried with its override: the dates that it named need not be ready then either', async () => {
    await start();
    engine.processor.script('mid 2022-01-01', ...Array.from({ length: 3 }, () => ({ answer: failure })), {});
    const id = await engine.run(`mid 2022-01-01 ${override}`);
    expect((await over(id)).result).toBe('failed');
    const steered = await steerBackfill(engine.ports, { verb: 'retry', id, reason: null }, { user: 'bob' });
    expect(isRefusal(steered) ? steered.message : steered.again).toEqual([{ table: 'mid', date: '2022-01-01' }]);
    expect((await over(id, 2)).cells).toMatchObject([{ state: 'succeeded', reason: 'built_on_bad_input' }]);
  });
});

describe('a backfill with --no-resume', () => {
  it('says how many complete dates it overwrites, and whose decision that was', async () => {
    await start();
    await engine.write('base', '2022-01-01', 4);
    const report = await over(await engine.run('base 2022-01-01 2022-01-02 --no-resume', 'bob'));
    expect(report.counts.succeeded).toBe(2);
    expect(report.overrides).toEqual([{ option: 'no-resume', by: 'bob', reason: null, dates: 1 }]);
  });
});
