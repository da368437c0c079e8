/** What every chat must do. Run against whatever can stand for Slack here. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Chat, ChatResult, Posted } from '../../src/chat/chat.ts';
import { compose, lines, picture } from '../../src/messages/blocks.ts';

export type ChatUnderTest = {
  readonly chat: Chat;
  /** A channel that is there, and a person in it. */
  readonly channel: string;
  readonly user: string;
  /** Text of the messages of the channel that everybody sees, oldest first, replies included. */
  read(): Promise<readonly { readonly ts: string; readonly text: string }[]>;
  /** The bytes of an uploaded file. */
  readFile(id: string): Promise<Uint8Array>;
  close(): Promise<void>;
};

/** The suite; `open` is called once. */
export function chatContract(name: string, open: () => Promise<ChatUnderTest>): void {
  describe(`a chat on ${name}`, () => {
    let it: ChatUnderTest;
    let keys = 0;
    const nextKey = () => `contract-${++keys}`;
    beforeAll(async () => {
      it = await open();
    });
    afterAll(() => it.close());

    test('posts a message and says where it stands', async () => {
      const at = where(await it.chat.post(say('first words'), { channel: it.channel, key: nextKey() }));
      expect(await it.read()).toContainEqual(expect.objectContaining({ ts: at.ts, text: 'first words' }));
    });

    test('replaces a posted message in place', async () => {
      const at = where(await it.chat.post(say('before'), { channel: it.channel, key: nextKey() }));
      expect(where(await it.chat.update(say('after'), at))).toEqual(at);
      const texts = (await it.read()).map((message) => message.text);
      expect(texts).toContain('after');
      expect(texts).not.toContain('before');
    });

    test('finds a message by its key, in the channel and in a thread', async () => {
      const [key, replyKey] = [nextKey(), nextKey()];
      const root = where(await it.chat.post(say('root'), { channel: it.channel, key }));
      const reply = where(await it.chat.post(say('reply'), { channel: it.channel, thread: root.ts, key: replyKey }));
      expect(await it.chat.find(key, it.channel)).toEqual(root);
      expect(await it.chat.find(replyKey, it.channel, root.ts)).toEqual(reply);
      expect(await it.chat.find('never-posted', it.channel)).toBeUndefined();
      expect(await it.chat.find('never-posted', it.channel, root.ts)).toBeUndefined();
    });

    test('keeps the key of a message that was edited', async () => {
      const key = nextKey();
      const at = where(await it.chat.post(say('one'), { channel: it.channel, key }));
      await it.chat.update(say('two'), at);
      expect(await it.chat.find(key, it.channel)).toEqual(at);
    });

    test('whispers to one person without leaving a message for all', async () => {
      const result = await it.chat.whisper(say('only for you'), { channel: it.channel, user: it.user });
      expect(result.kind).toBe('ok');
      expect(await it.chat.find('only for you', it.channel)).toBeUndefined();
    });

    test('tells the address of a message, and none where there is no message', async () => {
      const at = where(await it.chat.post(say('here'), { channel: it.channel, key: nextKey() }));
      expect(await it.chat.link(at)).toMatch(/^https?:\/\/\S+$/);
      expect(await it.chat.link({ channel: it.channel, ts: '1000000000.000001' })).toBeUndefined();
      expect(await it.chat.link({ channel: 'C0NOWHERE', ts: at.ts })).toBeUndefined();
    });

    test('takes a picture that only a message shows', async () => {
      const before = await it.read();
      const result = await it.chat.upload({ name: 'map.png', title: 'A map', alt: 'A map of nothing.', bytes: png });
      const file = result.kind === 'ok' ? result.file : '';
      expect(result).toEqual({ kind: 'ok', file: expect.stringMatching(/^F[A-Z0-9]{8,}$/) });
      expect(await it.read()).toEqual(before);
      expect(Buffer.from(await it.readFile(file))).toEqual(Buffer.from(png));
      const message = compose([lines(['with a picture']), picture({ file, alt: 'A map of nothing.' })]);
      const at = where(await it.chat.post(message, { channel: it.channel, key: nextKey() }));
      expect(await it.read()).toContainEqual(expect.objectContaining({ ts: at.ts, text: 'with a picture' }));
    });

    test('takes the same picture twice, as two files', async () => {
      const once = { name: 'map.png', title: 'A map', alt: 'A map of nothing.', bytes: png };
      const [one, two] = [await it.chat.upload(once), await it.chat.upload(once)];
      expect([one.kind, two.kind]).toEqual(['ok', 'ok']);
      expect(one).not.toEqual(two);
    });

    test('says that a message to be edited is gone', async () => {
      const result = await it.chat.update(say('x'), { channel: it.channel, ts: '1000000000.000001' });
      expect(result).toMatchObject({ kind: 'gone' });
    });

    test('is refused by a channel that does not exist', async () => {
      const result = await it.chat.post(say('x'), { channel: 'C0NOWHERE', key: nextKey() });
      expect(result).toMatchObject({ kind: 'refused', detail: expect.stringContaining('channel_not_found') });
    });
  });
}

/** Not drawn by anybody; bytes that no text encoding keeps. */
const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0xff, 0xfe, 0xc3, 0x28]);
const say = (text: string) => compose([lines([text])]);

function where(result: ChatResult): Posted {
  if (result.kind !== 'ok') throw new Error(`expected ok, was ${result.kind}: ${result.detail}`);
  return result.posted;
}
