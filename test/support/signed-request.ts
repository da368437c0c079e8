/** Slack's side of a request: form-encoded or JSON, signed as Slack signs (v0 HMAC over time stamp and body). */
import { createHmac } from 'node:crypto';

export const signingSecret = 'a-secret-of-the-tests';

export type Answer = {
  readonly status: number;
  readonly text: string;
  readonly body: Record<string, unknown>;
  readonly ms: number;
};

/** Sends a body with a signature of `at` (epoch milliseconds; now if not given). */
export async function sendSigned(
  url: string,
  body: string,
  options: {
    readonly type?: string;
    readonly at?: number;
    readonly secret?: string;
    readonly headers?: Record<string, string>;
    /** Without a signature, or with this one. */
    readonly signature?: string | null;
  } = {},
): Promise<Answer> {
  const stamp = String(Math.floor((options.at ?? Date.now()) / 1000));
  const signature = createHmac('sha256', options.secret ?? signingSecret)
    .update(`v0:${stamp}:${body}`)
    .digest('hex');
  const began = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': options.type ?? 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': stamp,
      ...(options.signature === null ? {} : { 'x-slack-signature': options.signature ?? `v0=${signature}` }),
      ...options.headers,
    },
    body,
  });
  const text = await response.text();
  return { status: response.status, text, body: readJson(text), ms: performance.now() - began };
}

function readJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** The form of a slash command. */
export function slashCommand(command: string, text: string, over: Record<string, string> = {}): string {
  return new URLSearchParams({
    token: 'unused',
    command,
    text,
    team_id: 'T1',
    team_domain: 'test',
    channel_id: 'C1',
    channel_name: 'data-pipeline',
    user_id: 'U012ABCDEF',
    user_name: 'mira',
    api_app_id: 'A1',
    trigger_id: '1.2.abc',
    response_url: 'http://127.0.0.1:9/response',
    ...over,
  }).toString();
}

/** The form of a click on a button. */
export function buttonClick(action: string, value: string, over: Record<string, unknown> = {}): string {
  const payload = {
    type: 'block_actions',
    team: { id: 'T1', domain: 'test' },
    user: { id: 'U012ABCDEF', username: 'mira', name: 'mira', team_id: 'T1' },
    api_app_id: 'A1',
    token: 'unused',
    trigger_id: '1.2.abc',
    response_url: 'http://127.0.0.1:9/response',
    container: { type: 'message', message_ts: '1700000000.000100', channel_id: 'C1', is_ephemeral: false },
    channel: { id: 'C1', name: 'data-pipeline' },
    message: { type: 'message', ts: '1700000000.000100', text: 'x' },
    actions: [
      {
        type: 'button',
        action_id: action,
        block_id: 'b',
        value,
        text: { type: 'plain_text', text: 'x' },
        action_ts: '1700000001.000200',
      },
    ],
    ...over,
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

/** The JSON of an event that mentions the bot. */
export function appMention(
  text: string,
  over: {
    readonly eventId?: string;
    readonly thread?: string;
    readonly bot?: string;
    readonly team?: string;
    readonly user?: string;
  } = {},
): string {
  return JSON.stringify({
    token: 'unused',
    team_id: over.team ?? 'T1',
    api_app_id: 'A1',
    type: 'event_callback',
    event_id: over.eventId ?? 'Ev1',
    event_time: 1_700_000_000,
    authorizations: [{ team_id: over.team ?? 'T1', user_id: 'UBOT000', is_bot: true }],
    event: {
      type: 'app_mention',
      user: over.user ?? 'U012ABCDEF',
      text,
      ts: '1700000002.000100',
      event_ts: '1700000002.000100',
      channel: 'C1',
      ...(over.thread === undefined ? {} : { thread_ts: over.thread }),
      ...(over.bot === undefined ? {} : { bot_id: over.bot }),
    },
  });
}
