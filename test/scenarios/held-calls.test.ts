/** A service that fails whatever it is asked, on a clock that the test owns: few calls, no cell harmed, one message. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { steerBackfill } from '../../src/engine/steer.ts';
import { findView, reportOf } from '../../src/engine/view.ts';
import type { ProcessorAnswer } from '../../src/processor/processor.ts';
import type { Store } from '../../src/store/store.ts';
import { type Engine, makeEngine, type Said } from '../jobs/engine.ts';
import { waitUntil } from '../jobs/wait-until.ts';
import { type ManualClock, manualClock } from '../support/manual-clock.ts';
import { emptyStore } from '../support/small-backfills.ts';
import { memoryStore } from '../support/stores.ts';

const down: ProcessorAnswer = { kind: 'failed', detail: 'lab answered 500: no', retry: true, about: 'service' };
const days = Array.from({ length: 30 }, (_, n) => `2022-01-${String(n + 1).padStart(2, '0')}`);

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

/** An engine whose service answers all dates of base alike. */
async function start(answer?: ProcessorAnswer): Promise<void> {
  clock = manualClock(Date.UTC(2022, 4, 1));
  engine = await makeEngine(store, {}, {}, clock);
  answerAll(answer);
  await engine.start();
}

function answerAll(answer?: ProcessorAnswer): void {
  for (const day of days) engine.processor.script(`base ${day}`, answer ? { answer } : {});
}

/** Lets time pass, five seconds at a time, until something is so. */
function pass<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  return waitUntil(what, async () => {
    const found = await look();
    if (found === undefined || found === false) await clock.advance(5000);
    return found;
  });
}

const reached = (id: string, state: 'done' | 'paused') =>
  pass(`${id} ${state}`, async () => {
    const view = await findView(store.query, id);
    return view?.backfill.state === state && view.progress.running === 0 && reportOf(view);
  });

type Outage = { trials: number; held: number; open: boolean };
async function outages(): Promise<Outage[]> {
  return store.query<Outage>(
    `select trials, held_until::float8 as held, closed_at is null as open from outages order by id`,
  );
}
const outage = (trials: number) =>
  pass(`failed try ${trials}`, async () => (await outages()).some((one) => one.open && one.trials >= trials));
const textOf = (said: Said | undefined) => JSON.stringify(said?.message ?? '');
const heldIn = () => engine.posted.filter((said) => said.key.includes(':held:'));

