import { describe, expect, it } from 'vitest';
import { eachEngine } from '../jobs/each-engine.ts';
import type { Engine } from '../jobs/engine.ts';
import { failure } from '../jobs/scripted-processor.ts';
import { waitUntil } from '../jobs/wait-until.ts';
import { backfillSchema } from '../support/contract-schemas.ts';
import { runLine } from './run-line.ts';

let engine: Engine;
eachEngine((made) => {
  engine = made;
});

const run = (...argv: string[]) => runLine(engine, argv);

/** A backfill of three dates, of which one is being filled. */
async function launchHeld(): Promise<string> {
  engine.processor.hold();
  await engine.start();
  const id = await engine.run('base 2022-01-03 2022-01-05 --concurrency 1');
  await waitUntil('a call', () => engine.processor.underWay().length === 1);
  return id;
}

describe('backcourt pause and resume', () => {
  it('stops what has not begun and goes on with it until the end', async () => {
    const id = await launchHeld();
    const paused = await run('pause', `#${id.toUpperCase()}`, '--reason', 'the source is late');
    expect(paused).toMatchObject({ code: 0, out: '' });
    expect(paused.said).toContain(`Backfill ${id} is paused: 2 cells wait, and 1 cell under way ends by itself.`);
    expect(paused.said).toContain(`backcourt resume ${id}`);
    engine.processor.release();
    const again = await run('backfill', 'pause', id);
    expect(again.said).toMatch(/was paused already, by bob \(the source is late\); nothing was changed/);
    const resumed = await run('resume', id);
    expect(resumed).toMatchObject({ code: 0, said: expect.stringContaining('goes on') });
    expect(resumed.out).toMatch(new RegExp(`^Backfill ${id} of base: succeeded`));
    expect(engine.processor.calls.map(({ cell }) => cell)).toHaveLength(3);
  });

  it('prints one report with --json', async () => {
    const id = await launchHeld();
    const paused = await run('pause', id, '--json');
    expect(backfillSchema.parse(JSON.parse(paused.out))).toMatchObject({ id, state: 'paused', result: null });
    engine.processor.release();
    const resumed = await run('resume', id, '--json');
    expect(backfillSchema.parse(JSON.parse(resumed.out))).toMatchObject({ id, state: 'done', result: 'succeeded' });
  });

  it('ends the waiting of whoever launched it, with what to type next', async () => {
    engine.processor.hold();
    const launched = run('backfill', 'base', '2022-01-03', '2022-01-05', '--concurrency', '1');
    await waitUntil('a call', () => engine.processor.underWay().length === 1);
    const id = JSON.parse((await run('status', '--json')).out).backfills[0].id;
    await run('pause', id);
    engine.processor.release();
    const ended = await launched;
    expect(ended.code).toBe(1);
    expect(ended.said).toMatch(new RegExp(`It was paused by bob\\.\nGo on with: backcourt resume ${id}`));
  });
});

describe('backcourt backfill --after', () => {
  it('starts only when the other backfill is over', async () => {
    const id = await launchHeld();
    const early = run('backfill', 'base', '2022-01-10', '--after', id);
    await waitUntil('its place', async () => (await run('status')).out.includes(`waits for ${id}`));
    expect(engine.processor.calls).toHaveLength(1);
    engine.processor.release();
    expect(await early).toMatchObject({ code: 0, said: expect.stringContaining(`it waits for ${id}`) });
    expect(engine.processor.calls.at(-1)?.cell).toBe('base 2022-01-10');
    expect(await run('backfill', 'base', '2022-01-11', '--after', `#${id}`)).toMatchObject({ code: 0 });
    expect((await run('backfill', 'base', '2022-01-12', '--after', 'nosuch')).said).toContain('no backfill nosuch');
  });
});

describe('backcourt cancel', () => {
  it('waits for what is under way, and says what will not run', async () => {
    const id = await launchHeld();
    const canceled = run('cancel', id);
    await waitUntil('the cancel', async () => (await run('status', id)).out.includes('2 canceled'));
    engine.processor.release();
    expect(await canceled).toMatchObject({ code: 0 });
    expect((await canceled).said).toContain(`Backfill ${id} is canceled: 2 cells will not run`);
    expect((await canceled).out).toMatch(/: canceled[\s\S]*1 succeeded, 2 canceled/);
  });

  it('of one that nobody works on is ended by this process', async () => {
    const id = await engine.run('base 2022-01-03 2022-01-05');
    expect((await run('cancel', id, '--json')).code).toBe(0);
    expect(JSON.parse((await run('status', id, '--json')).out)).toMatchObject({ result: 'canceled' });
    expect(engine.processor.calls).toEqual([]);
  });
});

describe('backcourt retry', () => {
  it('runs what failed again, and ends as that ends', async () => {
    engine.processor.script('base 2022-01-04', { answer: failure }, { answer: failure }, { answer: failure }, {});
    const first = await run('backfill', 'base', '2022-01-03', '2022-01-05', '--json');
    expect(first.code).toBe(1);
    const { id } = JSON.parse(first.out);
    const retried = await run('retry', id, '--reason', 'the service is up again');
    expect(retried.said).toContain(`Backfill ${id} runs 1 cell again: base 4 Jan 2022.`);
    expect(retried).toMatchObject({ code: 0, out: expect.stringContaining(': succeeded') });
  });

  it('is refused where nothing failed, and so is steering what is not there or over', async () => {
    const { id } = JSON.parse((await run('backfill', 'base', '2022-01-03', '--json')).out);
    expect(await run('retry', id)).toMatchObject({ code: 2, said: expect.stringContaining('nothing to run again') });
    expect(await run('pause', id)).toMatchObject({ code: 2, said: expect.stringContaining(`backcourt status ${id}`) });
    expect(await run('cancel', 'nosuch')).toMatchObject({
      code: 2,
      said: 'There is no backfill nosuch.\nTry: backcourt status',
    });
    expect(await run('approve', id)).toMatchObject({
      code: 2,
      said: `Backfill ${id} does not wait for an approval: it is done.\nTry: backcourt status ${id}`,
    });
    expect((await run('backfill', 'approve', id)).said).toContain('does not wait for an approval: it is done');
  });
});

describe('a command that only looks', () => {
  it('does not set what is waiting to work', async () => {
    const id = await engine.run('base 2022-01-03');
    await run('status', id);
    await run('pause', id);
    expect(engine.processor.calls).toEqual([]);
  });

  it('refuses the options of a coverage after another verb of it', async () => {
    const ran = await run('coverage', 'why', 'base', '2022-01-03', '--csv');
    expect(ran).toMatchObject({ code: 2, said: expect.stringContaining('--csv belongs to coverage, not to why.') });
    expect(ran.said).toContain('Try: backcourt why base 2022-01-03');
  });

  it('posts no digest into a terminal', async () => {
    const ran = await run('coverage', 'watch', 'base');
    expect(ran).toMatchObject({
      code: 2,
      said: expect.stringMatching(/type it in the chat[\s\S]*backcourt coverage base/),
    });
  });
});
