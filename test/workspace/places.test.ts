/** Places and people of the stand-in, through a real Bolt app and Slack's own client. */
import type { App } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../workspace/server/workspace.ts';
import { type Reader, readAs } from './read-page.ts';
import { act, CHANNEL, clientOf, MAYA, type RunningApp, startApp, startTestWorkspace } from './start-app.ts';

const THEO = 'U0THEOKANE';
const PRIYA = 'U0PRIYANAI';
const SAM = 'U0SAMORTIZ';
const LEADS = 'C0DATALEAD';
const QUALITY = 'C0QUALITY1';
const DIRECT = 'D0MAYACHEN';
const shortcuts = [{ callbackId: 'why_missing', name: 'Why is this date missing?' }];

let workspace: Workspace;
let running: RunningApp | undefined;
const readers: Reader[] = [];

beforeEach(async () => {
  workspace = await startTestWorkspace({ shortcuts });
});

afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await running?.close();
  running = undefined;
  await workspace.close();
});

async function read(user: string): Promise<Reader> {
  const reader = await readAs(workspace, user);
  readers.push(reader);
  return reader;
}

async function withApp(register: (app: App) => void): Promise<void> {
  running = await startApp(workspace, register);
}

const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    (cause: { data?: { error?: string } }) => cause.data?.error,
  );
const namesOf = (channels: readonly { name?: string }[] = []) => channels.map((channel) => channel.name);
const say = (channel: string, text: string, user = MAYA) => act(workspace, { act: 'send', channel, text, user });

describe('the channels', () => {
  it('are listed by type, and without the archived ones when asked', async () => {
    const { conversations } = clientOf(workspace);
    expect(namesOf((await conversations.list()).channels)).toEqual(['data-pipeline', 'data-quality']);
    await conversations.archive({ channel: CHANNEL });
    const left = await conversations.list({ types: 'public_channel,private_channel', exclude_archived: true });
    expect(namesOf(left.channels)).toEqual(['data-quality', 'data-leads']);
    expect((await conversations.list({ types: 'im' })).channels).toHaveLength(4);
    expect(await errorOf(conversations.list({ types: 'secret' }))).toBe('invalid_types');
  });

  it('tell what they are and who is in them', async () => {
    const { conversations } = clientOf(workspace);
    const quality = await conversations.info({ channel: QUALITY });
    expect(quality.channel).toMatchObject({ name: 'data-quality', is_member: false, is_private: false });
    expect((await conversations.info({ channel: LEADS })).channel).toMatchObject({ is_private: true, is_member: true });
    expect((await conversations.members({ channel: LEADS })).members).toEqual([MAYA, THEO, 'U0BACKCRT1']);
    expect(await errorOf(conversations.members({ channel: 'C0NOWHERE' }))).toBe('channel_not_found');
  });

  it('are read only where the app is a member, which it becomes by joining', async () => {
    const { chat, conversations } = clientOf(workspace);
    await chat.postMessage({ channel: QUALITY, text: 'without an invitation' });
    expect(await errorOf(conversations.history({ channel: QUALITY }))).toBe('not_in_channel');
    expect((await conversations.join({ channel: QUALITY })).channel).toMatchObject({ is_member: true });
    expect((await conversations.history({ channel: QUALITY })).messages).toHaveLength(1);
    expect((await conversations.join({ channel: QUALITY })).warning).toBe('already_in_channel');
    expect(await errorOf(conversations.join({ channel: LEADS }))).toBe('method_not_supported_for_channel_type');
  });

  it('that are private are gone for an app that left', async () => {
    const { chat, conversations } = clientOf(workspace);
    await conversations.leave({ channel: LEADS });
    expect(await errorOf(chat.postMessage({ channel: LEADS, text: 'anyone?' }))).toBe('channel_not_found');
    expect(await errorOf(conversations.info({ channel: LEADS }))).toBe('channel_not_found');
  });

  it('take nothing while they are archived, and all again afterwards', async () => {
    const { chat, conversations } = clientOf(workspace);
    const { ts = '' } = await chat.postMessage({ channel: CHANNEL, text: 'before' });
    await conversations.archive({ channel: CHANNEL });
    expect(await errorOf(chat.postMessage({ channel: CHANNEL, text: 'x' }))).toBe('is_archived');
    expect(await errorOf(chat.update({ channel: CHANNEL, ts, text: 'x' }))).toBe('is_archived');
    expect(await errorOf(chat.postEphemeral({ channel: CHANNEL, user: MAYA, text: 'x' }))).toBe('is_archived');
    expect(await errorOf(conversations.archive({ channel: CHANNEL }))).toBe('already_archived');
    expect(await say(CHANNEL, 'hello')).toMatchObject({ ok: false, error: expect.stringContaining('archived') });
    await conversations.unarchive({ channel: CHANNEL });
    expect(await errorOf(conversations.unarchive({ channel: CHANNEL }))).toBe('not_archived');
    expect((await chat.update({ channel: CHANNEL, ts, text: 'after' })).ok).toBe(true);
  });

  it('take people in by an invitation, once', async () => {
    const { conversations } = clientOf(workspace);
    const invited = await conversations.invite({ channel: LEADS, users: PRIYA });
    expect(invited.channel).toMatchObject({ num_members: 4 });
    expect(await errorOf(conversations.invite({ channel: LEADS, users: PRIYA }))).toBe('already_in_channel');
    expect(await errorOf(conversations.invite({ channel: LEADS, users: 'U0NOBODY' }))).toBe('user_not_found');
    expect(await errorOf(conversations.invite({ channel: QUALITY, users: PRIYA }))).toBe('not_in_channel');
  });
});

