import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slackChat, slackClient } from '../../src/chat/slack.ts';
import { startWorkspace, type Workspace } from '../../workspace/server/workspace.ts';
import { chatContract } from '../contracts/chat.ts';
import { allMessages } from '../messages/all-messages.ts';

const botToken = 'xoxb-test';
const open = () =>
  startWorkspace({ port: 0, signingSecret: 'a-secret-of-the-tests', botToken, clock: { now: () => Date.now() } });
const clientOf = (workspace: Workspace) => slackClient({ token: botToken, slackApiUrl: workspace.apiUrl });
const channel = 'C0PIPELINE';

chatContract('the local workspace', async () => {
  const workspace = await open();
  const client = clientOf(workspace);
  return {
    chat: slackChat(client),
    channel,
    user: 'U0MAYACHEN',
    read: async () => {
      const { messages = [] } = await client.conversations.history({ channel, limit: 100 });
      return messages.map(({ ts = '', text = '' }) => ({ ts, text })).reverse();
    },
    readFile: async (id) => {
      const response = await fetch(new URL(`/files/${id}/map.png`, workspace.apiUrl));
      return new Uint8Array(await response.arrayBuffer());
    },
    close: () => workspace.close(),
  };
});

describe('the local workspace', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await open();
  });
  afterAll(() => workspace.close());

  test.each(Object.entries(allMessages))('takes the message %s with its blocks', async (key, make) => {
    const result = await slackChat(clientOf(workspace)).post(make(), { channel, key });
    expect(result).toMatchObject({ kind: 'ok' });
  });
});
