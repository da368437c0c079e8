import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { slackChat, slackClient } from '../../src/chat/slack.ts';
import type { Finding } from '../../src/finding.ts';
import { type FakeSlack, startFakeSlack } from '../support/fake-slack-api.ts';

let slack: FakeSlack;
beforeEach(async () => {
  slack = await startFakeSlack();
});
afterEach(() => slack.close());

const check = async (...channels: string[]): Promise<Finding[]> =>
  (await slackChat(slackClient({ token: 'xoxb-test', slackApiUrl: slack.url, timeout: 500 })).check?.(channels)) ?? [];
const wrongs = async (...channels: string[]) => (await check(...channels)).filter(({ ok }) => !ok);

describe('a check of Slack', () => {
  it('says who we are there, that all scopes are granted, and that channels are there', async () => {
    expect(await check('C1')).toEqual([
      { what: 'slack', ok: true, detail: 'takes us for backcourt of The team' },
      { what: 'slack scopes', ok: true, detail: `all ${slack.scopes.length} are granted` },
      { what: 'slack channel C1', ok: true, detail: 'is there, and we are in it' },
    ]);
  });

  it('names the scopes that are not granted, and those that nobody needs', async () => {
    slack.scopes.splice(slack.scopes.indexOf('files:write'), 1);
    expect(await wrongs()).toMatchObject([
      { what: 'slack scopes', detail: 'not granted: files:write', remedy: expect.stringContaining('manifest.yml') },
    ]);
    slack.scopes.push('files:write', 'admin');
    expect((await check())[1]).toMatchObject({ ok: true, detail: expect.stringContaining('not needed: admin') });
  });

  it('tells a channel that is gone from one that we are not in', async () => {
    expect(await wrongs('C404')).toMatchObject([
      { what: 'slack channel C404', detail: 'cannot be read: channel_not_found', remedy: expect.any(String) },
    ]);
    slack.failNext('conversations.history', { kind: 'error', error: 'not_in_channel' });
    expect(await wrongs('C1')).toEqual([]);
  });

  it('says of a token that is refused where the right one is, and of a Slack that is silent that it is', async () => {
    slack.failNext('auth.test', { kind: 'error', error: 'token_revoked' });
    expect(await check()).toMatchObject([
      {
        what: 'slack',
        ok: false,
        detail: 'refuses the token: token_revoked',
        remedy: expect.stringContaining('xoxb-'),
      },
    ]);
    slack.failNext('auth.test', { kind: 'hang' });
    expect(await check()).toEqual([{ what: 'slack', ok: false, detail: 'does not answer' }]);
  });
});
