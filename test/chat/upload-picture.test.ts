import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Chat } from '../../src/chat/chat.ts';
import { slackChat, slackClient } from '../../src/chat/slack.ts';
import { type FakeSlack, startFakeSlack } from '../support/fake-slack-api.ts';

const map = { name: 'map.png', title: 'A map', alt: 'A map of nothing.', bytes: Uint8Array.from([1, 2, 200, 255]) };

describe('a picture on its way into Slack', () => {
  let slack: FakeSlack;
  let chat: Chat;
  beforeEach(async () => {
    slack = await startFakeSlack();
    chat = slackChat(slackClient({ token: 'xoxb-test', slackApiUrl: slack.url }));
  });
  afterEach(() => slack.close());

  test('goes there in three steps, without a channel, and with words for who does not see it', async () => {
    const result = await chat.upload(map);
    expect(slack.calls.map(({ method }) => method)).toEqual([
      'files.getUploadURLExternal',
      'upload',
      'files.completeUploadExternal',
      'files.info',
    ]);
    expect(slack.files.all).toEqual([
      {
        id: result.kind === 'ok' ? result.file : '',
        name: 'map.png',
        length: 4,
        alt: 'A map of nothing.',
        title: 'A map',
        bytes: Buffer.from(map.bytes),
        complete: true,
      },
    ]);
  });

  test('is waited for until Slack knows what it is, since a message with it would be refused before', async () => {
    slack.files.unseen = 2;
    expect(await chat.upload(map)).toMatchObject({ kind: 'ok' });
    expect(slack.calls.filter(({ method }) => method === 'files.info')).toHaveLength(3);
  });

  test('is not waited for longer than the answer can wait', async () => {
    slack.files.unseen = 100;
    expect(await chat.upload(map)).toMatchObject({ kind: 'later', detail: 'Slack has not looked at the file yet' });
  });

  test.each(['files.getUploadURLExternal', 'files.completeUploadExternal', 'files.info'])(
    'may come later when %s is rate limited, breaks, or loses its answer',
    async (method) => {
      slack.failNext(method, { kind: 'status', status: 429, retryAfter: '7' });
      expect(await chat.upload(map)).toEqual({ kind: 'later', after: 7_000, detail: 'rate limited' });
      slack.failNext(method, { kind: 'status', status: 503 });
      expect(await chat.upload(map)).toMatchObject({ kind: 'later', detail: 'HTTP 503' });
      slack.failNext(method, { kind: 'lost' });
      expect(await chat.upload(map)).toMatchObject({ kind: 'later' });
    },
  );

  test('may come later when the bytes do not arrive', async () => {
    slack.failNext('upload', { kind: 'status', status: 500 });
    expect(await chat.upload(map)).toMatchObject({ kind: 'later', detail: 'HTTP 500 for the bytes' });
    slack.failNext('upload', { kind: 'lost' });
    expect(await chat.upload(map)).toMatchObject({ kind: 'later' });
    expect(slack.calls.filter(({ method }) => method === 'files.completeUploadExternal')).toEqual([]);
  });

  test('is refused for good where the bot may not write files', async () => {
    slack.failNext('files.getUploadURLExternal', { kind: 'error', error: 'missing_scope' });
    expect(await chat.upload(map)).toEqual({ kind: 'refused', detail: 'missing_scope' });
    slack.failNext('upload', { kind: 'status', status: 403 });
    expect(await chat.upload(map)).toEqual({ kind: 'refused', detail: 'HTTP 403 for the bytes' });
  });
});
