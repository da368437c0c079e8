/**
 * The Web API methods that the chat adapter calls, over HTTP, with faults on request. It differs from Slack: one
 * workspace, no permissions but a list of channels, no limits but those asked for, and history is kept for ever.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readNeededScopes } from '../../src/chat/check-slack.ts';
import { type FakeFiles, fakeFiles } from './fake-slack-files.ts';
import { type FakeViews, fakeViews } from './fake-slack-views.ts';

export type FakeMessage = {
  readonly channel: string;
  readonly ts: string;
  readonly thread_ts?: string;
  text: string;
  blocks: unknown[];
  readonly metadata?: unknown;
  /** Set for messages that one person sees. */
  readonly user?: string;
};

/** How the next call of a method goes wrong. `lost`: it is done, and the connection dies before the answer. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: 'error'; readonly error: string; readonly messages?: readonly string[] }
  | { readonly kind: 'lost' }
  | { readonly kind: 'hang' };

export type FakeSlack = {
  readonly url: string;
  readonly messages: FakeMessage[];
  readonly files: FakeFiles;
  /** Open forms and Home tabs, by id; a form is closed by deleting it. */
  readonly views: FakeViews;
  /** Who is in which user group; settable. */
  readonly groups: Map<string, readonly string[]>;
  /** What the token is allowed, as Slack tells it in a header of its answers; settable. */
  readonly scopes: string[];
  /** Every call as it came, for what must be sent along. */
  readonly calls: { readonly method: string; readonly fields: Record<string, string> }[];
  failNext(method: string, fault: Fault): void;
  close(): Promise<void>;
};

/** Starts the stand-in on a free loopback port. */
export async function startFakeSlack(channels: readonly string[] = ['C1']): Promise<FakeSlack> {
  const faults = new Map<string, Fault[]>();
  const groups: FakeSlack['groups'] = new Map();
  const files = fakeFiles();
  const scopes = readNeededScopes();
  const views = fakeViews();
  const state: State = {
    messages: [],
    views,
    channels,
    groups,
    scopes,
    lastTs: 1_700_000_000,
    files,
    origin: () => origin,
  };
  const calls: FakeSlack['calls'] = [];
  let origin = '';
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const method = (request.url ?? '').split('/').pop() ?? '';
      const fields = method === 'upload' ? {} : Object.fromEntries(new URLSearchParams(body.toString('utf8')));
      calls.push({ method, fields });
      const fault = faults.get(method)?.shift();
      answer(state, { method, fields, path: request.url ?? '', body, fault }, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;
  return {
    url: `${origin}/api/`,
    messages: state.messages,
    files,
    views,
    groups,
    scopes,
    calls,
    failNext: (method, fault) => faults.set(method, [...(faults.get(method) ?? []), fault]),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type State = {
  readonly messages: FakeMessage[];
  readonly channels: readonly string[];
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly scopes: readonly string[];
  readonly files: FakeFiles;
  readonly views: FakeViews;
  origin(): string;
  lastTs: number;
};
type Call = {
  readonly method: string;
  readonly path: string;
  readonly fields: Record<string, string>;
  readonly body: Buffer;
  readonly fault: Fault | undefined;
};

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function answer(state: State, call: Call, response: ServerResponse): void {
  const { fault } = call;
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'status') {
    response
      .writeHead(fault.status, fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter })
      .end('no');
    return;
  }
  if (fault?.kind === 'error') {
    send(response, { ok: false, error: fault.error, response_metadata: { messages: fault.messages ?? [] } });
    return;
  }
  if (call.method === 'upload') {
    const taken = state.files.receive(call.path, call.body);
    if (fault?.kind === 'lost') response.destroy();
    else response.writeHead(taken ? 200 : 400).end();
    return;
  }
  const result = perform(state, call);
  if (fault?.kind === 'lost') {
    response.destroy();
    return;
  }
  send(response, result, { 'x-oauth-scopes': state.scopes.join(',') });
}

function send(response: ServerResponse, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function perform(state: State, { method, fields }: Call): unknown {
  const files = state.files.call(method, fields, state.origin());
  if (files !== undefined) return files;
  if (method === 'usergroups.users.list') {
    const users = state.groups.get(fields.usergroup ?? '');
    return users === undefined ? { ok: false, error: 'no_such_subteam' } : { ok: true, users };
  }
  if (method.startsWith('views.')) return state.views.call(method, fields);
  if (method === 'auth.test') return { ok: true, user: 'backcourt', team: 'The team' };
  if (!state.channels.includes(fields.channel ?? '')) return { ok: false, error: 'channel_not_found' };
  if (method === 'chat.postMessage') return post(state, fields);
  if (method === 'chat.postEphemeral') return { ok: true, message_ts: post(state, fields).ts };
  if (method === 'chat.update') return update(state, fields);
  if (method === 'chat.getPermalink') return permalink(state, fields);
  if (method === 'conversations.history')
    return page(state.messages.filter((each) => each.thread_ts === undefined).toReversed(), fields);
  if (method === 'conversations.replies') return replies(state, fields);
  return { ok: false, error: 'unknown_method' };
}

function permalink(state: State, { channel, message_ts: ts = '' }: Record<string, string>): unknown {
  const found = state.messages.some((each) => each.channel === channel && each.ts === ts);
  const address = `https://team.slack.example/archives/${channel}/p${ts.replace('.', '')}`;
  return found ? { ok: true, channel, permalink: address } : { ok: false, error: 'message_not_found' };
}

function post(state: State, fields: Record<string, string>): { ok: true; channel: string; ts: string } {
  state.lastTs += 1;
  const ts = `${state.lastTs}.000100`;
  const channel = fields.channel ?? '';
  state.messages.push({
    channel,
    ts,
    text: fields.text ?? '',
    blocks: JSON.parse(fields.blocks ?? '[]'),
    ...(fields.thread_ts === undefined ? {} : { thread_ts: fields.thread_ts }),
    ...(fields.metadata === undefined ? {} : { metadata: JSON.parse(fields.metadata) }),
    ...(fields.user === undefined ? {} : { user: fields.user }),
  });
  return { ok: true, channel, ts };
}

function update(state: State, fields: Record<string, string>): unknown {
  const found = state.messages.find((each) => each.ts === fields.ts);
  if (found === undefined) return { ok: false, error: 'message_not_found' };
  found.text = fields.text ?? '';
  found.blocks = JSON.parse(fields.blocks ?? '[]');
  return { ok: true, channel: found.channel, ts: found.ts };
}

function replies(state: State, fields: Record<string, string>): unknown {
  const thread = state.messages.filter((each) => each.ts === fields.ts || each.thread_ts === fields.ts);
  return thread.length === 0 ? { ok: false, error: 'thread_not_found' } : page(thread, fields);
}

/** Metadata is shown to those who ask for it, as Slack does. */
function page(all: readonly FakeMessage[], fields: Record<string, string>): unknown {
  const from = Number(fields.cursor ?? 0);
  const limit = Number(fields.limit ?? 100);
  const shown = all
    .slice(from, from + limit)
    .map(({ metadata, ...rest }) => (fields.include_all_metadata === 'true' ? { ...rest, metadata } : rest));
  const next = from + limit < all.length ? String(from + limit) : '';
  return { ok: true, messages: shown, response_metadata: { next_cursor: next } };
}
