/** The stand-in through Slack's own client: what it takes, what it refuses, and what it says about it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KnownBlock, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace, WorkspaceOptions } from '../../workspace/server/workspace.ts';
import { readAs } from './read-page.ts';
import { act, CHANNEL, clientOf, MAYA, order, startTestWorkspace } from './start-app.ts';

const section = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text } });
const many = (count: number): KnownBlock[] => Array.from({ length: count }, (_, i) => section(`line ${i}`));

let workspace: Workspace;
let client: WebClient;
const closing: (() => Promise<void>)[] = [];

async function start(options: Partial<WorkspaceOptions> = {}): Promise<void> {
  workspace = await startTestWorkspace(options);
  client = clientOf(workspace);
  closing.push(workspace.close);
}

beforeEach(() => start());
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** The error and messages that a call is refused with. */
async function refusal(call: Promise<unknown>): Promise<{ error: string; messages: readonly string[] }> {
  const caught: unknown = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  const data = (caught as { data?: { error: string; response_metadata?: { messages?: string[] } } } | undefined)?.data;
  if (data === undefined) throw new Error('The call was not refused by Slack', { cause: caught });
  return { error: data.error, messages: data.response_metadata?.messages ?? [] };
}

async function history(more: Record<string, unknown> = {}) {
  return (await client.conversations.history({ channel: CHANNEL, ...more })).messages ?? [];
}

describe('the token', () => {
  it('is checked, and a wrong one is invalid_auth', async () => {
    expect((await refusal(clientOf(workspace, 'xoxb-wrong').auth.test())).error).toBe('invalid_auth');
    const bare = await fetch(`${workspace.apiUrl}auth.test`, { method: 'POST' });
    expect(await bare.json()).toMatchObject({ ok: false, error: 'not_authed' });
  });

  it('names the bot and the team', async () => {
    const who = await client.auth.test();
    expect(who).toMatchObject({ ok: true, user: 'backcourt', team: 'Backcourt local' });
    const me = await client.users.info({ user: who.user_id ?? '' });
    expect(me.user).toMatchObject({ is_bot: true, real_name: 'Backcourt' });
  });
});

