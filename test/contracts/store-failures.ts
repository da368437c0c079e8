/** Failed dates as the threads tell of them, and which backfill mended them. */
import { describe, expect, it } from 'vitest';
import { groupFailures } from '../../src/core/backfill/failures.ts';
import { loadCells } from '../../src/store/cells.ts';
import { keepFailures, listMendedFor } from '../../src/store/failure-dates.ts';
import type { Store } from '../../src/store/store.ts';
import { claim, day, end, finish, launch, retry, ring, runCell } from '../support/small-backfills.ts';

export function failuresContract(storeOf: () => Store): void {
  /** As whoever shows the progress of a backfill does. */
  const keep = (id: string, now = 5000) =>
    storeOf().transaction(async (query) => keepFailures(query, id, groupFailures(await loadCells(query, id)), now));
  const openOf = async (id: string) =>
    (await keep(id)).map(({ dates, ended = [] }) =>
      dates.filter((date) => !ended.some((each) => each.date === date)).map((date) => date.slice(5)),
    );

  /** A backfill of two dates that both failed alike, and is over. */
  async function failTwo(id: string): Promise<void> {
    await launch(storeOf(), id, { cells: ['pgs 11-01', 'pgs 11-02'] });
    for (const cell of ['pgs 11-01', 'pgs 11-02']) await runCell(storeOf(), id, cell, 'run_failed');
    await finish(storeOf(), id, { result: 'failed' });
  }

  describe('failed dates', () => {
    it('are kept once, however often they are kept, with their ids of the log', async () => {
      await failTwo('b1');
      const first = await keep('b1');
      expect(first).toMatchObject([{ table: 'pgs', state: 'failed', dates: [day('11-01'), day('11-02')], ended: [] }]);
      expect(first[0]?.errorIds).toEqual(['e1', 'e1']);
      expect(await keep('b1', 9000)).toEqual(first);
    });

    it('end with the first other backfill that filled them, or found them filled', async () => {
      await failTwo('b1');
      await keep('b1');
      await launch(storeOf(), 'b2', { cells: ['pgs 11-02', 'pgs 11-03'] });
      await runCell(storeOf(), 'b2', 'pgs 11-03', 'succeeded');
      expect(await listMendedFor(storeOf().query, 'b2')).toEqual([]);
      await runCell(storeOf(), 'b2', 'pgs 11-02', 'skipped');
      expect(await listMendedFor(storeOf().query, 'b2')).toEqual(['b1']);
      expect(await openOf('b1')).toEqual([['11-01']]);
      expect((await keep('b1'))[0]?.ended).toEqual([{ date: day('11-02'), at: 4000, by: 'b2' }]);
      // Told by now, so that nobody looks at the first one again.
      expect(await listMendedFor(storeOf().query, 'b2')).toEqual([]);
    });

    it('do not end with what was filled before they failed, or failed as well', async () => {
      await launch(storeOf(), 'b0', { cells: ['pgs 11-01'] });
      await ring(storeOf());
      await claim(storeOf(), 'b0', 'pgs 11-01', { now: 100 });
      await end(storeOf(), 'b0 pgs 11-01', 'succeeded', { now: 200 });
      await finish(storeOf(), 'b0');
      await failTwo('b1');
      expect(await openOf('b1')).toEqual([['11-01', '11-02']]);
      await failTwo('b2');
      expect(await listMendedFor(storeOf().query, 'b2')).toEqual([]);
      expect(await openOf('b1')).toEqual([['11-01', '11-02']]);
    });

    it('end with a retry of their own, and are open again where it fails as before', async () => {
      await failTwo('b1');
      await keep('b1');
      await retry(storeOf(), 'b1', ['pgs 11-01', 'pgs 11-02'], 7000);
      expect(await openOf('b1')).toEqual([['11-01', '11-02']]);
      await ring(storeOf(), { now: 8000 });
      for (const cell of ['pgs 11-01', 'pgs 11-02'])
        await claim(storeOf(), 'b1', cell, { now: 8000, attempt: `again ${cell}` });
      await end(storeOf(), 'again pgs 11-01', 'succeeded', { now: 8100 });
      await end(storeOf(), 'again pgs 11-02', 'run_failed', { now: 8200 });
      expect((await keep('b1'))[0]?.ended).toEqual([{ date: day('11-01'), at: 8100, by: 'b1' }]);
    });
  });
}
