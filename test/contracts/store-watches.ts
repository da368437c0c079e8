/** Watches, digests, and messages that could not be posted. */
import { describe, expect, it } from 'vitest';
import type { Digest } from '../../src/core/watch/digest.ts';
import { putMessage } from '../../src/store/messages.ts';
import type { Store } from '../../src/store/store.ts';
import { listUnposted } from '../../src/store/unposted.ts';
import {
  deleteWatches,
  findLastDigest,
  insertDigest,
  insertWatches,
  keepStates,
  listDueChannels,
  listWatches,
  lockDigest,
  updateDigest,
} from '../../src/store/watches.ts';
import { failToSend, sendNow } from '../support/small-messages.ts';

const place = { pipeline: 'nba', channel: 'C1' };
const made: Digest = {
  day: '2022-01-08',
  tables: ['mlfs'],
  from: '2021-10-19',
  asOf: '2022-01-08T13:00:00.000Z',
  first: [],
  opened: [{ table: 'mlfs', runs: [{ from: '2021-11-16', to: '2021-11-18' }] }],
  groups: [],
  mended: [],
  dropped: [],
  stillOpen: { cells: 0, since: null },
  unread: [],
  closed: [],
  offers: {},
};

export function watchesContract(storeOf: () => Store): void {
  const watch = (tables: readonly string[], now = 1000, channel = 'C1') =>
    insertWatches(storeOf().query, {
      ...{ ...place, channel, by: 'ada', now },
      tables: tables.map((table) => ({ table, kept: '2021-10-19 c1' })),
    });

  describe('watches', () => {
    it('begin once per channel and table, and end', async () => {
      const { query } = storeOf();
      expect(await watch(['mlfs', 'pcf'])).toEqual(['mlfs', 'pcf']);
      expect(await watch(['mlfs', 'pdc'], 2000)).toEqual(['pdc']);
      await watch(['mlfs'], 1000, 'C2');
      const row = (table: string, watchedAt: number) => ({ table, watchedBy: 'ada', watchedAt, kept: '2021-10-19 c1' });
      expect(await listWatches(query, place)).toEqual([row('mlfs', 1000), row('pcf', 1000), row('pdc', 2000)]);
      expect((await deleteWatches(query, { ...place, tables: ['mlfs', 'pcf', 'psza'] })).sort()).toEqual([
        'mlfs',
        'pcf',
      ]);
      expect((await listWatches(query, place)).map(({ table }) => table)).toEqual(['pdc']);
      expect(await listWatches(query, { ...place, pipeline: 'other' })).toEqual([]);
    });

    it('keep a new state only where the old one is what was compared with', async () => {
      const { query } = storeOf();
      await watch(['mlfs']);
      const state = { table: 'mlfs', was: '2021-10-19 c1', kept: '2021-10-19 c2' };
      expect(await keepStates(query, { ...place, tables: [state] })).toBe(true);
      expect(await keepStates(query, { ...place, tables: [{ ...state, kept: '2021-10-19 m1' }] })).toBe(false);
      expect((await listWatches(query, place))[0]?.kept).toBe('2021-10-19 c2');
      expect(await keepStates(query, { ...place, tables: [{ ...state, table: 'pcf' }] })).toBe(true);
    });
  });

  describe('digests', () => {
    it('are due in channels that watched by then, and are made once per day', async () => {
      const { query } = storeOf();
      await watch(['mlfs', 'pcf']);
      await watch(['mlfs'], 9000, 'C2');
      const due = { pipeline: 'nba', day: '2022-01-08', at: 5000 };
      expect(await listDueChannels(query, due)).toEqual(['C1']);
      expect(await listDueChannels(query, { ...due, at: 9000 })).toEqual(['C1', 'C2']);
      expect(await insertDigest(query, { ...place, day: '2022-01-08', now: 5000, digest: made })).toBe(true);
      expect(await insertDigest(query, { ...place, day: '2022-01-08', now: 6000, digest: null })).toBe(false);
      expect(await listDueChannels(query, due)).toEqual([]);
      expect(await listDueChannels(query, { ...due, day: '2022-01-07' })).toEqual([]);
      expect(await listDueChannels(query, { ...due, day: '2022-01-09' })).toEqual(['C1']);
      expect(await findLastDigest(query, place)).toBe('2022-01-08');
      expect(await findLastDigest(query, { ...place, channel: 'C2' })).toBeUndefined();
    });

    it('are read again as they were made, changed, and nothing where there was nothing to say', async () => {
      const { query } = storeOf();
      await insertDigest(query, { ...place, day: made.day, now: 5000, digest: made });
      await insertDigest(query, { ...place, day: '2022-01-09', now: 6000, digest: null });
      expect(await lockDigest(query, { ...place, day: made.day })).toEqual(made);
      expect(await lockDigest(query, { ...place, day: '2022-01-09' })).toBeUndefined();
      expect(await lockDigest(query, { ...place, day: '2022-01-10' })).toBeUndefined();
      const closed = [{ table: 'mlfs', runs: [{ from: '2021-11-16', to: '2021-11-16' }], day: '2022-01-09' }];
      await updateDigest(query, { ...place, digest: { ...made, closed } });
      expect(await lockDigest(query, { ...place, day: made.day })).toEqual({ ...made, closed });
    });
  });

  describe('messages that could not be posted', () => {
    const minute = 60_000;
    const put = (key: string, now: number, text = 'x', channel = 'C1') =>
      putMessage(storeOf().query, { key, channel, threadOf: null, content: { text, blocks: [] }, now });
    const fail = (key: string, detail: string, final: boolean) => failToSend(storeOf(), key, { detail, final });

    it('count at once where they were given up, and after five minutes where they wait', async () => {
      const { query } = storeOf();
      await put('gone', minute, 'x', 'C9');
      await put('gone too', 2 * minute, 'x', 'C9');
      await put('waits', minute);
      for (const key of ['gone', 'gone too']) await fail(key, 'channel_not_found', true);
      const gone = { channel: 'C9', messages: 2, detail: 'channel_not_found', since: minute };
      expect(await listUnposted(query, 5 * minute)).toEqual([gone]);
      const waits = { channel: 'C1', messages: 1, detail: null, since: minute };
      expect(await listUnposted(query, 6 * minute)).toEqual([waits, gone]);
      expect(await listUnposted(query, 24 * 60 * minute + 3 * minute)).toEqual([waits]);
    });

    it('wait since the first failure, however often they change, and no more once they are sent', async () => {
      const { query } = storeOf();
      await put('busy', minute);
      await fail('busy', 'invalid_auth', false);
      await put('busy', 8 * minute, 'y');
      await fail('busy', 'invalid_auth', false);
      expect(await listUnposted(query, 9 * minute)).toMatchObject([{ since: minute, detail: 'invalid_auth' }]);
      await sendNow(storeOf(), 'busy', { revision: 2 });
      expect(await listUnposted(query, 99 * minute)).toEqual([]);
    });
  });
}