describe('a service that answers every date with 500', () => {
  it('is asked seldom, costs no cell an attempt while calls are held, and goes on by itself when it works again', async () => {
    await start(down);
    const id = await engine.run('base 2022-01-01 2022-01-30', 'ada', 'C1');
    await outage(0);
    const before = engine.processor.calls.length;
    expect(before).toBeLessThanOrEqual(16);
    await outage(2);
    expect(engine.processor.calls.length).toBeLessThanOrEqual(18);
    const held = await pass('the message', async () => heldIn()[0]);
    expect(textOf(held)).toMatch(/Calls to lab are held.*failed \d+ times in a row.*lab answered 500: no/);
    expect(textOf(engine.posted.find((said) => said.key.endsWith(':root')))).toContain('calls to lab held');
    answerAll();
    const report = await reached(id, 'done');
    expect(report.counts.succeeded).toBe(30);
    expect(report.cells.map((cell) => cell.attempts).filter((attempts) => attempts > 1).length).toBeLessThanOrEqual(16);
    await pass('its edit', async () => textOf(held).includes('works again'));
    expect(heldIn()).toHaveLength(1);
    expect(textOf(engine.posted.find((said) => said.key.endsWith(':root')))).not.toContain('held');
    expect(engine.posted.filter((said) => said.key.includes(':cause:'))).toEqual([]);
  });

  it('ends with a question to a person after a quarter of an hour, and a resume tries it again', async () => {
    await start(down);
    const since = clock.now();
    const id = await engine.run('base 2022-01-01 2022-01-30', 'ada', 'C1');
    const report = await reached(id, 'paused');
    expect((clock.now() - since) / 60_000).toBeLessThan(20);
    expect(report.steered?.by).toBe('engine');
    expect(report.steered?.reason).toMatch(/^lab failed \d+ times in a row, the last time: lab answered 500: no$/);
    expect(engine.processor.calls.length).toBeLessThanOrEqual(16 + 5);
    expect(report.counts.failed).toBe(0);
    await pass('the question', async () => textOf(heldIn()[0]).includes(`/backfill resume ${id}`));
    expect(engine.posted.filter((said) => said.key.includes(':steered:'))).toHaveLength(1);
    answerAll();
    await steerBackfill(engine.ports, { verb: 'resume', id, reason: null }, { user: 'bob' });
    const resumed = clock.now();
    expect((await reached(id, 'done')).counts.succeeded).toBe(30);
    expect(clock.now() - resumed).toBeLessThan(300_000);
  });

  it('holds back the other backfills that need it too, and tells each of them', async () => {
    await start(down);
    const first = await engine.run('base 2022-01-01 2022-01-20', 'ada', 'C1');
    await outage(0);
    engine.processor.script('plain 2022-01-01', { answer: down });
    const second = await engine.run('plain 2022-01-01', 'bob', 'C2');
    await outage(1);
    expect(engine.processor.calls.length).toBeLessThanOrEqual(17);
    await pass('both messages', async () => {
      const keys = heldIn().map((said) => said.key.split(':')[1]);
      return keys.includes(first) && keys.includes(second);
    });
    answerAll();
    engine.processor.script('plain 2022-01-01', {});
    expect((await reached(second, 'done')).result).toBe('succeeded');
    expect((await reached(first, 'done')).result).toBe('succeeded');
  });
});

describe('a service that fails on each date for reasons of that date', () => {
  it.each<[string, ProcessorAnswer | undefined, number]>([
    ['with an error that it reports', { kind: 'failed', detail: 'no rows in team_boxscore', retry: true }, 3],
    ['with a refusal', { kind: 'failed', detail: 'lab answered 400: bad date', retry: false }, 1],
    ['with success and no rows', { kind: 'answered', reported: 'success' }, 1],
  ])('%s is never held', async (_, answer, attempts) => {
    await start(answer);
    const report = await reached(await engine.run('base 2022-01-01 2022-01-12'), 'done');
    expect(report.counts.failed).toBe(12);
    expect(engine.processor.calls).toHaveLength(12 * attempts);
    expect(await outages()).toEqual([]);
  });
});

describe('a service that is set up wrongly', () => {
  it('stops the backfill at the first date that says so, with one note', async () => {
    const detail = 'lab does not know the processor base';
    await start({ kind: 'failed', detail, retry: false, about: 'setup' });
    const id = await engine.run('base 2022-01-01 2022-01-12 --concurrency 1', 'ada', 'C1');
    const report = await reached(id, 'paused');
    expect([report.counts.failed, engine.processor.calls.length]).toEqual([1, 1]);
    expect(report.steered).toMatchObject({ verb: 'pause', by: 'engine', reason: detail });
    await pass('the note', async () => engine.posted.some((said) => said.key.includes(':steered:')));
    expect(engine.posted.filter((said) => said.key.includes(':steered:'))).toHaveLength(1);
  });
});

describe('a service that asks for patience', () => {
  it('is left alone by all cells for as long as it asks', async () => {
    await start();
    const busy: ProcessorAnswer = { kind: 'failed', detail: 'slow', retry: true, about: 'busy', retryAfter: 60_000 };
    engine.processor.script('base 2022-01-01', { answer: busy }, {});
    const id = await engine.run('base 2022-01-01 2022-01-03 --concurrency 1');
    const since = clock.now();
    expect((await reached(id, 'done')).counts.succeeded).toBe(3);
    const starts = await store.query<{ at: number }>(
      `select started_at::float8 as at from attempts order by started_at`,
    );
    expect(starts).toHaveLength(4);
    expect(starts.slice(1).every(({ at }) => at >= since + 60_000)).toBe(true);
  });
});
