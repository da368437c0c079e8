/** Leases, on a clock that the test owns: a process that lives, one that was paused, one whose store is gone for a while. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cellWork } from '../../jobs/cell-work.ts';
import { fillCell } from '../../jobs/fill-cell.ts';
import { reconcile } from '../../jobs/reconcile.ts';
import { verifyCell } from '../../jobs/verify-cell.ts';
import { findView } from '../../src/engine/view.ts';
import { Fault } from '../../src/fault.ts';
import type { Ports } from '../../src/ports.ts';
import type { Query, Store } from '../../src/store/store.ts';
import { type ManualClock, manualClock } from '../support/manual-clock.ts';
import { emptyStore } from '../support/small-backfills.ts';
import { memoryStore } from '../support/stores.ts';
import { type Engine, makeEngine } from './engine.ts';
import { waitUntil } from './wait-until.ts';

const minute = 60_000;
const start = Date.UTC(2022, 4, 1);
let store: Store;
let engine: Engine;
let clock: ManualClock;

beforeAll(async () => {
  store = await memoryStore();
});
afterAll(() => store.close());
afterEach(async () => {
  await engine.close();
  await emptyStore(store);
});

/** One cell that is rung for, and nobody that hears it but the test. */
async function ringOne(): Promise<{ cell: Cell; ports: Ports }> {
  clock = manualClock(start);
  engine = await makeEngine(store, { goneAfter: 30 * minute }, {}, clock);
  engine.processor.hold();
  const backfill = await engine.run('base 2022-01-01');
  return { cell: { backfill, table: 'base', date: '2022-01-01' }, ports: instance('one') };
}

function instance(name: string, changes: Partial<Ports> = {}): Ports {
  const { predecessors: _, ...ports } = engine.ports;
  return { ...ports, tasks: { enqueue: async () => undefined }, instance: name, ...changes };
}

type Row = { lease: number; hold: number; instance: string; ambiguous: boolean; live: boolean };
async function attempt(): Promise<Row> {
  const [row] = await store.query<Row>(
    `select lease_until::float8 as lease, hold_until::float8 as hold, instance, ambiguous, live from attempts order by started_at desc limit 1`,
  );
  if (!row) throw new Error('there is no attempt');
  return row;
}

/** Time passes, and whoever lives renews. */
async function live(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 20_000) {
    await clock.advance(20_000);
    await waitUntil('a renewal', async () => (await attempt()).lease === clock.now() + minute);
  }
}

type Cell = { readonly backfill: string; readonly table: string; readonly date: string };
const fill = (ports: Ports, cell: Cell) => fillCell(ports, cellWork(ports), { v: 1, kind: 'fill-cell', ...cell });
const verify = (ports: Ports, cell: Cell) => verifyCell(ports, cellWork(ports), { v: 1, kind: 'verify-cell', ...cell });
const sweep = (ports: Ports) => reconcile(ports, { start: false });
const called = () => waitUntil('the call', () => engine.processor.underWay().length === 1);
const stateOf = async ({ backfill }: { backfill: string }) => {
  const [row] = await store.query<{ state: string }>(`select state from cells where backfill_id = $1`, [backfill]);
  return row?.state;
};

/** The store, with something done after each statement that holds a text. */
function afterStatement(text: string, act: () => Promise<void>): Store {
  const watch =
    (query: Query): Query =>
    async (sql, params) => {
      const rows = await query(sql, params);
      if (sql.includes(text)) await act();
      return rows as never;
    };
  return { ...store, query: watch(store.query), transaction: (run) => store.transaction((query) => run(watch(query))) };
}

