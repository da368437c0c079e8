/** A disk that fills up under a backfill: a small one of its own, which only root can have made. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import { waitUntil } from '../jobs/wait-until.ts';
import { chanceOf } from '../simulation/chance.ts';
import { runJson, temporaryFolder } from '../support/run-backcourt.ts';
import { openSlack } from '../support/slack-client.ts';
import { checkRound } from './check-round.ts';
import { firstDate, startCrashPipeline } from './pipeline.ts';
import { makePlace, startVictim } from './victim.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function mountSmallDisk(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=150m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return false;
  }
  undo.push(() => execFileSync('umount', ['-l', folder]));
  return true;
}

/** Leaves not a block of it free. */
function fill(file: string): void {
  const handle = openSync(file, 'a');
  const block = Buffer.alloc(4096);
  try {
    for (;;) writeSync(handle, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(handle);
  }
}

describe('a server whose disk is full', () => {
  it('lives on, and ends its backfill when there is room again', async () => {
    const folder = temporaryFolder();
    undo.push(() => folder.remove());
    if (!mountSmallDisk(folder.path)) return console.warn('no disk can be mounted here: none was filled');
    const dates = 20;
    const pipeline = await startCrashPipeline(dates, chanceOf(3, 'service'));
    undo.push(() => pipeline.close());
    const place = makePlace(join(folder.path, 'home'), pipeline.yaml, {
      BACKCOURT_WAREHOUSE: pipeline.warehouse,
      BACKCOURT_CONCURRENCY: '4',
    });
    const server = startVictim(place);
    const slack = await openSlack(await server.ready);
    undo.push(async () => {
      slack.close();
      server.signal('SIGTERM');
      await server.ended;
    });
    await slack.type(`/backfill report ${firstDate} 2023-01-${dates} --with-upstream --reason "full disk"`);
    await waitUntil('some calls', () => pipeline.calls.length >= 6, 30_000);
    const filler = join(folder.path, 'filler');
    fill(filler);
    const ask = ['status', '--home', place.home, '--pipeline', place.pipeline];
    // A question needs no room.
    expect((await runJson<{ backfills: unknown[] }>(ask, { env: place.env })).json.backfills).toHaveLength(1);
    // Calls that were under way have ended, and what they gave could not be written.
    await waitUntil('all calls have ended', () => pipeline.calls.every(({ ended }) => ended), 30_000);
    rmSync(filler);
    // An attempt whose end could not be written is looked after when its lease is over, within a minute.
    await slack.sees(/Summary: /, () => true, 150_000);
    const { json } = await runJson<{ backfills: BackfillReport[] }>(ask, { env: place.env });
    const { json: report } = await runJson<BackfillReport>([...ask, json.backfills[0]?.id ?? ''], { env: place.env });
    const isShared = (message: { user: string; onlyFor?: string }) =>
      message.user === 'U0BACKCRT1' && message.onlyFor === undefined;
    // Whoever was sending the root message could not write so either, and has a minute's turn.
    await slack.sees(/Done/, (message) => message.thread === undefined, 120_000);
    const shown = slack.messages().filter(isShared);
    const roots = shown.filter(({ thread }) => thread === undefined);
    const thread = shown.filter((message) => message.thread !== undefined);
    expect(await checkRound({ report, planned: 2 * dates, pipeline, roots, thread })).toEqual([]);
  }, 360_000);
});