describe('chat.postMessage', () => {
  it('posts, and the message is in the history with ids on its blocks', async () => {
    const posted = await client.chat.postMessage({ channel: CHANNEL, text: 'hello', blocks: [section('*hello*')] });
    const [found] = await history();
    expect(found).toMatchObject({ ts: posted.ts, text: 'hello', bot_id: 'B0BACKCRT1' });
    expect(found?.blocks?.[0]).toMatchObject({ type: 'section', block_id: expect.stringMatching(/.+/) });
  });

  it('takes a JSON body and a #name as well', async () => {
    const response = await fetch(`${workspace.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: 'Bearer xoxb-for-tests', 'content-type': 'application/json' },
      body: JSON.stringify({ channel: '#data-pipeline', text: 'by name' }),
    });
    expect(await response.json()).toMatchObject({ ok: true, channel: CHANNEL });
  });

  it('gives every message a greater ts, also when the clock stands still', async () => {
    await start({ clock: { now: () => 1_700_000_000_000 } });
    const sent = await Promise.all(many(20).map(() => client.chat.postMessage({ channel: CHANNEL, text: 'x' })));
    const stamps = sent.map((answer) => answer.ts ?? '');
    expect(new Set(stamps).size).toBe(20);
    expect(stamps.every((ts) => /^1700000000\.\d{6}$/.test(ts))).toBe(true);
  });

  it('keeps metadata and shows it only when asked', async () => {
    const metadata = { event_type: 'backcourt_message', event_payload: { key: 'k-1' } };
    await client.chat.postMessage({ channel: CHANNEL, text: 'with a key', metadata });
    expect((await history())[0]?.metadata).toBeUndefined();
    expect((await history({ include_all_metadata: true }))[0]?.metadata).toEqual(metadata);
  });

  it('puts replies into the thread, not into the history', async () => {
    const root = await client.chat.postMessage({ channel: CHANNEL, text: 'root' });
    const ts = root.ts ?? '';
    const reply = await client.chat.postMessage({ channel: CHANNEL, text: 'one', thread_ts: ts });
    await client.chat.postMessage({ channel: CHANNEL, text: 'two', thread_ts: reply.ts ?? '' });
    expect(await history()).toMatchObject([{ text: 'root', reply_count: 2, thread_ts: ts }]);
    const thread = await client.conversations.replies({ channel: CHANNEL, ts });
    expect(thread.messages?.map((message) => message.text)).toEqual(['root', 'one', 'two']);
    expect((await refusal(client.conversations.replies({ channel: CHANNEL, ts: '1.000001' }))).error).toBe(
      'thread_not_found',
    );
  });

  it('pages through a long history, newest first', async () => {
    for (let i = 0; i < 7; i += 1) await client.chat.postMessage({ channel: CHANNEL, text: `m${i}` });
    const first = await client.conversations.history({ channel: CHANNEL, limit: 4 });
    expect(first.has_more).toBe(true);
    const cursor = first.response_metadata?.next_cursor ?? '';
    const second = await client.conversations.history({ channel: CHANNEL, limit: 4, cursor });
    const texts = [...(first.messages ?? []), ...(second.messages ?? [])].map((message) => message.text);
    expect(texts).toEqual(['m6', 'm5', 'm4', 'm3', 'm2', 'm1', 'm0']);
    expect(second.has_more).toBe(false);
  });
});

describe('chat.update', () => {
  it('edits the message, and text without blocks drops the blocks', async () => {
    const { ts = '' } = await client.chat.postMessage({ channel: CHANNEL, text: 'a', blocks: [section('a')] });
    await client.chat.update({ channel: CHANNEL, ts, text: 'b' });
    const [found] = await history();
    expect(found).toMatchObject({ ts, text: 'b', edited: { user: 'U0BACKCRT1' } });
    expect(found?.blocks).toBeUndefined();
  });

  it('keeps the metadata that it does not mention', async () => {
    const metadata = { event_type: 'backcourt_message', event_payload: { key: 'k-2' } };
    const { ts = '' } = await client.chat.postMessage({ channel: CHANNEL, text: 'a', metadata });
    await client.chat.update({ channel: CHANNEL, ts, text: 'b' });
    expect((await history({ include_all_metadata: true }))[0]?.metadata).toEqual(metadata);
  });

  it('refuses an unknown ts, a deleted message, and a message of somebody else', async () => {
    const edit = (ts: string) => refusal(client.chat.update({ channel: CHANNEL, ts, text: 'x' }));
    expect((await edit('1.000001')).error).toBe('message_not_found');
    const { ts = '' } = await client.chat.postMessage({ channel: CHANNEL, text: 'a' });
    await client.chat.delete({ channel: CHANNEL, ts });
    expect((await edit(ts)).error).toBe('message_not_found');
    await act(workspace, { act: 'send', channel: CHANNEL, text: 'mine' });
    const [mine] = await history();
    expect((await edit(mine?.ts ?? '')).error).toBe('cant_update_message');
  });

  it('refuses a text of more than 4,000 bytes, counted after escaping', async () => {
    const { ts = '' } = await client.chat.postMessage({ channel: CHANNEL, text: 'a' });
    await client.chat.update({ channel: CHANNEL, ts, text: 'x'.repeat(4_000) });
    const long = refusal(client.chat.update({ channel: CHANNEL, ts, text: '<'.repeat(1_001) }));
    expect((await long).error).toBe('msg_too_long');
  });
});

describe('chat.postEphemeral', () => {
  it('shows a message to one person and to no history', async () => {
    await client.chat.postEphemeral({ channel: CHANNEL, user: MAYA, text: 'psst' });
    expect(await history()).toEqual([]);
    const mine = await readAs(workspace, MAYA);
    const theirs = await readAs(workspace, 'U0THEOKANE');
    expect((await mine.until((page) => page.messages()[0]))?.text).toBe('psst');
    await client.chat.postMessage({ channel: CHANNEL, text: 'for all' });
    expect((await theirs.until((page) => page.messages()[0]))?.text).toBe('for all');
    mine.close();
    theirs.close();
  });
});

describe('the limits', () => {
  const post = (blocks: unknown) =>
    refusal(client.chat.postMessage({ channel: CHANNEL, text: 'x', blocks: blocks as KnownBlock[] }));
  const header = (text: string) => ({ type: 'header', text: { type: 'plain_text', text } });
  const actions = (button: object) => ({
    type: 'actions',
    elements: [{ type: 'button', text: { type: 'plain_text', text: 'Go' }, ...button }],
  });
  const table = (rows: number, columns: number, text = 'x') => ({
    type: 'table',
    rows: Array.from({ length: rows }, () => Array.from({ length: columns }, () => ({ type: 'raw_text', text }))),
  });

  it.each([
    ['51 blocks', many(51), 'no more than 50 items allowed [json-pointer:/blocks]'],
    [
      'section text',
      [section('x'.repeat(3_001))],
      'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    ],
    ['empty text', [section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    ['header', [header('x'.repeat(151))], 'must be less than 151 characters [json-pointer:/blocks/0/text/text]'],
    ['unknown block', [section('a'), { type: 'chart' }], 'unsupported type: chart [json-pointer:/blocks/1/type]'],
    [
      'button text',
      [actions({ text: { type: 'plain_text', text: 'x'.repeat(76) } })],
      'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
    ],
    [
      'button value',
      [actions({ value: 'x'.repeat(2_001) })],
      'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
    ],
    ['table rows', [table(101, 1)], 'no more than 100 items allowed [json-pointer:/blocks/0/rows]'],
    ['table columns', [table(1, 21)], 'no more than 20 items allowed [json-pointer:/blocks/0/rows/0]'],
    ['empty cell', [table(1, 1, '')], 'must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]'],
    ['two tables', [table(1, 1), table(1, 1)], 'only_one_table_allowed [json-pointer:/blocks/1]'],
    [
      'unknown file',
      [{ type: 'image', alt_text: 'a', slack_file: { id: 'F0' } }],
      'invalid slack file [json-pointer:/blocks/0/slack_file]',
    ],
  ])('refuse too much: %s', async (_name, blocks, message) => {
    const refused = await post(blocks);
    expect(refused.error).toBe('invalid_blocks');
    expect(refused.messages).toContain(`[ERROR] ${message}`);
  });

  it('let the largest through', async () => {
    const blocks = [
      ...many(47),
      header('x'.repeat(150)),
      section('y'.repeat(3_000)),
      actions({ value: 'v'.repeat(2_000) }),
    ];
    const posted = await client.chat.postMessage({ channel: CHANNEL, text: 'x', blocks: blocks as KnownBlock[] });
    expect(posted.ok).toBe(true);
  });

  it('refuse too much text over all blocks', async () => {
    expect((await post(Array.from({ length: 5 }, () => section('x'.repeat(2_900))))).error).toBe('msg_blocks_too_long');
  });

  it('refuse blocks that are no JSON, an unknown channel, and nothing to say', async () => {
    const raw = (fields: Record<string, string>) => refusal(client.apiCall('chat.postMessage', fields));
    expect((await raw({ channel: CHANNEL, blocks: '[{' })).error).toBe('invalid_blocks_format');
    expect((await raw({ channel: 'C404', text: 'x' })).error).toBe('channel_not_found');
    expect((await raw({ channel: CHANNEL })).error).toBe('no_text');
    expect((await refusal(client.apiCall('chat.shout', {}))).error).toBe('unknown_method');
  });
});

describe('files', () => {
  it('are uploaded in three steps by the SDK and used by a message', async () => {
    const png = Buffer.from('89504e470d0a1a0a', 'hex');
    await client.filesUploadV2({ channel_id: CHANNEL, file: png, filename: 'map.png', title: 'Map' });
    const [shared] = await history();
    const file = shared?.files?.[0];
    expect(file).toMatchObject({ name: 'map.png', title: 'Map', mimetype: 'image/png', size: 8 });
    const bytes = await fetch(file?.url_private ?? '');
    expect(Buffer.from(await bytes.arrayBuffer())).toEqual(png);
    const image = { type: 'image' as const, alt_text: 'a map', slack_file: { id: file?.id ?? '' } };
    expect((await client.chat.postMessage({ channel: CHANNEL, text: 'see', blocks: [image] })).ok).toBe(true);
  });
});

describe('faults', () => {
  it('answer 429 with Retry-After as often as ordered', async () => {
    await order(workspace, { method: 'chat.postMessage', respond: { kind: 'status', status: 429, retryAfter: 7 } });
    const post = () => client.chat.postMessage({ channel: CHANNEL, text: 'x' });
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 7 });
    expect((await post()).ok).toBe(true);
  });

  it('lose the answer of a call that was done', async () => {
    await order(workspace, { method: 'chat.postMessage', respond: { kind: 'accept-and-drop' } });
    await expect(client.chat.postMessage({ channel: CHANNEL, text: 'there' })).rejects.toThrow();
    expect(await history()).toMatchObject([{ text: 'there' }]);
  });

  it('break before the call is done, answer 500, or an error of Slack', async () => {
    const post = () => client.chat.postMessage({ channel: CHANNEL, text: 'x' });
    await order(workspace, { method: '*', respond: { kind: 'drop' } });
    await expect(post()).rejects.toThrow();
    await order(workspace, { method: 'chat.postMessage', respond: { kind: 'status', status: 500 } });
    await expect(post()).rejects.toMatchObject({ statusCode: 500 });
    await order(workspace, { method: 'chat.postMessage', respond: { kind: 'error', error: 'is_archived' } });
    expect((await refusal(post())).error).toBe('is_archived');
    expect(await history()).toEqual([]);
  });

  it('cannot be ordered unless the workspace was started for it', async () => {
    await start({ faults: false });
    await expect(order(workspace, { clear: true })).rejects.toThrow('Not found');
  });

  it('hold posts to one per second after a burst, when asked to', async () => {
    let now = 1_700_000_000_000;
    await start({ clock: { now: () => now }, burst: 3 });
    const post = () => client.chat.postMessage({ channel: CHANNEL, text: 'x' });
    for (let i = 0; i < 3; i += 1) await post();
    await expect(post()).rejects.toMatchObject({ retryAfter: 1 });
    now += 1_000;
    expect((await post()).ok).toBe(true);
  });
});

describe('a restart', () => {
  it('forgets nothing that was posted, and goes on with greater ts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'workspace-'));
    const stateFile = join(folder, 'state.jsonl');
    const clock = { now: () => 1_700_000_000_000 };
    await start({ stateFile, clock });
    const metadata = { event_type: 'backcourt_message', event_payload: { key: 'k-3' } };
    const kept = await client.chat.postMessage({ channel: CHANNEL, text: 'kept', metadata });
    const dropped = await client.chat.postMessage({ channel: CHANNEL, text: 'dropped' });
    await client.chat.delete({ channel: CHANNEL, ts: dropped.ts ?? '' });
    await client.filesUploadV2({ channel_id: CHANNEL, file: Buffer.from('a,b'), filename: 'cells.csv' });
    await workspace.close();
    await start({ stateFile, clock });
    const found = await history({ include_all_metadata: true });
    expect(found.map((message) => message.text)).toEqual(['', 'kept']);
    expect(found[1]).toMatchObject({ ts: kept.ts, metadata });
    expect(await (await fetch(found[0]?.files?.[0]?.url_private ?? '')).text()).toBe('a,b');
    const next = await client.chat.postMessage({ channel: CHANNEL, text: 'next' });
    expect(Number(next.ts)).toBeGreaterThan(Number(found[0]?.ts));
    rmSync(folder, { recursive: true });
  });
});

describe('the door', () => {
  it('takes acts from its own page only, and answers under a loopback name only', async () => {
    const headers = { 'content-type': 'application/json', origin: 'https://elsewhere.example' };
    const body = JSON.stringify({ act: 'send', user: MAYA, channel: CHANNEL, text: 'from elsewhere' });
    const foreign = await fetch(`${workspace.url}/act`, { method: 'POST', headers, body });
    expect(foreign.status).toBe(403);
    const { hostname, port } = new URL(workspace.url);
    const { request } = await import('node:http');
    const status = await new Promise((resolve) => {
      request({ hostname, port, path: '/', headers: { host: 'rebound.example' } }, (r) => resolve(r.statusCode)).end();
    });
    expect(status).toBe(421);
    expect(await history()).toEqual([]);
  });
});
