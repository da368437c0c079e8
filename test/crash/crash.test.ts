/** A few kills on each store; `npm run crash` does hundreds. */
import { afterEach, describe, expect, it } from 'vitest';
import { chanceOf } from '../simulation/chance.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';
import { temporaryFolder } from '../support/run-backcourt.ts';
import { runCrashRound } from './crash-round.ts';
import { startCrashPipeline } from './pipeline.ts';
import { makePlace } from './victim.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function begin(seed: number, env: Readonly<Record<string, string>>) {
  const pipeline = await startCrashPipeline(30, chanceOf(seed, 'service'));
  const folder = temporaryFolder();
  undo.push(
    () => folder.remove(),
    () => pipeline.close(),
  );
  const place = makePlace(folder.path, pipeline.yaml, {
    BACKCOURT_WAREHOUSE: pipeline.warehouse,
    BACKCOURT_CONCURRENCY: '4',
    ...env,
  });
  return { place, pipeline, chance: chanceOf(seed, 'crash'), dates: 30, kills: 4 };
}

describe('a server that is killed again and again', () => {
  it('ends its backfill, and rows, states, calls and messages agree', async () => {
    const ended = await runCrashRound(await begin(11, {}));
    expect(ended.problems).toEqual([]);
    expect(ended.kills).toBeGreaterThan(1);
  }, 120_000);

  it('does so while its Postgres is killed too', async () => {
    const postgres = await startOwnPostgres();
    if (!postgres) return console.warn('no Postgres server is installed: it was not killed');
    undo.push(() => postgres.close());
    let crashes = 0;
    const disturb = async () => {
      crashes += 1;
      await postgres.crash();
    };
    const ended = await runCrashRound({ ...(await begin(5, { BACKCOURT_STORE: postgres.url })), disturb });
    expect(ended.problems).toEqual([]);
    expect(ended.kills).toBeGreaterThan(1);
    expect(crashes).toBeGreaterThan(0);
  }, 120_000);
});
