/**
 * The server in a Slack that it connects to, over Socket Mode: the local workspace stands for it beside the
 * process, with connections that are renewed, cut and doubled while it works.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../workspace/server/wire.ts';
import type { Workspace } from '../../workspace/server/workspace.ts';
import { demoHome, type Folder, type RunningServer, runBackcourt, startServer } from '../support/run-backcourt.ts';
import { openSlack, people, type SlackPerson, wordsOf } from '../support/slack-client.ts';
import { order, startTestWorkspace } from '../workspace/start-app.ts';

const BOT = 'xoxb-of-the-real-one';
const APP = 'xapp-1-A0BACKCRT1-42-of-the-real-one';

const forAll = (message: Message) => message.onlyFor === undefined;

async function openWorkspace(): Promise<Workspace> {
  return startTestWorkspace({ botToken: BOT, appToken: APP });
}

const tokens = (workspace: Workspace, more: object = {}) => ({
  SLACK_BOT_TOKEN: BOT,
  SLACK_APP_TOKEN: APP,
  SLACK_API_URL: workspace.apiUrl,
  PORT: '0',
  ...more,
});

describe('the server with both tokens', () => {
  let home: Folder;
  let workspace: Workspace;
  let server: RunningServer;
  let maya: SlackPerson;
  /** When the last summary was posted. */
  let said = '';
  beforeAll(async () => {
    home = await demoHome();
    workspace = await openWorkspace();
    server = await startServer(['--home', home.path], { env: tokens(workspace) });
    maya = await openSlack(workspace.url);
  }, 120_000);
  afterAll(async () => {
    maya.close();
    await server.end();
    await workspace.close();
    home.remove();
  });

  it('says where it is, serves its health and no page, and names no token', async () => {
    expect(server.said()).toContain('in the Slack workspace Backcourt local as @backcourt');
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect((await fetch(server.url)).status).toBe(404);
    expect(server.said()).not.toContain('of-the-real-one');
  });

  it('answers a command, a button, and a mention, also while connections are renewed and cut', async () => {
    await maya.type('/coverage mlfs 2021-11-01 2021-11-30');
    const first = await maya.sees(/11 of 28 dates complete/, forAll);
    await order(workspace, { socket: 'warning' });
    await maya.type('@backcourt coverage pcf 2021-11-16');
    await maya.sees(/pcf/, (message) => message.ts > first.ts && message.user !== people.maya);
    await maya.type('/backfill mlfs 2022-01-01 2022-01-07');
    const refused = await maya.sees(/Nothing ran/, forAll);
    await order(workspace, { socket: 'duplicate' });
    expect(await maya.press(refused, 'Repair upstream first')).toEqual({ ok: true });
    await order(workspace, { socket: 'cut' });
    const summary = await maya.sees(/Summary/, (message) => message.thread !== undefined, 60_000);
    said = summary.ts;
    expect(wordsOf(summary)).toMatch(/mlfs/);
    const { out } = await runBackcourt(['status', '--json', '--home', home.path]);
    expect((JSON.parse(out) as { backfills: unknown[] }).backfills).toHaveLength(1);
  }, 120_000);

  it('makes one backfill of a command that comes twice', async () => {
    await order(workspace, { socket: 'duplicate' });
    await maya.type('/backfill mlfs 2022-01-03 --no-resume');
    await maya.sees(/Summary/, (message) => message.thread !== undefined && message.ts > said, 60_000);
    const { out } = await runBackcourt(['status', '--json', '--home', home.path]);
    expect((JSON.parse(out) as { backfills: unknown[] }).backfills).toHaveLength(2);
  }, 90_000);

  it('writes no token to its log', async () => {
    expect(readFileSync(`${home.path}/backcourt.log`, 'utf8')).not.toContain('of-the-real-one');
  });
});

describe('the server with tokens that are not right', () => {
  let home: Folder;
  let workspace: Workspace;
  beforeAll(async () => {
    home = await demoHome();
    workspace = await openWorkspace();
  }, 120_000);
  afterAll(async () => {
    await workspace.close();
    home.remove();
  });

  const start = (more: object) => runBackcourt(['serve', '--home', home.path], { env: { ...tokens(workspace, more) } });

  it.each([
    [{ SLACK_APP_TOKEN: '' }, 2, /SLACK_APP_TOKEN: give it too/],
    [{ SLACK_BOT_TOKEN: '' }, 2, /SLACK_BOT_TOKEN: give it too/],
    [
      { SLACK_BOT_TOKEN: APP, SLACK_APP_TOKEN: BOT },
      2,
      /SLACK_BOT_TOKEN: give the Bot User OAuth Token.*SLACK_APP_TOKEN/,
    ],
    [{ SLACK_BOT_TOKEN: 'xoxb-old-of-the-real-one' }, 3, /Slack refuses SLACK_BOT_TOKEN: invalid_auth/],
    [{ SLACK_APP_TOKEN: 'xapp-old-of-the-real-one' }, 3, /Slack refuses SLACK_APP_TOKEN: invalid_auth/],
  ])('says of %o which one to mend, and does not repeat it', async (more, code, words) => {
    const ran = await start(more);
    expect(ran.err).toMatch(words);
    expect(ran.err).not.toContain('of-the-real-one');
    expect(ran.code).toBe(code);
  });

  it('says that they belong to two apps', async () => {
    const app = 'xapp-1-A0ANOTHER1-42-of-the-real-one';
    const other = await startTestWorkspace({ botToken: BOT, appToken: app });
    const ran = await start({ SLACK_APP_TOKEN: app, SLACK_API_URL: other.apiUrl });
    await other.close();
    expect(ran.err).toContain('belong to two apps');
    expect(ran.code).toBe(3);
  });

  it('says that Slack does not answer', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => void closed.listen(0, '127.0.0.1', resolve));
    const address = closed.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await new Promise((resolve) => closed.close(resolve));
    const ran = await start({ SLACK_API_URL: `http://127.0.0.1:${port}/api/` });
    expect(ran.err).toContain('Slack does not answer');
    expect(ran.code).toBe(3);
  });
});
