/** The stand-in against a real Bolt app: signed requests out, what Bolt answers back on the page. */
import { createServer } from 'node:http';
import type { App } from '@slack/bolt';
import type { View } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../workspace/server/workspace.ts';
import { type Reader, readAs } from './read-page.ts';
import { act, CHANNEL, clientOf, MAYA, type RunningApp, startApp, startTestWorkspace } from './start-app.ts';

let workspace: Workspace;
let page: Reader;
let running: RunningApp | undefined;

beforeEach(async () => {
  workspace = await startTestWorkspace({ appDeadline: 400 });
  page = await readAs(workspace);
});

afterEach(async () => {
  page.close();
  await running?.close();
  running = undefined;
  await workspace.close();
});

async function withApp(register: (app: App) => void, secret?: string): Promise<void> {
  running = await startApp(workspace, register, secret);
}

const type = (text: string, more: object = {}) => act(workspace, { act: 'send', channel: CHANNEL, text, ...more });
const shown = (text: string) => page.until((now) => now.messages().find((message) => message.text.includes(text)));

const form: View = {
  type: 'modal',
  callback_id: 'the-form',
  private_metadata: 'secret words',
  title: { type: 'plain_text', text: 'Backfill' },
  submit: { type: 'plain_text', text: 'Start' },
  blocks: [
    {
      type: 'input',
      block_id: 'table',
      label: { type: 'plain_text', text: 'Table' },
      element: {
        type: 'static_select',
        action_id: 'pick',
        options: ['mlfs', 'pcf'].map((value) => ({ text: { type: 'plain_text', text: value }, value })),
      },
    },
    {
      type: 'input',
      block_id: 'why',
      optional: true,
      label: { type: 'plain_text', text: 'Reason' },
      element: { type: 'plain_text_input', action_id: 'words', initial_value: 'because' },
    },
  ],
};

describe('a slash command', () => {
  it('reaches Bolt signed, with what was typed, and its answer is for the asker alone', async () => {
    const texts: string[] = [];
    await withApp((app) => {
      app.command('/coverage', async ({ command, ack }) => {
        texts.push(`${command.user_name} in ${command.channel_name}: ${command.text}`);
        await ack({ text: 'Reading <mlfs> ...' });
      });
    });
    expect(await type('/coverage mlfs  2021-11-01..2021-11-30 "a & b"')).toEqual({ ok: true });
    expect(texts).toEqual(['maya in data-pipeline: mlfs  2021-11-01..2021-11-30 "a & b"']);
    expect(await shown('Reading')).toMatchObject({ user: 'U0BACKCRT1', onlyFor: MAYA });
  });

  it('can be answered for all, later, by its response_url, five times', async () => {
    let left: Promise<unknown>[] = [];
    await withApp((app) => {
      app.command('/coverage', async ({ ack, respond }) => {
        await ack();
        const answers = [1, 2, 3, 4, 5].map((n) => respond({ response_type: 'in_channel', text: `answer ${n}` }));
        left = [Promise.all(answers).then(() => respond({ text: 'a sixth' }))];
      });
    });
    await type('/coverage help');
    await shown('answer 5');
    await expect(left[0]).rejects.toThrow();
    const messages = (await clientOf(workspace).conversations.history({ channel: CHANNEL })).messages ?? [];
    expect(messages).toHaveLength(5);
  });

  it('shows the command too when the answer is for all', async () => {
    await withApp((app) => {
      app.command('/coverage', async ({ ack }) => ack({ response_type: 'in_channel', text: 'for everybody' }));
    });
    await type('/coverage mlfs');
    await shown('for everybody');
    expect(page.messages().map((message) => [message.user, message.text])).toEqual([
      [MAYA, '/coverage mlfs'],
      ['U0BACKCRT1', 'for everybody'],
    ]);
  });

  it('that nobody answers in time fails with operation_timeout', async () => {
    await withApp((app) => app.command('/coverage', async () => undefined));
    await type('/coverage mlfs');
    expect(await shown('operation_timeout')).toMatchObject({
      text: '/coverage failed with the error "operation_timeout"',
      user: 'USLACKBOT',
      onlyFor: MAYA,
    });
  });

  it('says that the app is starting before it listens, and fails when Bolt holds another secret', async () => {
    await type('/coverage mlfs');
    await shown('still starting');
    let called = false;
    await withApp((app) => {
      app.command('/backfill', async ({ ack }) => {
        called = true;
        await ack();
      });
    }, 'another-secret');
    await type('/backfill mlfs');
    await shown('/backfill failed with the error "dispatch_failed"');
    expect(called).toBe(false);
  });

  it('that is not in the manifest, or is typed in a thread, never leaves the workspace', async () => {
    await withApp(() => undefined);
    await type('/coverag mlfs');
    await shown('not a valid command');
    const { ts } = await clientOf(workspace).chat.postMessage({ channel: CHANNEL, text: 'root' });
    await type('/coverage mlfs', { thread: ts });
    expect((await shown('not supported in threads')).thread).toBe(ts);
  });
});

