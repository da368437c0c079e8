/** The thread of a backfill with failures: one reply per cause, kept up to date until all of its dates are mended. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { offerActions } from '../../handlers/button-click.ts';
import { putProgress } from '../../jobs/show-progress.ts';
import { startBackfill } from '../../jobs/start-backfill.ts';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import { steerBackfill } from '../../src/engine/steer.ts';
import { findView, reportOf } from '../../src/engine/view.ts';
import { isRefusal } from '../../src/fault.ts';
import type { ProcessorAnswer } from '../../src/processor/processor.ts';
import { findRequest, receiveRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import { type Engine, makeEngine } from '../jobs/engine.ts';
import { success } from '../jobs/scripted-processor.ts';
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

const answered = (detail: string): ProcessorAnswer => ({
  kind: 'failed',
  detail: `lab answered ${detail}`,
  retry: true,
});

/** Fails in one whole round of attempts, by one detail per date; what comes after them is for the next rounds. */
function failOnce(details: Readonly<Record<string, string>>, ...after: ProcessorAnswer[]) {
  for (const [cell, detail] of Object.entries(details)) {
    const acts = Array.from({ length: 3 }, () => ({ answer: answered(detail) }));
    engine.processor.script(cell, ...acts, ...after.flatMap((answer) => [{ answer }, { answer }, { answer }]), {});
  }
}

function over(id: string, round = 1): Promise<BackfillReport> {
  return waitUntil(`the end of ${id}`, async () => {
    const view = await findView(store.query, id);
    return view?.backfill.state === 'done' && view.backfill.round === round && reportOf(view);
  });
}

async function retry(id: string) {
  const steered = await steerBackfill(engine.ports, { verb: 'retry', id, reason: null }, { user: 'bob' });
  if (isRefusal(steered)) throw new Error(steered.message);
}

/** The replies about failures as they should read now, in the order in which they came. */
async function replies(id: string): Promise<string[]> {
  const rows = await store.query<{ text: string }>(
    `select content->>'text' as text from messages where key like $1 order by key`,
    [`backfill:${id}:cause:%`],
  );
  return rows.map(({ text }) => text);
}

const firstLines = async (id: string) => (await replies(id)).map((text) => text.split('\n')[0]);

describe('a reply about failed dates', () => {
  it('is one per cause: dates that differ only in figures and ids share one, and one calls the owner', async () => {
    await start();
    failOnce({
      'base 2022-01-01': '500: column minutes not found (request 81a2b3c4)',
      'base 2022-01-02': '503: overloaded',
      'base 2022-01-03': '500: column minutes not found (request 99ffee00)',
    });
    const id = await engine.run('base 2022-01-01 2022-01-04', 'ada', 'C1');
    await over(id);
    const lines = await firstLines(id);
    expect(lines.map((line) => line?.replace('ada: ', ''))).toEqual([
      '*base failed on 2 dates: 1, 3 Jan 2022*',
      '*base failed on 1 date: 2 Jan 2022*',
    ]);
    expect(lines.filter((line) => line?.startsWith('ada: '))).toHaveLength(1);
  });

  it('names the root where dates were held up, however far upstream it is', async () => {
    await start();
    await engine.write('win', '2022-01-01', 4);
    failOnce({ 'base 2022-01-01': '500: no' });
    const id = await engine.run('top 2022-01-01 --with-upstream', 'ada', 'C1');
    const { cells } = await over(id);
    expect(cells.find(({ table }) => table === 'top')?.detail).toBe('not run, since base 2022-01-01 failed');
    expect((await replies(id)).filter((text) => text.includes('not run, since base 2022-01-01 failed'))).toHaveLength(
      2,
    );
  });

  it('is struck out once a retry of the backfill has mended all of its dates, and not before', async () => {
    await start();
    failOnce({ 'base 2022-01-01': '500: no' });
    failOnce({ 'base 2022-01-02': '500: no' }, answered('500: no'));
    const id = await engine.run('base 2022-01-01 2022-01-02', 'ada', 'C1');
    await over(id);
    await retry(id);
    await over(id, 2);
    const [partly = ''] = await replies(id);
    expect(partly).toContain('base failed on 1 date: 2 Jan 2022');
    expect(partly).toMatch(/Mended\* by a retry of this backfill on .*: 1 Jan 2022/);
    await retry(id);
    await over(id, 3);
    expect(await firstLines(id)).toEqual(['ada: ~base failed on 2 dates: 1-2 Jan 2022~']);
  });

  it('is struck out when any later backfill fills the dates, also one from a terminal', async () => {
    await start();
    failOnce({ 'base 2022-01-01': '500: no', 'base 2022-01-02': '500: no' });
    const first = await engine.run('base 2022-01-01 2022-01-02', 'ada', 'C1');
    await over(first);
    const second = await engine.run('base 2022-01-02', 'bob');
    await over(second);
    expect((await replies(first))[0]).toMatch(new RegExp(`base failed on 1 date: 1 Jan.*backfill ${second} on`, 's'));
    const third = await engine.run('base 2022-01-01 2022-01-02 --no-resume', 'cyd');
    await over(third);
    const [text = ''] = await replies(first);
    expect(text.split('\n')[0]).toBe('ada: ~base failed on 2 dates: 1-2 Jan 2022~');
    expect(text).toContain(`backfill ${third} on`);
    // Put again, since somebody looks at it: what is mended stays so, though the cells of the first one are failed.
    await putProgress(engine.ports, first);
    expect(await replies(first)).toEqual([text]);
  });

  it('says that a date failed with another cause when it was retried, and is open again when it fails as before', async () => {
    await start();
    failOnce({ 'base 2022-01-01': '500: no' }, answered('503: overloaded'), answered('500: no'));
    const id = await engine.run('base 2022-01-01', 'ada', 'C1');
    await over(id);
    await retry(id);
    await over(id, 2);
    const [first = '', second] = await replies(id);
    expect(first).toMatch(/~base failed on 1 date: 1 Jan 2022~\n1 Jan 2022: failed again with another cause/);
    expect(second).toContain('*base failed on 1 date: 1 Jan 2022*');
    await retry(id);
    await over(id, 3);
    const lines = await firstLines(id);
    expect(lines).toEqual(['ada: *base failed on 1 date: 1 Jan 2022*', '~base failed on 1 date: 1 Jan 2022~']);
  });
});

