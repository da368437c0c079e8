/** One process at a time in a home: who comes second goes through the first, or says so; and who was killed leaves nothing in the way. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import type { Coverage } from '../../src/core/coverage/coverage-report.ts';
import { lockHome } from '../../src/home-lock.ts';
import { demoHome, emptyHome, type Folder, runBackcourt, runJson, startServer } from '../support/run-backcourt.ts';
import { startSmallPipeline } from '../support/small-pipeline.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function newHome(make: () => Promise<Folder>): Promise<Folder> {
  const home = await make();
  undo.push(() => home.remove());
  return home;
}

async function serve(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const server = await startServer(args, { env });
  undo.push(() => server.end('SIGKILL'));
  return server;
}

/** Milliseconds that something takes. */
async function timed<T>(work: Promise<T>): Promise<{ value: T; took: number }> {
  const began = performance.now();
  return { value: await work, took: performance.now() - began };
}

// Made before the clock of a test runs: the first copies of a state of the sources take long.
beforeAll(async () => {
  for (const make of [demoHome, emptyHome]) (await make()).remove();
}, 120_000);

describe('a command while a server holds the home', { timeout: 60_000 }, () => {
  it('answers as it does without one, with the same exit codes, and waits for its backfill', async () => {
    const home = await newHome(demoHome);
    const at = (words: string) => [...words.split(' '), '--home', home.path];
    const questions = [
      'coverage mlfs,pcf 2021-11-01 2021-11-30 --fail-on-gap --json',
      'coverage mlfs 2021-02-30 --json',
    ];
    const ask = async () => {
      const answers = [];
      for (const words of questions) answers.push(await runBackcourt(at(words)));
      return answers.map(({ code, out }) => ({ code, ...JSON.parse(out), asOf: null, id: null }));
    };
    const alone = await ask();
    expect(alone.map((answer) => answer.code)).toEqual([1, 2]);
    for (const answer of alone) if (answer.error) answer.error.id = null;
    const server = await serve(['--home', home.path]);
    const through = await ask();
    for (const answer of through) if (answer.error) answer.error.id = null;
    expect(through).toEqual(alone);

    const filled = await runJson<BackfillReport>(at('backfill upgc 2022-01-01 2022-01-03'));
    expect(filled).toMatchObject({ code: 0, json: { state: 'done', result: 'succeeded', counts: { succeeded: 3 } } });
    const coverage = await runJson<Coverage>(at('coverage upgc 2022-01-01 2022-01-03 --fail-on-gap'));
    expect(coverage.code).toBe(0);
    const text = await runBackcourt(at('coverage upgc 2022-01-01 2022-01-03'));
    expect(text.out).toContain('upgc: complete, all 3 expected dates have their rows');
    expect(await server.end('SIGINT')).toBe(0);
    // With nothing under way there is nothing to wait for.
    expect(server.said()).not.toContain('still under way');
    expect(existsSync(join(home.path, 'server.json'))).toBe(false);
  });

  it('with another pipeline file is refused', async () => {
    const home = await newHome(demoHome);
    await serve(['--home', home.path]);
    const other = join(home.path, 'other.yml');
    writeFileSync(other, 'pipeline: other\n');
    const words = ['coverage', 'mlfs', '2021-11-16', '--home', home.path];
    const refused = await runBackcourt([...words, '--pipeline', other]);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('another pipeline file');
    const same = await runBackcourt([...words, '--pipeline', join('pipelines', 'nba', 'pipeline.yml')]);
    expect(same.code).toBe(0);
  });
});

describe('the second process in a home', { timeout: 60_000 }, () => {
  it('says so at once and ends with 3, be it a server or a command', async () => {
    const home = await newHome(emptyHome);
    const lock = await lockHome(home.path);
    undo.push(() => lock.release());
    const command = await timed(runJson(['coverage', 'mlfs', '2021-11-16', '--home', home.path]));
    const { code, json } = command.value;
    expect(code).toBe(3);
    expect(json).toMatchObject({
      error: { kind: 'fault', message: expect.stringContaining('in use by another process') },
    });
    const second = await timed(runBackcourt(['serve', '--home', home.path], { env: { PORT: '0' } }));
    expect(second.value.code).toBe(3);
    expect(second.value.err).toContain('in use by another process');
    const nothing = await timed(runBackcourt(['help']));
    expect(command.took - nothing.took).toBeLessThan(5000);
    expect(second.took - nothing.took).toBeLessThan(5000);
  });
});

describe('a server that was killed', { timeout: 60_000 }, () => {
  it('leaves an address behind that does not stop the next command', async () => {
    const home = await newHome(emptyHome);
    const server = await startServer(['--home', home.path]);
    await server.end('SIGKILL');
    const address = join(home.path, 'server.json');
    expect(existsSync(address)).toBe(true);
    const next = await runJson<Coverage>(['coverage', 'mlfs', '2021-11-16', '--home', home.path]);
    expect(next.code).toBe(0);
    writeFileSync(address, '{"url":"http://127.0.0.1:');
    expect((await runBackcourt(['status', '--home', home.path])).code).toBe(0);
    rmSync(address);
  });
});

const days = Array.from({ length: 20 }, (_, n) => `2024-11-${String(n + 1).padStart(2, '0')}`);
const perDay = (n: number) => Object.fromEntries(days.map((day) => [day, n]));

describe('a server that is interrupted during a backfill of twenty dates', { timeout: 60_000 }, () => {
  it('ends within ten seconds though calls hang, and the next one continues and finishes it', async () => {
    const home = await newHome(emptyHome);
    const small = await startSmallPipeline({ games: perDay(2), box: perDay(4) }, 4);
    undo.push(() => small.close());
    const pipeline = join(home.path, 'small.yml');
    writeFileSync(pipeline, small.yaml);
    const at = (...words: string[]) => [...words, '--home', home.path, '--pipeline', pipeline];
    const first = await serve(at(), small.env);
    const held = small.hold();
    const waiting = runBackcourt(at('backfill', 'sums', '2024-11-01..2024-11-20', '--json'), { env: small.env });
    await held.came;
    const ended = await timed(first.end('SIGINT'));
    expect(ended.value).toBe(0);
    expect(ended.took).toBeLessThan(10_000);
    const told = await waiting;
    expect(told.code).toBe(3);
    expect(JSON.parse(told.out).error.try).toContain('backcourt status');
    held.release();

    await serve(at(), small.env);
    const again = await runJson<BackfillReport>(at('backfill', 'sums', '2024-11-01..2024-11-20'), { env: small.env });
    expect(again.code).toBe(0);
    const listed = await runJson<{ backfills: BackfillReport[] }>(at('status'), { env: small.env });
    const [report, ...others] = listed.json.backfills.filter((one) => one.cells.some((c) => c.state === 'succeeded'));
    expect(others).toEqual([]);
    expect(report).toMatchObject({ state: 'done', result: 'succeeded', counts: { succeeded: 20, failed: 0 } });
    const rows = await small.duckdb.run(
      'SELECT count(*)::INTEGER AS n, count(DISTINCT day)::INTEGER AS d FROM made.sums',
      {},
    );
    expect(rows).toEqual([{ n: 80, d: 20 }]);
    expect(new Set(small.calls).size).toBe(20);
  });
});