describe('a person', () => {
  it('sees what is said where they are, and nothing of elsewhere', async () => {
    const [maya, priya, sam] = [await read(MAYA), await read(PRIYA), await read(SAM)];
    const { chat } = clientOf(workspace);
    for (const channel of [LEADS, DIRECT, QUALITY, CHANNEL]) {
      await chat.postMessage({ channel: channel, text: `in ${channel}` });
    }
    const textsOf = (reader: Reader) => reader.messages().map((message) => message.text);
    for (const reader of [maya, priya, sam]) await reader.until((now) => textsOf(now).includes(`in ${CHANNEL}`));
    expect(textsOf(maya)).toEqual([`in ${LEADS}`, `in ${DIRECT}`, `in ${QUALITY}`, `in ${CHANNEL}`]);
    expect(textsOf(priya)).toEqual([`in ${QUALITY}`, `in ${CHANNEL}`]);
    expect(textsOf(sam)).toEqual([`in ${CHANNEL}`]);
    expect(await say(LEADS, 'let me in', PRIYA)).toEqual({ ok: false, error: 'Unknown channel.' });
  });

  it('who is a guest is told apart, and who is in no channel is whispered nothing', async () => {
    const { chat, users } = clientOf(workspace);
    expect((await users.info({ user: SAM })).user).toMatchObject({ is_restricted: true });
    const call = chat.postEphemeral({ channel: LEADS, user: SAM, text: 'psst' });
    expect(await errorOf(call)).toBe('user_not_in_channel');
  });

  it('belongs to user groups that can be listed', async () => {
    const { usergroups } = clientOf(workspace);
    const { usergroups: groups = [] } = await usergroups.list({ include_users: true });
    expect(groups.map((group) => [group.handle, group.users])).toEqual([
      ['data-team', [MAYA, THEO]],
      ['data-leads', [THEO]],
      ['analysts', [PRIYA]],
    ]);
    expect(await errorOf(usergroups.users.list({ usergroup: 'S0NOTHING' }))).toBe('no_such_subteam');
  });
});

describe('direct messages', () => {
  it('are opened by the person, posted to by either id, and heard by the app as message.im', async () => {
    const heard: unknown[] = [];
    await withApp((app) => {
      app.message(async ({ message, client }) => {
        heard.push(message.channel_type, 'text' in message ? message.text : undefined);
        await client.chat.postMessage({ channel: message.channel, text: 'I hear' });
      });
    });
    const { chat, conversations } = clientOf(workspace);
    expect((await conversations.open({ users: MAYA })).channel?.id).toBe(DIRECT);
    expect((await chat.postMessage({ channel: MAYA, text: 'hello' })).channel).toBe(DIRECT);
    const maya = await read(MAYA);
    await say(DIRECT, 'coverage mlfs');
    await maya.until((now) => now.messages().some((message) => message.text === 'I hear'));
    expect(heard).toEqual(['im', 'coverage mlfs']);
  });

  it('are refused with bots, with several, and with nobody', async () => {
    const { conversations } = clientOf(workspace);
    expect(await errorOf(conversations.open({ users: 'U0BACKCRT1' }))).toBe('cannot_dm_bot');
    expect(await errorOf(conversations.open({ users: 'U0NOBODY' }))).toBe('user_not_found');
    expect(await errorOf(conversations.open({ users: `${MAYA},${THEO}` }))).toBe(
      'method_not_supported_for_channel_type',
    );
  });

  it('name no channel in the payload of a command', async () => {
    const names: string[] = [];
    await withApp((app) =>
      app.command('/coverage', async ({ command, ack }) => {
        names.push(command.channel_name);
        await ack();
      }),
    );
    await say(DIRECT, '/coverage mlfs');
    await say(LEADS, '/coverage mlfs');
    expect(names).toEqual(['directmessage', 'privategroup']);
  });
});

describe('a mention where the app is not', () => {
  it('is not heard, and the one who wrote it is told', async () => {
    await withApp(() => undefined);
    const maya = await read(MAYA);
    await say(QUALITY, '@backcourt coverage mlfs');
    const told = await maya.until((now) => now.messages().find((message) => message.onlyFor === MAYA));
    expect(told.text).toContain('is not in this channel');
  });
});

describe('the menu of a message', () => {
  it('sends a shortcut with the message, which can open a form', async () => {
    const seen: unknown[] = [];
    await withApp((app) => {
      app.shortcut('why_missing', async ({ shortcut, ack, client }) => {
        await ack();
        if (shortcut.type === 'message_action') seen.push(shortcut.message.text, shortcut.channel.id, shortcut.user.id);
        const title = { type: 'plain_text' as const, text: 'Why' };
        await client.views.open({ trigger_id: shortcut.trigger_id, view: { type: 'modal', title, blocks: [] } });
      });
    });
    const { ts } = await clientOf(workspace).chat.postMessage({ channel: CHANNEL, text: '2021-11-16 is missing' });
    const maya = await read(MAYA);
    const use = (callbackId: string) => act(workspace, { act: 'shortcut', channel: CHANNEL, ts, callbackId });
    expect(await use('why_missing')).toEqual({ ok: true });
    expect((await maya.until((now) => now.modals()[0])).title).toBe('Why');
    expect(seen).toEqual(['2021-11-16 is missing', CHANNEL, MAYA]);
    expect(await use('another')).toEqual({ ok: false, error: 'No such shortcut.' });
  });

  it('deletes a message, after which the app cannot edit it', async () => {
    const { chat } = clientOf(workspace);
    const { ts = '' } = await chat.postMessage({ channel: CHANNEL, text: 'progress' });
    expect(await act(workspace, { act: 'delete', channel: CHANNEL, ts })).toEqual({ ok: true });
    expect(await errorOf(chat.update({ channel: CHANNEL, ts, text: 'more' }))).toBe('message_not_found');
  });
});