describe('the lease of an attempt', () => {
  it('is renewed for as long as its call lasts, so that no other process takes it over', async () => {
    const { cell, ports } = await ringOne();
    const filling = fill(ports, cell);
    await called();
    expect(await attempt()).toMatchObject({ lease: start + minute, hold: start + 30 * minute + 30_000 });
    await live(10 * minute);
    await sweep(instance('two'));
    expect(await attempt()).toMatchObject({ instance: 'one', ambiguous: false });
    engine.processor.release();
    await filling;
    expect([await stateOf(cell), clock.waits()]).toEqual(['succeeded', []]);
  });

  it('marks a call that takes four times as long as nine in ten did', async () => {
    const { cell, ports } = await ringOne();
    await store.query(
      `insert into attempts (id, backfill_id, pipeline, table_name, cell_date, number, token, instance, live, started_at, lease_until, hold_until, ended_at, state)
       select 'old ' || n, $1, 'lab', 'base', date '2022-01-01', 1, 'x', 'x', false, 0, 0, 0, 15000, 'succeeded' from generate_series(1, 20) as n`,
      [cell.backfill],
    );
    const slow = async () => (await findView(store.query, cell.backfill))?.slow;
    const filling = fill(ports, cell);
    await called();
    await live(minute);
    expect(await slow()).toBeUndefined();
    await live(20_000);
    expect(await waitUntil('the mark', slow)).toEqual([{ table: 'base', date: '2022-01-01' }]);
    engine.processor.release();
    await filling;
    expect(await slow()).toBeUndefined();
  });

  it('runs out within a minute of the death of its process, and then the rows are looked at first', async () => {
    const { cell, ports } = await ringOne();
    const counted: string[] = [];
    const count: Ports['count'] = (event, why) => counted.push(why === undefined ? event : `${event}: ${why}`);
    const dead = { ...clock, wait: () => new Promise<void>(() => undefined) };
    const filling = fill({ ...ports, clock: dead, count }, cell);
    await called();
    await clock.advance(minute);
    await sweep(instance('two'));
    expect((await attempt()).instance).toBe('one');
    await fill(instance('three', { count }), cell);
    await clock.advance(1);
    await sweep(instance('two', { count }));
    expect(await attempt()).toMatchObject({ instance: 'two', ambiguous: true, hold: start + 30 * minute + 30_000 });
    await verify(instance('two'), cell);
    expect((await attempt()).live).toBe(true);
    await engine.write('base', '2022-01-01', 4);
    await verify(instance('two'), cell);
    expect(await stateOf(cell)).toBe('succeeded');
    engine.processor.release();
    await filling;
    expect(engine.processor.calls).toHaveLength(1);
    expect(counted).toEqual(['claim refused: busy', 'lease taken over', 'lease lost']);
  });

  it('follows a clock that is set back an hour, with no second call meanwhile', async () => {
    const { cell, ports } = await ringOne();
    let back = 0;
    const shifted = { ...clock, now: () => clock.now() - back };
    const filling = fill({ ...ports, clock: shifted }, cell);
    await called();
    back = 60 * minute;
    const two = instance('two', { clock: shifted });
    await clock.advance(20_000);
    await waitUntil('a renewal', async () => (await attempt()).lease === shifted.now() + minute);
    await sweep(two);
    await fill(two, cell);
    expect(await attempt()).toMatchObject({ instance: 'one', ambiguous: false });
    engine.processor.release();
    await filling;
    expect([await stateOf(cell), engine.processor.calls.length]).toEqual(['succeeded', 1]);
  });
});

describe('a process that is paused between its claim and its call', () => {
  it('takes the lease again before it calls, and holds the cell for a call that begins now', async () => {
    const { cell, ports } = await ringOne();
    let pauses = 0;
    const paused = afterStatement('set snapshot', async () => {
      if (++pauses === 1) await clock.advance(31_000);
    });
    const filling = fill({ ...ports, store: paused }, cell);
    await called();
    expect(pauses).toBe(2);
    expect(await attempt()).toMatchObject({ lease: start + 31_000 + minute, hold: start + 61_000 + 30 * minute });
    engine.processor.release();
    await filling;
    expect(await stateOf(cell)).toBe('succeeded');
  });

  it('does not call when another process has taken over meanwhile', async () => {
    const { cell, ports } = await ringOne();
    let pauses = 0;
    const paused = afterStatement('set snapshot', async () => {
      if (++pauses > 1) return;
      await store.query(`update attempts set lease_until = $1::int8`, [clock.now() + 10_000]);
      await clock.advance(15_000);
      await sweep(instance('two'));
      await clock.advance(20_000);
    });
    const silent = { ...clock, wait: () => new Promise<void>(() => undefined) };
    await fill({ ...ports, store: paused, clock: silent }, cell);
    expect([pauses, engine.processor.calls]).toEqual([2, []]);
    expect(await attempt()).toMatchObject({ instance: 'two', live: true });
  });
});

describe('a store that is gone for ten seconds', () => {
  it('loses no end of a call: it is waited for, and the rows tell the end without a second call', async () => {
    const { cell, ports } = await ringOne();
    let goneUntil = 0;
    let refused = 0;
    const check = () => {
      if (clock.now() >= goneUntil) return;
      refused += 1;
      throw new Fault('the state store does not answer', 'later');
    };
    const failing: Store = {
      ...store,
      query: async (sql, params) => {
        check();
        return store.query(sql, params);
      },
      transaction: async (run) => {
        check();
        return store.transaction(run);
      },
    };
    const filling = fill({ ...ports, store: failing }, cell);
    await called();
    goneUntil = clock.now() + 10_000;
    engine.processor.release();
    await waitUntil('a refusal', () => refused > 0);
    for (let waited = 0; waited < 20_000; waited += 1_000) await clock.advance(1_000);
    await filling;
    expect(await attempt()).toMatchObject({ ambiguous: true, live: true });
    await verify(ports, cell);
    expect([await stateOf(cell), engine.processor.calls.length]).toEqual(['succeeded', 1]);
  });
});

describe('a process that is asked to end', () => {
  it('claims nothing more', async () => {
    const { cell, ports } = await ringOne();
    await fill({ ...ports, stopping: AbortSignal.abort() }, cell);
    expect([await stateOf(cell), engine.processor.calls]).toEqual(['ready', []]);
  });

  it('gives back what it has claimed and not called for', async () => {
    const { cell, ports } = await ringOne();
    const stopping = new AbortController();
    const look: Ports['look'] = async (table, date) => {
      stopping.abort();
      return ports.look(table, date);
    };
    await fill({ ...ports, look, stopping: stopping.signal }, cell);
    expect(await stateOf(cell)).toBe('ready');
    expect(await store.query(`select state, live from attempts`)).toEqual([{ state: 'interrupted', live: false }]);
    expect(engine.processor.calls).toEqual([]);
  });
});
