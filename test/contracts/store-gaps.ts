/** Accepted gaps. */
import { describe, expect, it } from 'vitest';
import { insertGap, listGaps, revokeGap } from '../../src/store/gaps.ts';
import type { Store } from '../../src/store/store.ts';

export function gapsContract(storeOf: () => Store): void {
  const gap = (id: string, acceptedAt = 1000) => ({
    id,
    table: 'pgs',
    dates: ['2021-11-16', '2021-11-18'],
    reason: 'lost for good',
    acceptedBy: 'ada',
    acceptedAt,
  });

  describe('accepted gaps', () => {
    it('hold with who, why and when, once however often they are stored', async () => {
      const { query } = storeOf();
      await insertGap(query, 'nba', gap('g2', 2000));
      await insertGap(query, 'nba', gap('g1'));
      await insertGap(query, 'nba', { ...gap('g1'), reason: 'another' });
      await insertGap(query, 'other', gap('g3'));
      expect(await listGaps(query, 'nba')).toEqual([gap('g1'), gap('g2', 2000)]);
    });

    it('are taken back once, and by whoever is of the same pipeline', async () => {
      const { query } = storeOf();
      await insertGap(query, 'nba', gap('g1'));
      const revoke = { pipeline: 'nba', id: 'g1', by: 'bob', now: 3000 };
      expect(await revokeGap(query, { ...revoke, pipeline: 'other' })).toBeUndefined();
      expect(await revokeGap(query, revoke)).toEqual(gap('g1'));
      expect(await revokeGap(query, revoke)).toBeUndefined();
      expect(await listGaps(query, 'nba')).toEqual([]);
    });
  });
}
