/** Dates that another backfill owns, at a terminal: told as a refusal, with commands for the roads on. */
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { eachEngine } from '../jobs/each-engine.ts';
import type { Engine } from '../jobs/engine.ts';
import { waitUntil } from '../jobs/wait-until.ts';
import { runLine } from './run-line.ts';

let store: Store;
let engine: Engine;
eachEngine(
  (made, empty) => {
    [engine, store] = [made, empty];
  },
  { maxConcurrent: 1 },
);

const run = (...argv: string[]) => runLine(engine, argv);

/** A backfill of four dates, of which one is being filled. */
async function launchHeld(): Promise<string> {
  engine.processor.hold();
  await engine.start();
  const id = await engine.run('base 2022-01-01 2022-01-04', 'ada');
  await waitUntil('a call', () => engine.processor.underWay().length === 1);
  return id;
}

describe('backcourt backfill of dates that another backfill owns', () => {
  it('names the owner and prints the roads on as commands', async () => {
    const id = await launchHeld();
    const { code, out, said } = await run('backfill', 'base', '2022-01-03', '2022-01-05');
    expect([code, out]).toEqual([2, '']);
    expect(said).toMatch(new RegExp(`Nothing was started\\.\n${id} of @?ada is working on base 3-4 Jan 2022`));
    expect(said).toContain('backcourt backfill base 2022-01-03..2022-01-05 --rest');
    expect(said).toContain(`backcourt backfill base 2022-01-03..2022-01-05 --after ${id}`);
    expect(said).toContain(`backcourt backfill follow ${id}`);
    engine.processor.release();
  });

  it('prints one document with the owners for programs', async () => {
    const id = await launchHeld();
    const { code, out } = await run('backfill', 'base', '2022-01-03', '2022-01-05', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      error: {
        kind: 'refusal',
        message: expect.stringContaining(`${id} of`),
        try: 'backcourt backfill base 2022-01-03..2022-01-05 --rest',
        overlap: { owners: [{ backfill: id, by: 'ada' }], rest: [{ table: 'base', date: '2022-01-05' }] },
      },
    });
    engine.processor.release();
  });

  it('waits for its turn and for its own end with --after', async () => {
    const id = await launchHeld();
    const later = run('backfill', 'base', '2022-01-03', '2022-01-05', '--after', id, '--json');
    await waitUntil(
      'the queue',
      async () => (await store.query(`select 1 from backfills where state = 'preflight'`))[0],
    );
    engine.processor.release();
    const { code, out } = await later;
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ state: 'done', result: 'succeeded', counts: { succeeded: 1, skipped: 2 } });
  });
});

describe('backcourt backfill follow', () => {
  it('waits for the end of it and ends as it does', async () => {
    const id = await launchHeld();
    const following = run('backfill', 'follow', id, '--json');
    engine.processor.release();
    const { code, out } = await following;
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ id, result: 'succeeded' });
    const none = await run('backfill', 'follow', 'nosuch');
    expect(none).toMatchObject({ code: 2, said: expect.stringContaining('There is no backfill nosuch.') });
  });
});