describe('a summary', () => {
  const summary = async (id: string, round = '') => {
    const key = `backfill:${id}:summary${round}`;
    const [row] = await store.query<{ text: string; json: string }>(
      `select content->>'text' as text, content::text as json from messages where key = $1`,
      [key],
    );
    return { text: row?.text ?? '', json: row?.json ?? '' };
  };

  it('offers the retry that would take something, and none where everything would fail again', async () => {
    await start();
    failOnce({ 'base 2022-01-01': '500: no' });
    engine.processor.script('base 2022-01-02', { rows: 0, answer: success });
    const id = await engine.run('base 2022-01-01 2022-01-02', 'ada', 'C1');
    await over(id);
    const first = await summary(id);
    expect(first.text).toContain(`Run again 1 cell of 2: \`/backfill retry ${id}\``);
    expect(first.json).toContain(`"${id}-retry-0"`);
    await retry(id);
    await over(id, 2);
    const second = await summary(id, ':2');
    expect(second.text).toContain('When the cause is mended: `/backfill base 2022-01-02`');
    expect(second.json).not.toContain('retry-backfill');
  });

  it('offers what can be filled downstream now, and the report says it', async () => {
    await start();
    const id = await engine.run('base 2022-01-01 2022-01-02', 'ada', 'C1');
    const report = await over(id);
    const dates = ['2022-01-01', '2022-01-02'];
    expect(report.unblocked).toEqual(['mid', 'win', 'top'].map((table) => ({ table, dates })));
    const { text, json } = await summary(id);
    expect(text).toContain(
      '*mid, win, top* can be filled now for 2 dates, 1-2 Jan 2022: `/backfill top 2022-01-01..2022-01-02 --with-upstream`',
    );
    expect(json).toContain('fill-downstream');
    const offered = await findRequest(store.query, `${id}-downstream-1-0`);
    expect(offered?.payload).toMatchObject({
      command: '/backfill',
      text: 'top 2022-01-01..2022-01-02 --with-upstream',
    });
    expect(offerActions).toContain('fill-downstream');
    const request = { id: 'presseddownstream', key: 'pressed', now: 1, kind: 'start-backfill' };
    await receiveRequest(store.query, { ...request, payload: offered?.payload });
    await startBackfill(engine.ports, { request: request.id });
    const next = await over(request.id.slice(0, 12));
    expect(next).toMatchObject({ target: 'top', result: 'succeeded', unblocked: [], counts: { succeeded: 6 } });
  });

  it('offers nothing downstream where what was filled is only part of what lacks, or nothing waited for it', async () => {
    await start();
    for (const table of ['base', 'mid', 'win', 'top']) await engine.write(table, '2022-01-01', 4);
    const again = await over(await engine.run('top 2022-01-01 --no-resume', 'ada', 'C1'));
    expect(again).toMatchObject({ result: 'succeeded', unblocked: [] });
    failOnce({ 'mid 2022-01-02': '500: no' });
    await over(await engine.run('base 2022-01-02', 'ada', 'C1'));
    const report = await over(await engine.run('mid 2022-01-02', 'ada', 'C1'));
    expect(report).toMatchObject({ result: 'failed', unblocked: [] });
  });
});
