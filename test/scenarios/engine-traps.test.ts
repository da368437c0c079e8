/** The traps of the engine: what goes wrong at once, in the wrong order, beside each other, or behind its back. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import { readBackfillRequest } from '../../src/core/request/request.ts';
import { launchBackfill } from '../../src/engine/launch.ts';
import { Fault, isRefusal } from '../../src/fault.ts';
import type { Store } from '../../src/store/store.ts';
import { type Engine, makeEngine } from '../jobs/engine.ts';
import { failure, success } from '../jobs/scripted-processor.ts';
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
  const clashes = engines.flatMap((each) => each.processor.clashes);
  for (const each of engines.splice(0)) await each.close();
  await emptyStore(store);
  expect(clashes, 'a reader ran beside a writer').toEqual([]);
});

/** `base 2022-01-03 failed run_failed`, for the cells that did not simply succeed. */
function exceptions(report: BackfillReport): string[] {
  return report.cells
    .filter((cell) => cell.state !== 'succeeded' || cell.reason !== null)
    .map((cell) => `${cell.table} ${cell.date} ${cell.state} ${cell.reason}`);
}

const callsOf = (cell: string) => engine.processor.calls.filter((call) => call.cell === cell).length;
const cellsInOrder = () => engine.processor.calls.map((call) => call.cell);

describe('a backfill', () => {
  it('goes on past a date that fails, and tries that one three times', async () => {
    await start();
    engine.processor.script('base 2022-01-03', { answer: failure });
    const report = await engine.done(await engine.run('base 2022-01-01 2022-01-08'));
    expect(exceptions(report)).toEqual(['base 2022-01-03 failed run_failed']);
    expect(report.counts).toEqual({ succeeded: 7, failed: 1, blocked: 0, skipped: 0, canceled: 0 });
    expect(report.result).toBe('succeeded_with_gaps');
    expect(callsOf('base 2022-01-03')).toBe(3);
    expect(engine.processor.calls).toHaveLength(10);
  });

  it('blocks only what needs the failed date: a window goes on without it', async () => {
    await start();
    engine.processor.script('base 2022-01-03', { answer: failure });
    const report = await engine.done(await engine.run('top 2022-01-01 2022-01-05 --with-upstream'));
    expect(exceptions(report)).toEqual([
      'base 2022-01-03 failed run_failed',
      'mid 2022-01-03 blocked upstream_missing',
      ...['03', '04', '05'].map((day) => `win 2022-01-${day} succeeded built_on_bad_input`),
      'top 2022-01-03 blocked upstream_missing',
      ...['04', '05'].map((day) => `top 2022-01-${day} succeeded built_on_bad_input`),
    ]);
    expect([callsOf('mid 2022-01-03'), callsOf('top 2022-01-03')]).toEqual([0, 0]);
    const blocked = report.cells.filter((cell) => cell.state === 'blocked');
    expect(blocked.map((cell) => cell.detail)).toEqual([
      'not run, since base 2022-01-03 failed',
      'not run, since base 2022-01-03 failed',
    ]);
  });

  it('runs a cell only after everything in the plan that it reads', async () => {
    await start();
    await engine.done(await engine.run('top 2022-01-01 2022-01-03 --with-upstream'));
    const order = cellsInOrder();
    expect(order).toHaveLength(12);
    for (const day of ['01', '02', '03']) {
      const at = (table: string) => order.indexOf(`${table} 2022-01-${day}`);
      expect(at('mid')).toBeGreaterThan(at('base'));
      expect(at('top')).toBeGreaterThan(Math.max(at('mid'), at('win')));
    }
    expect(order.indexOf('win 2022-01-03')).toBeGreaterThan(order.indexOf('base 2022-01-01'));
  });

  it('takes newest dates first when asked to', async () => {
    await start();
    await engine.done(await engine.run('base 2022-01-01 2022-01-04 --newest-first --concurrency 1'));
    expect(cellsInOrder()).toEqual(['04', '03', '02', '01'].map((day) => `base 2022-01-${day}`));
  });

  it('waits longer before each further try', async () => {
    await start({ retryWait: 80 });
    engine.processor.script('base 2022-01-01', { answer: failure }, { answer: failure }, {});
    const report = await engine.done(await engine.run('base 2022-01-01'));
    expect(report.cells).toMatchObject([{ state: 'succeeded', attempts: 3, rowsBefore: 0, rowsAfter: 4 }]);
    const [first, second, third] = engine.processor.calls;
    expect((second?.at ?? 0) - (first?.endedAt ?? 0)).toBeGreaterThanOrEqual(79);
    expect((third?.at ?? 0) - (second?.endedAt ?? 0)).toBeGreaterThanOrEqual(159);
  });

  it('believes a table without write times only as far as its rows and the answer go', async () => {
    await start();
    for (const day of ['01', '02', '03']) await engine.write('plain', `2022-01-${day}`, 4);
    engine.processor.script('plain 2022-01-01', { answer: success });
    engine.processor.script('plain 2022-01-02', { answer: { kind: 'answered', reported: 'unstated' } });
    const report = await engine.done(await engine.run('plain 2022-01-01 2022-01-03 --no-resume'));
    expect(report.cells.map((cell) => `${cell.state} ${cell.reason}`)).toEqual([
      'succeeded unverified',
      'failed run_failed',
      'succeeded null',
    ]);
    expect(report.result).toBe('succeeded_with_gaps');
  });
});

