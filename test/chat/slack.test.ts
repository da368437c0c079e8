import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Chat } from '../../src/chat/chat.ts';
import { slackChat, slackClient } from '../../src/chat/slack.ts';
import { Fault } from '../../src/fault.ts';
import { compose, lines } from '../../src/messages/blocks.ts';
import { chatContract } from '../contracts/chat.ts';
import { type Fault as FakeFault, type FakeSlack, startFakeSlack } from '../support/fake-slack-api.ts';

chatContract('a loopback Web API', async () => {
  const slack = await startFakeSlack();
  return {
    chat: slackChat(slackClient({ token: 'xoxb-test', slackApiUrl: slack.url })),
    channel: 'C1',
    user: 'U012ABCDEF',
    read: async () => slack.messages.filter((message) => message.user === undefined),
    readFile: async (id) => slack.files.all.find((file) => file.id === id)?.bytes ?? new Uint8Array(),
    close: slack.close,
  };
});

const message = compose([lines(['words'])]);
const to = { channel: 'C1', key: 'k1' };

describe('Slack, when it goes wrong', () => {
  let slack: FakeSlack;
  let chat: Chat;
  beforeEach(async () => {
    slack = await startFakeSlack();
    chat = slackChat(slackClient({ token: 'xoxb-test', slackApiUrl: slack.url }));
  });
  afterEach(() => slack.close());

  const failPost = async (fault: FakeFault) => {
    slack.failNext('chat.postMessage', fault);
    return chat.post(message, to);
  };
  const failUpdate = async (fault: FakeFault) => {
    slack.failNext('chat.update', fault);
    return chat.update(message, { channel: 'C1', ts: '1.1' });
  };

  test('is asked once, and a rate limit is waited for as long as Slack says', async () => {
    expect(await failPost({ kind: 'status', status: 429, retryAfter: '7' })).toEqual({
      kind: 'later',
      after: 7_000,
      detail: 'rate limited',
    });
    expect(slack.calls).toHaveLength(1);
  });

  test('is waited for half a minute when a rate limit has no figure', async () => {
    expect(await failPost({ kind: 'status', status: 429 })).toMatchObject({ kind: 'later', after: 30_000 });
    expect(await failPost({ kind: 'error', error: 'ratelimited' })).toMatchObject({ kind: 'later', after: 30_000 });
  });

  test('may have taken a post whose answer was lost, and the message is found by its key', async () => {
    expect(await failPost({ kind: 'lost' })).toMatchObject({ kind: 'ambiguous' });
    expect(slack.messages).toHaveLength(1);
    expect(slack.calls).toHaveLength(1);
    expect(await chat.find('k1', 'C1')).toEqual({ channel: 'C1', ts: slack.messages[0]?.ts });
  });

  test('may have taken a post that it answered with 500 or with a breakage of its own', async () => {
    expect(await failPost({ kind: 'status', status: 503 })).toEqual({ kind: 'ambiguous', detail: 'HTTP 503' });
    expect(await failPost({ kind: 'error', error: 'fatal_error' })).toEqual({
      kind: 'ambiguous',
      detail: 'fatal_error',
    });
  });

  test('is edited again later after the same breakages, since an edit may be repeated', async () => {
    expect(await failUpdate({ kind: 'status', status: 500 })).toMatchObject({ kind: 'later' });
    expect(await failUpdate({ kind: 'lost' })).toMatchObject({ kind: 'later' });
    expect(await failUpdate({ kind: 'error', error: 'internal_error' })).toMatchObject({ kind: 'later' });
  });

  test('may have taken a post that it does not answer in time', async () => {
    const hasty = slackChat(slackClient({ token: 'xoxb-test', slackApiUrl: slack.url, timeout: 50 }));
    slack.failNext('chat.postMessage', { kind: 'hang' });
    expect(await hasty.post(message, to)).toEqual({ kind: 'ambiguous', detail: 'TimeoutError' });
  });

  test('took nothing when the connection was refused', async () => {
    await slack.close();
    expect(await chat.post(message, to)).toMatchObject({ kind: 'later', detail: 'ECONNREFUSED' });
    slack = await startFakeSlack();
  });

  test('names the place in the blocks that it refuses', async () => {
    const fault = {
      kind: 'error',
      error: 'invalid_blocks',
      messages: ['[ERROR] no more than 50 items [json-pointer:/blocks]'],
    } as const;
    expect(await failPost(fault)).toEqual({ kind: 'bad_blocks', detail: `invalid_blocks; ${fault.messages[0]}` });
    expect(await failPost({ kind: 'error', error: 'msg_blocks_too_long' })).toMatchObject({ kind: 'bad_blocks' });
  });

  test.each(['message_not_found', 'cant_update_message', 'thread_not_found'])('says %s as gone', async (error) => {
    expect(await failUpdate({ kind: 'error', error })).toEqual({ kind: 'gone', detail: error });
    expect(await failPost({ kind: 'error', error })).toEqual({ kind: 'gone', detail: error });
  });

  test.each(['channel_not_found', 'is_archived', 'not_in_channel', 'restricted_action', 'missing_scope'])(
    'says %s as refused for good',
    async (error) => {
      expect(await failPost({ kind: 'error', error })).toEqual({ kind: 'refused', detail: error });
    },
  );

  test.each(['invalid_auth', 'token_revoked', 'account_inactive'])(
    'waits for another token where it says %s',
    async (error) => {
      expect(await failPost({ kind: 'error', error })).toEqual({ kind: 'later', after: 60_000, detail: error });
    },
  );

  test('that hides its history is a Fault, not an absent message', async () => {
    slack.failNext('conversations.history', { kind: 'status', status: 500 });
    await expect(chat.find('k1', 'C1')).rejects.toMatchObject({ name: 'Fault', retry: 'later' });
    slack.failNext('conversations.history', { kind: 'error', error: 'missing_scope' });
    const refused = await chat.find('k1', 'C1').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Fault);
    expect(refused).toMatchObject({ retry: 'never', message: expect.stringContaining('missing_scope') });
  });

  test('without the thread has no message of ours in it', async () => {
    expect(await chat.find('k1', 'C1', '5.5')).toBeUndefined();
  });

  test('is searched beyond its first page', async () => {
    await chat.post(message, to);
    const first = slack.messages[0];
    for (let more = 0; more < 150; more += 1)
      slack.messages.push({ channel: 'C1', ts: `2000000000.${more}`, text: 'other', blocks: [] });
    expect(await chat.find('k1', 'C1')).toEqual({ channel: 'C1', ts: first?.ts });
  });

  test('is told to link and unfold nothing, and carries the key as metadata', async () => {
    await chat.post(message, { ...to, thread: '9.9' });
    expect(slack.calls[0]?.fields).toMatchObject({
      link_names: 'false',
      parse: 'none',
      unfurl_links: 'false',
      unfurl_media: 'false',
      thread_ts: '9.9',
      metadata: JSON.stringify({ event_type: 'backcourt_message', event_payload: { key: 'k1' } }),
    });
  });
});