describe('a mention', () => {
  it('is posted and sent as app_mention, with its thread', async () => {
    const events: Record<string, unknown>[] = [];
    await withApp((app) => {
      app.event('app_mention', async ({ event, client, body }) => {
        events.push({ text: event.text, thread: event.thread_ts, id: body.event_id });
        await client.chat.postMessage({
          channel: event.channel,
          text: 'I hear',
          thread_ts: event.thread_ts ?? event.ts,
        });
      });
    });
    const { ts } = await clientOf(workspace).chat.postMessage({ channel: CHANNEL, text: 'root' });
    await type('@Backcourt coverage mlfs <now>', { thread: ts });
    expect((await shown('I hear')).thread).toBe(ts);
    expect(events).toMatchObject([{ text: '<@U0BACKCRT1> coverage mlfs &lt;now&gt;', thread: ts }]);
  });

  it('that is not answered with 200 is sent once more, and says so', async () => {
    const seen: (string | undefined)[] = [];
    const refusing = createServer((request, response) => {
      seen.push(request.headers['x-slack-retry-num']?.toString());
      response.writeHead(seen.length === 1 ? 500 : 200).end();
    });
    await new Promise<void>((resolve) => void refusing.listen(0, '127.0.0.1', () => resolve()));
    const address = refusing.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const url = `http://127.0.0.1:${port}/`;
    workspace.setRequestUrls({ commands: url, interactivity: url, events: url });
    const both = new Promise<void>((resolve) => refusing.on('request', () => seen.length === 2 && resolve()));
    await type('@backcourt hello');
    await both;
    expect(seen).toEqual([undefined, '1']);
    refusing.closeAllConnections();
    await new Promise((resolve) => refusing.close(resolve));
  });
});

describe('a button', () => {
  const post = () =>
    clientOf(workspace).chat.postMessage({
      channel: CHANNEL,
      text: 'choose',
      blocks: [
        {
          type: 'actions',
          block_id: 'offers',
          elements: [
            { type: 'button', action_id: 'plan', value: 'r-1', text: { type: 'plain_text', text: 'Plan repair' } },
            {
              type: 'overflow',
              action_id: 'more',
              options: [{ text: { type: 'plain_text', text: 'Cancel' }, value: 'cancel' }],
            },
          ],
        },
      ],
    });
  const press = (ts: string | undefined, actionId: string, choice: string | null = null) =>
    act(workspace, { act: 'press', channel: CHANNEL, ts, blockId: 'offers', actionId, choice, choices: {} });

  it('sends what was stored with it, and respond() can replace its message', async () => {
    const seen: unknown[] = [];
    await withApp((app) => {
      app.action('plan', async ({ action, body, ack, respond }) => {
        await ack();
        seen.push(action, body.user.id);
        await respond({ replace_original: true, text: 'planned' });
      });
    });
    const { ts } = await post();
    expect(await press(ts, 'plan')).toEqual({ ok: true });
    expect((await shown('planned')).ts).toBe(ts);
    expect(seen).toMatchObject([{ action_id: 'plan', block_id: 'offers', value: 'r-1', type: 'button' }, MAYA]);
  });

  it('in an overflow menu sends the chosen option, and only one that exists', async () => {
    const seen: unknown[] = [];
    await withApp((app) => {
      app.action('more', async ({ action, ack }) => {
        await ack();
        seen.push('selected_option' in action ? action.selected_option : undefined);
      });
    });
    const { ts } = await post();
    expect(await press(ts, 'more', 'cancel')).toEqual({ ok: true });
    expect(await press(ts, 'more', 'delete everything')).toMatchObject({ ok: false });
    expect(seen).toMatchObject([{ value: 'cancel' }]);
  });

  it('that the app does not answer says so to the one who pressed it', async () => {
    await withApp(() => undefined);
    const { ts } = await post();
    expect(await press(ts, 'plan')).toMatchObject({ ok: false, error: expect.stringContaining('This did not work') });
  });
});

