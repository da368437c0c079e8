/** The inbox of requests and the outbox of messages. */
import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/messages/message.ts';
import { listUnsent, loadMessage, loseMessage, notePosting, putMessage, recordSent } from '../../src/store/messages.ts';
import { findRequest, finishRequest, listOpenRequests, receiveRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import { failToSend, sendNow, takeTurn } from '../support/small-messages.ts';

const say = (text: string): Message => ({ text, blocks: [{ type: 'divider' }] });

export function boxesContract(storeOf: () => Store): void {
  const request = (id: string, key: string, now = 1000) => ({
    id,
    key,
    kind: 'start-backfill',
    payload: { text: 'mlfs', at: 1 },
    now,
  });

  describe('the inbox', () => {
    it('takes a request once, by its key', async () => {
      const { query } = storeOf();
      expect(await receiveRequest(query, request('r1', 'k'))).toBe('new');
      expect(await receiveRequest(query, request('r1', 'k'))).toBe('seen');
      expect(await receiveRequest(query, request('r2', 'k'))).toBe('seen');
      expect(await findRequest(query, 'r2')).toBeUndefined();
      expect(await findRequest(query, 'r1')).toEqual({
        id: 'r1',
        kind: 'start-backfill',
        payload: { text: 'mlfs', at: 1 },
        receivedAt: 1000,
        doneAt: null,
      });
    });

    it('lists what nobody has answered and is old enough, oldest first, without offers', async () => {
      const { query } = storeOf();
      await receiveRequest(query, request('r2', 'b', 2000));
      await receiveRequest(query, request('r1', 'a', 1000));
      await receiveRequest(query, request('r3', 'c', 3000));
      await receiveRequest(query, { ...request('r4', 'd', 1000), kind: 'offer' });
      await finishRequest(query, 'r9', 2500);
      expect((await listOpenRequests(query, 2000)).map(({ id }) => id)).toEqual(['r1', 'r2']);
      await finishRequest(query, 'r1', 2500);
      await finishRequest(query, 'r1', 9999);
      expect((await listOpenRequests(query, 5000)).map(({ id }) => id)).toEqual(['r2', 'r3']);
      expect((await findRequest(query, 'r1'))?.doneAt).toBe(2500);
    });
  });

  describe('the outbox', () => {
    const root = { key: 'root', channel: 'C1', threadOf: null };
    const put = (key: string, text: string, now = 1000) =>
      putMessage(storeOf().query, { ...root, key, content: say(text), now });
    const sent = (revision: number, ts = '1.1') => sendNow(storeOf(), 'root', { revision, channel: 'D7', ts });
    const load = (key = 'root') => loadMessage(storeOf().query, key);

    it('counts a revision only when the content is another one', async () => {
      expect(await put('root', 'one')).toEqual({ changed: true, revision: 1 });
      expect((await put('root', 'one')).changed).toBe(false);
      expect(await put('root', 'two')).toEqual({ changed: true, revision: 2 });
      expect(await load()).toEqual({
        ...root,
        content: say('two'),
        threadTs: null,
        revision: 2,
        sentRevision: 0,
        postedChannel: null,
        ts: null,
        state: 'pending',
        ambiguous: false,
        attempts: 0,
        notBefore: null,
      });
    });

    it('knows where a message was posted, and that a newer revision is still to be sent', async () => {
      await put('root', 'one');
      await put('root', 'two');
      await sent(1);
      expect(await load()).toMatchObject({ sentRevision: 1, postedChannel: 'D7', ts: '1.1', state: 'pending' });
      expect(await listUnsent(storeOf().query, 5000)).toEqual([{ key: 'root', revision: 2 }]);
      await sent(2);
      expect(await load()).toMatchObject({ sentRevision: 2, state: 'sent' });
      expect(await listUnsent(storeOf().query, 5000)).toEqual([]);
    });

    it('never goes back behind what is shown', async () => {
      await put('root', 'one');
      await put('root', 'two');
      await sent(2);
      await put('root', 'three');
      await sent(1);
      expect(await load()).toMatchObject({ sentRevision: 2, state: 'pending' });
    });

    it('waits after a failure as long as it was told, and counts', async () => {
      await put('root', 'one');
      const unsent = { notBefore: 3000, detail: 'slow down' };
      await failToSend(storeOf(), 'root', unsent);
      await failToSend(storeOf(), 'root', unsent);
      expect(await load()).toMatchObject({ state: 'pending', attempts: 2, notBefore: 3000, ambiguous: false });
      expect(await listUnsent(storeOf().query, 2999)).toEqual([]);
      expect(await listUnsent(storeOf().query, 3000)).toHaveLength(1);
    });

    it('remembers a lost answer until the message is found or posted', async () => {
      await put('root', 'one');
      await failToSend(storeOf(), 'root', { detail: 'no answer', ambiguous: true });
      await failToSend(storeOf(), 'root', { detail: 'slow down' });
      expect((await load()).ambiguous).toBe(true);
      await sent(1);
      expect(await load()).toMatchObject({ ambiguous: false, attempts: 0, notBefore: null });
    });

    it('gives up for good when told so', async () => {
      await put('root', 'one');
      await failToSend(storeOf(), 'root', { detail: 'no such channel', final: true });
      expect((await load()).state).toBe('failed');
      expect(await listUnsent(storeOf().query, 9000)).toEqual([]);
    });

    it('posts a lost message anew', async () => {
      await put('root', 'one');
      await sent(1);
      await put('root', 'two');
      await takeTurn(storeOf(), 'root');
      await loseMessage(storeOf().query, { key: 'root', token: 'sender' });
      expect(await load()).toMatchObject({ ts: null, postedChannel: null, sentRevision: 0, state: 'pending' });
      expect(await listUnsent(storeOf().query, 5000)).toEqual([{ key: 'root', revision: 2 }]);
    });

    it('has one sender at a time, until that one is done or its turn is over', async () => {
      const store = storeOf();
      await put('root', 'one');
      expect(await takeTurn(store, 'root', 'first', 2000)).toBe(true);
      expect(await takeTurn(store, 'root', 'second', 61_999)).toBe(false);
      expect(await listUnsent(store.query, 61_999)).toEqual([]);
      expect(await takeTurn(store, 'root', 'second', 62_000)).toBe(true);
      const late = { key: 'root', token: 'first' };
      expect(await notePosting(store.query, { ...late, now: 62_001, until: 99_999 }, true)).toBe(false);
      await recordSent(store.query, { ...late, revision: 1, channel: 'C1', ts: '6.6' });
      expect(await load()).toMatchObject({ ts: null, ambiguous: false });
      await recordSent(store.query, { key: 'root', token: 'second', revision: 1, channel: 'C1', ts: '7.7' });
      expect(await load()).toMatchObject({ ts: '7.7', state: 'sent' });
      expect(await takeTurn(store, 'root', 'third', 70_000)).toBe(false);
    });

    it('says to its sender that it has changed meanwhile', async () => {
      const store = storeOf();
      await put('root', 'one');
      await takeTurn(store, 'root');
      await put('root', 'two');
      const sent = { key: 'root', token: 'sender', channel: 'C1', ts: '1.1' };
      expect(await recordSent(store.query, { ...sent, revision: 1 })).toBe(true);
      expect(await sendNow(store, 'root', { revision: 2 })).toBe(false);
    });

    it('finds the thread of a reply once the message above is posted, or where people began it', async () => {
      const { query } = storeOf();
      await put('root', 'one');
      await putMessage(query, { key: 'reply', channel: 'C1', threadOf: 'root', content: say('more'), now: 1001 });
      const begun = { key: 'answer', channel: 'C1', threadOf: null, thread: '9.9', content: say('here'), now: 1002 };
      await putMessage(query, begun);
      expect(await load('reply')).toMatchObject({ threadOf: 'root', threadTs: null });
      await sent(1);
      expect(await load('reply')).toMatchObject({ threadOf: 'root', threadTs: '1.1' });
      expect(await load('answer')).toMatchObject({ threadOf: null, threadTs: '9.9' });
    });

    it('no longer waits for a thread that will never be', async () => {
      const { query } = storeOf();
      await put('root', 'one');
      await putMessage(query, { key: 'reply', channel: 'C1', threadOf: 'root', content: say('more'), now: 1001 });
      await failToSend(storeOf(), 'root', { detail: 'refused', final: true });
      expect(await load('reply')).toMatchObject({ threadOf: null, threadTs: null });
    });

    it('keeps content that no Postgres text can hold, with marks', async () => {
      await put('root', 'nul \0 and half \ud83d');
      expect((await load()).content.text).toBe('nul \ufffd and half \ufffd');
    });

    it('has no answer for a key that it does not know', async () => {
      await expect(load('nobody')).rejects.toThrow('nobody');
    });
  });
}