describe('what happens behind its back', () => {
  it('skips a cell that somebody else has filled meanwhile', async () => {
    await start();
    engine.processor.hold();
    const id = await engine.run('base 2022-01-01 2022-01-03 --concurrency 1');
    await waitUntil('the first call', () => engine.processor.underWay().length === 1);
    await engine.write('base', '2022-01-02', 4);
    engine.processor.release();
    const report = await engine.done(id);
    expect(exceptions(report)).toEqual(['base 2022-01-02 skipped null']);
    expect(callsOf('base 2022-01-02')).toBe(0);
    expect(report.result).toBe('succeeded');
  });

  it('runs what was to wait for a parent that somebody else has mended during the run', async () => {
    await start();
    engine.processor.hold();
    const id = await engine.run('mid 2022-01-01 2022-01-02 --with-upstream --concurrency 1');
    await waitUntil('the first call', () => engine.processor.underWay().length === 1);
    await engine.write('base', '2022-01-02', 4);
    engine.processor.release();
    const report = await engine.done(id);
    expect(exceptions(report)).toEqual(['base 2022-01-02 skipped null']);
    expect(cellsInOrder()).toEqual(['base 2022-01-01', 'mid 2022-01-01', 'mid 2022-01-02']);
    expect(report.result).toBe('succeeded');
  });

  it('does not call a cell tainted whose hole in the window was mended before it ran', async () => {
    await start();
    for (const day of ['01', '03', '04']) await engine.write('base', `2022-01-${day}`, 4);
    engine.processor.hold();
    const id = await engine.run('win 2022-01-03 2022-01-04 --concurrency 1');
    await waitUntil('the first call', () => engine.processor.underWay().length === 1);
    await engine.write('base', '2022-01-02', 4);
    engine.processor.release();
    const report = await engine.done(id);
    expect(report.preflight.warnings).toHaveLength(2);
    expect(exceptions(report)).toEqual([]);
  });

  it('blocks a cell whose parent was emptied after the launch, and does not call for it', async () => {
    await start();
    for (const day of ['01', '02']) await engine.write('base', `2022-01-${day}`, 4);
    engine.processor.hold();
    const id = await engine.run('mid 2022-01-01 2022-01-02 --concurrency 1');
    await waitUntil('the first call', () => engine.processor.underWay().length === 1);
    await engine.write('base', '2022-01-02', 0);
    engine.processor.release();
    expect(exceptions(await engine.done(id))).toEqual(['mid 2022-01-02 blocked upstream_missing']);
    expect(callsOf('mid 2022-01-02')).toBe(0);
  });

  it('never takes a warehouse that cannot be read for an empty one', async () => {
    await start();
    engine.processor.hold();
    const id = await engine.run('base 2022-01-01 2022-01-02');
    await waitUntil('both calls', () => engine.processor.underWay().length === 2);
    const before = engine.statements.length;
    engine.warehouse.broken = new Fault('the warehouse does not answer', 'later');
    engine.processor.release();
    await waitUntil('a read that failed', () => engine.statements.length > before);
    engine.warehouse.broken = undefined;
    expect(exceptions(await engine.done(id))).toEqual([]);
    expect(engine.processor.calls).toHaveLength(2);
  });
});

