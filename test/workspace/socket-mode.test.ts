/** Socket Mode of the stand-in, through Bolt's own receiver: envelopes, acknowledgements, and connections that end. */
import { request } from 'node:http';
import type { App } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../workspace/server/workspace.ts';
import { type Reader, readAs } from './read-page.ts';
import { APP_TOKEN, act, CHANNEL, clientOf, connectApp, order, startTestWorkspace } from './start-app.ts';

let workspace: Workspace;
let page: Reader;
let closing: (() => Promise<void>)[];

beforeEach(async () => {
  workspace = await startTestWorkspace({ appDeadline: 400 });
  page = await readAs(workspace);
  closing = [];
});

afterEach(async () => {
  page.close();
  for (const close of closing) await close();
  await workspace.close();
});

async function connect(register: (app: App) => void): Promise<void> {
  const running = await connectApp(workspace, register);
  closing.push(running.close);
}

const type = (text: string) => act(workspace, { act: 'send', channel: CHANNEL, text });
const shown = (text: string) => page.until((now) => now.messages().find((message) => message.text.includes(text)));
const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    (cause: { data?: { error?: string } }) => cause.data?.error,
  );

/** A promise and what settles it. */
function promised<T>(): { readonly promise: Promise<T>; readonly settle: (value: T) => void } {
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}

/** Says what was said to it. */
function answers(app: App): void {
  app.command('/coverage', async ({ ack, command }) => ack({ text: `answered ${command.text}` }));
  app.event('app_mention', async ({ event, client }) => {
    await client.chat.postMessage({ channel: event.channel, text: `heard ${event.text.split(' ').at(-1)}` });
  });
}

describe('a connection', () => {
  it('is opened with the app token only', async () => {
    expect((await clientOf(workspace, APP_TOKEN).apps.connections.open()).url).toMatch(
      /^ws:\/\/127\.0\.0\.1:\d+\/link\//,
    );
    expect(await errorOf(clientOf(workspace).apps.connections.open())).toBe('not_allowed_token_type');
    expect(await errorOf(clientOf(workspace, APP_TOKEN).auth.test())).toBe('not_allowed_token_type');
    expect(await errorOf(clientOf(workspace, 'xapp-of-nobody').apps.connections.open())).toBe('invalid_auth');
  });

  it('is refused without a ticket, and with one that was used', async () => {
    const { url = '' } = await clientOf(workspace, APP_TOKEN).apps.connections.open();
    const upgrade = async (to: string) => {
      const headers = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', upgrade: 'websocket', connection: 'upgrade' };
      return new Promise<number | undefined>((resolve, reject) => {
        const asked = request(to.replace('ws:', 'http:'), { headers });
        asked.on('upgrade', (response, socket) => {
          socket.destroy();
          resolve(response.statusCode);
        });
        asked.on('response', (response) => resolve(response.statusCode));
        asked.on('error', reject);
        asked.end();
      });
    };
    expect(await upgrade(url)).toBe(101);
    expect(await upgrade(url)).toBe(403);
    expect(await upgrade(`${workspace.url}/link/?ticket=none`)).toBe(403);
  });
});

describe('an envelope', () => {
  it('carries a command and its answer, a mention, and a form with errors at its fields', async () => {
    await connect((app) => {
      answers(app);
      app.command('/backfill', async ({ ack, client, command }) => {
        await ack();
        const text = (words: string) => ({ type: 'plain_text' as const, text: words });
        const input = { type: 'plain_text_input' as const, action_id: 'words' };
        const block = { type: 'input' as const, block_id: 'why', label: text('Why'), element: input };
        const view = {
          type: 'modal' as const,
          callback_id: 'f',
          title: text('F'),
          submit: text('Go'),
          blocks: [block],
        };
        await client.views.open({ trigger_id: command.trigger_id, view });
      });
      app.view('f', async ({ ack }) => ack({ response_action: 'errors', errors: { why: 'Say more' } }));
    });
    await type('/coverage mlfs');
    await shown('answered mlfs');
    await type('@backcourt pcf');
    await shown('heard pcf');
    await type('/backfill');
    const view = (await page.until((now) => now.modals()[0])).id;
    const answer = await act(workspace, { act: 'submit', view, choices: { why: { words: 'x' } } });
    expect(answer).toEqual({ ok: false, errors: { why: 'Say more' } });
  });

  it('of any length arrives whole, and its acknowledgement too', async () => {
    const long = 'é'.repeat(40_000);
    await connect((app) => app.command('/coverage', async ({ ack, command }) => ack({ text: command.text })));
    await type(`/coverage ${long}`);
    expect((await page.until((now) => now.messages()[0])).text).toHaveLength(long.length);
  });

  it('that is not acknowledged fails for a command, and comes again for an event', async () => {
    const retries: (number | undefined)[] = [];
    const { promise, settle } = promised<void>();
    await connect((app) => {
      app.command('/coverage', async () => undefined);
      app.event('app_mention', async ({ context }) => {
        retries.push(context.retryNum);
        if (retries.length === 2) settle();
      });
    });
    await type('/coverage mlfs');
    await shown('operation_timeout');
    await order(workspace, { socket: 'lose_ack' });
    await type('@backcourt hello');
    await promise;
    expect(retries).toEqual([0, 1]);
  });

  it('may come twice when that is ordered', async () => {
    const seen: string[] = [];
    const { promise, settle } = promised<void>();
    await connect((app) =>
      app.command('/coverage', async ({ ack, command }) => {
        await ack();
        seen.push(command.trigger_id);
        if (seen.length === 2) settle();
      }),
    );
    await order(workspace, { socket: 'duplicate' });
    await type('/coverage mlfs');
    await promise;
    expect(new Set(seen).size).toBe(1);
  });

  it('goes to the connections in turn', async () => {
    const seen: string[] = [];
    for (const name of ['first', 'second']) {
      await connect((app) =>
        app.command('/coverage', async ({ ack }) => {
          seen.push(name);
          await ack();
        }),
      );
    }
    for (const _ of [1, 2, 3, 4]) await type('/coverage mlfs');
    expect(seen).toEqual(['first', 'second', 'first', 'second']);
  });
});

describe('a connection that ends', () => {
  it.each(['warning', 'refresh_requested', 'cut'])(
    'by %s is opened anew, and what was said meanwhile is heard',
    async (how) => {
      await connect(answers);
      await type('/coverage before');
      await shown('answered before');
      await order(workspace, { socket: how });
      await type('@backcourt meanwhile');
      await shown('heard meanwhile');
      await type('/coverage after');
      await shown('answered after');
    },
  );

  it('with the app leaves commands without an answer', async () => {
    await connect(answers);
    await closing.pop()?.();
    await type('/coverage mlfs');
    expect((await shown('failed with the error')).text).toContain('dispatch_failed');
  });
});