describe('a form', () => {
  async function openForm(): Promise<string> {
    await type('/backfill');
    return (await page.until((now) => now.modals()[0])).id;
  }

  it('is opened by a trigger, sends its values, shows errors at fields, and closes when accepted', async () => {
    const seen: unknown[] = [];
    await withApp((app) => {
      app.command('/backfill', async ({ ack, client, command }) => {
        await ack();
        await client.views.open({ trigger_id: command.trigger_id, view: form });
      });
      app.view('the-form', async ({ ack, view }) => {
        seen.push(view.state.values, view.private_metadata);
        const table = view.state.values.table?.pick?.selected_option?.value;
        if (table === 'pcf') await ack();
        else await ack({ response_action: 'errors', errors: { table: 'Not this one' } });
      });
    });
    const view = await openForm();
    expect(JSON.stringify(page.modals())).not.toContain('secret words');
    const submit = (pick: string) => act(workspace, { act: 'submit', view, choices: { table: { pick } } });
    expect(await submit('mlfs')).toEqual({ ok: false, errors: { table: 'Not this one' } });
    expect(await submit('pcf')).toEqual({ ok: true });
    await page.until((now) => now.modals().length === 0);
    expect(seen[0]).toMatchObject({
      table: { pick: { type: 'static_select', selected_option: { value: 'mlfs' } } },
      why: { words: { type: 'plain_text_input', value: 'because' } },
    });
    expect(seen[1]).toBe('secret words');
  });

  it('can be updated while it is open, but not from an old hash, and not with a used trigger', async () => {
    const refused: Promise<unknown>[] = [];
    const errorOf = (call: Promise<unknown>) => call.catch((cause: { data?: { error?: string } }) => cause.data?.error);
    await withApp((app) => {
      app.command('/backfill', async ({ ack, client, command }) => {
        await ack();
        const opened = await client.views.open({ trigger_id: command.trigger_id, view: form });
        const at = { view_id: opened.view?.id ?? '', hash: opened.view?.hash ?? '' };
        refused.push(errorOf(client.views.open({ trigger_id: command.trigger_id, view: form })));
        const reviewed: View = { ...form, title: { type: 'plain_text', text: 'Review' } };
        refused.push(
          client.views
            .update({ ...at, view: reviewed })
            .then(() => errorOf(client.views.update({ ...at, view: form }))),
        );
      });
    });
    await openForm();
    await page.until((now) => now.modals()[0]?.title === 'Review');
    expect(await Promise.all(refused)).toEqual(['exchanged_trigger_id', 'hash_conflict']);
  });

  it('is closed by the person, and the app hears of it if it asked', async () => {
    const closed: string[] = [];
    await withApp((app) => {
      app.command('/backfill', async ({ ack, client, command }) => {
        await ack();
        await client.views.open({ trigger_id: command.trigger_id, view: { ...form, notify_on_close: true } });
      });
      app.view({ callback_id: 'the-form', type: 'view_closed' }, async ({ ack, view }) => {
        await ack();
        closed.push(view.callback_id);
      });
    });
    await act(workspace, { act: 'close', view: await openForm() });
    expect(page.modals()).toEqual([]);
    expect(closed).toEqual(['the-form']);
  });
});

describe('the Home tab', () => {
  it('is asked for when it is opened, and shown when it is published', async () => {
    await withApp((app) => {
      app.event('app_home_opened', async ({ event, client }) => {
        const blocks = [{ type: 'header' as const, text: { type: 'plain_text' as const, text: 'Needs you' } }];
        await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
      });
    });
    await act(workspace, { act: 'open-home' });
    expect((await page.until((now) => now.home())).blocks).toMatchObject([{ type: 'header' }]);
  });
});