describe('two backfills', () => {
  it('overlap in the same instant: one of them runs, the other names owner and dates', async () => {
    await start();
    engine.processor.hold();
    const launched = await Promise.all([
      engine.launch('base 2022-01-01 2022-01-05', 'ada'),
      engine.launch('base 2022-01-03 2022-01-08', 'bob'),
    ]);
    engine.processor.release();
    const overlaps = launched.flatMap((each) => (!isRefusal(each) && each.kind === 'overlap' ? [each.overlap] : []));
    const ids = launched.flatMap((each) => (!isRefusal(each) && each.kind === 'launched' ? [each.id] : []));
    expect([overlaps.length, ids.length]).toEqual([1, 1]);
    const cells = [{ table: 'base', dates: ['2022-01-03', '2022-01-04', '2022-01-05'] }];
    expect(overlaps[0]?.owners).toMatchObject([{ backfill: ids[0], by: expect.stringMatching(/^(ada|bob)$/), cells }]);
    await engine.done(ids[0] ?? '');
    expect(new Set(cellsInOrder()).size).toBe(engine.processor.calls.length);
  });

  it('that are the same are one', async () => {
    await start();
    const launched = await Promise.all(
      ['ada', 'bob', 'ada', 'cyd'].map((user) => engine.launch('base 2022-01-01 2022-01-04', user)),
    );
    const kinds = launched.map((each) => (isRefusal(each) ? 'refused' : each.kind));
    expect(kinds.sort()).toEqual(['launched', 'same', 'same', 'same']);
    expect(new Set(launched.map((each) => ('id' in each ? each.id : ''))).size).toBe(1);
  });

  it('are one also where the other is stored while the first is still reading', async () => {
    await start();
    engine.processor.hold();
    const words = 'base 2022-01-01 2022-01-04';
    const { warehouse } = engine.ports;
    let id = '';
    const meanwhile: typeof warehouse = {
      ...warehouse,
      readFacts: async (tables, range) => {
        if (id === '') id = await engine.run(words, 'ada');
        return warehouse.readFacts(tables, range);
      },
    };
    const request = readBackfillRequest(words, { catalogue: engine.ports.catalogue, today: '2022-04-30' });
    if (isRefusal(request) || request.verb !== 'launch') throw new Error('not a launch');
    const asker = { user: 'bob', channel: null };
    expect(await launchBackfill({ ...engine.ports, warehouse: meanwhile }, request, asker)).toEqual({
      kind: 'same',
      id,
    });
    engine.processor.release();
    await engine.done(id);
  });

  it('never have a reader beside a writer of what it reads', async () => {
    await start({ maxConcurrent: 20 });
    for (const table of ['base', 'mid', 'win']) {
      for (const day of ['01', '02', '03', '04', '05', '06']) await engine.write(table, `2022-01-${day}`, 4);
    }
    // Each call is kept until it is the only one left to let go, so that whatever may run beside it does.
    engine.processor.hold();
    const ids = [
      await engine.run('base 2022-01-01 2022-01-06 --no-resume', 'ada'),
      await engine.run('win 2022-01-01 2022-01-06 --no-resume', 'bob'),
      await engine.run('mid 2022-01-01 2022-01-06 --no-resume', 'cyd'),
    ];
    for (let ended = 0; ended < 18; ended++) {
      const cell = await waitUntil('a call', () => engine.processor.underWay()[0]);
      engine.processor.release(cell);
      await waitUntil(`the end of ${cell}`, () => !engine.processor.underWay().includes(cell));
    }
    const reports = await Promise.all(ids.map((id) => engine.done(id)));
    expect(reports.map((report) => report.result)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(engine.processor.calls).toHaveLength(18);
    expect(engine.processor.most()).toBeGreaterThan(1);
  });
});

describe('at the end', () => {
  it('the last cells that end at once make one finish and one summary', async () => {
    await start();
    engine.processor.hold();
    const id = await engine.run('base 2022-01-01 2022-01-08', 'ada', 'C1');
    await waitUntil('all calls', () => engine.processor.underWay().length === 8);
    engine.processor.release();
    const report = await engine.done(id);
    expect(report.counts.succeeded).toBe(8);
    await waitUntil('the summary', () => engine.posted.some((said) => said.key === `backfill:${id}:summary`));
    expect(engine.posted.filter((said) => said.key.endsWith(':summary'))).toHaveLength(1);
    expect(engine.asked.filter(({ task }) => task.kind === 'finish-backfill')).toHaveLength(1);
    const finishes = await store.query(`select 1 as one from audit where action = 'finish' and subject = $1`, [id]);
    expect(finishes).toHaveLength(1);
  });

  it('the messages say what is in the store', async () => {
    await start();
    engine.processor.script('base 2022-01-02', { rows: 0 });
    const id = await engine.run('base 2022-01-01 2022-01-03', 'ada', 'C1');
    await engine.done(id);
    const keys = () => engine.posted.map((said) => said.key.replace(id, 'ID')).sort();
    await waitUntil('three messages', () => engine.posted.length >= 3);
    expect(keys()).toEqual([
      'backfill:ID:cause:base:failed:empty_success:the-service-answered-200-and-wrote-no-rows',
      'backfill:ID:root',
      'backfill:ID:summary',
    ]);
    const cause = engine.posted.find((said) => said.key.includes(':cause:'));
    expect(JSON.stringify(cause?.message)).toContain('2022-01-02');
  });
});

describe('limits', () => {
  it('keep to the calls that the service takes at a time', async () => {
    await start({ maxConcurrent: 3 });
    engine.processor.hold();
    const ids = [await engine.run('base 2022-01-01 2022-01-07'), await engine.run('plain 2022-01-01 2022-01-07')];
    await waitUntil('three calls', () => engine.processor.underWay().length === 3);
    engine.processor.release();
    for (const id of ids) await engine.done(id);
    expect(engine.processor.calls).toHaveLength(14);
    expect(engine.processor.most()).toBe(3);
  });

  it('keep to --concurrency', async () => {
    await start();
    engine.processor.hold();
    const id = await engine.run('base 2022-01-01 2022-01-06 --concurrency 2');
    await waitUntil('two calls', () => engine.processor.underWay().length === 2);
    engine.processor.release();
    await engine.done(id);
    expect(engine.processor.calls).toHaveLength(6);
    expect(engine.processor.most()).toBe(2);
  });

  it('keep the time that a service wants between two starts, over all backfills', async () => {
    await start({ minInterval: 120 });
    const ids = [await engine.run('base 2022-01-01 2022-01-02'), await engine.run('plain 2022-01-01 2022-01-02')];
    for (const id of ids) expect((await engine.done(id)).counts.succeeded).toBe(2);
    const rows = await store.query<{ at: number }>(`select started_at::float8 as at from attempts order by started_at`);
    const gaps = rows.slice(1).map(({ at }, n) => at - (rows[n]?.at ?? 0));
    expect(gaps).toHaveLength(3);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(120);
  });

  it('let a repair of one day pass a long backfill that has every slot', async () => {
    await start({ maxConcurrent: 2 });
    engine.processor.hold();
    const long = await engine.run('base 2022-01-01 2022-01-20');
    await waitUntil('two calls', () => engine.processor.underWay().length === 2);
    const repair = await engine.run('plain 2022-02-01');
    const [first] = engine.processor.underWay();
    engine.processor.release(first);
    await waitUntil('the repair', () => engine.processor.underWay().includes('plain 2022-02-01'));
    expect(engine.processor.calls).toHaveLength(3);
    engine.processor.release();
    expect((await engine.done(repair)).result).toBe('succeeded');
    await engine.done(long);
  });

  it('let twenty cells that end together share their reads of the warehouse', async () => {
    await start({ maxConcurrent: 20 });
    engine.processor.hold();
    const id = await engine.run('base 2022-01-01 2022-01-20');
    await waitUntil('twenty calls', () => engine.processor.underWay().length === 20);
    const before = engine.statements.length;
    engine.processor.release();
    expect((await engine.done(id)).counts.succeeded).toBe(20);
    expect(engine.statements.length - before).toBeLessThanOrEqual(10);
  });
});
