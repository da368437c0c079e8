/**
 * Requests to the app, signed as Slack signs them (v0: HMAC-SHA256 over version, time and body). Slack waits 3 seconds
 * for the answer and then tells the person that it failed, whatever the app does afterwards.
 */
import { createHmac } from 'node:crypto';
import { isRecord, parseJson } from './http.ts';
import type { Envelope, SocketDesk } from './socket-mode.ts';

/** Where the app listens; each is a full URL. */
export type RequestUrls = { readonly commands: string; readonly interactivity: string; readonly events: string };

/** What came back. `error` is Slack's word for it; `app_not_started` is ours, for an app that starts beside this page. */
export type AppAnswer =
  | { readonly ok: true; readonly text: string; readonly json: Record<string, unknown> | undefined }
  | { readonly ok: false; readonly error: AppError; readonly detail: string };

export type AppError = 'operation_timeout' | 'dispatch_failed' | 'app_not_started';

export type AppLine = {
  setUrls(urls: RequestUrls): void;
  /** Sends form fields; values that are objects go as JSON. */
  sendForm(to: 'commands' | 'interactivity', fields: Record<string, string>): Promise<AppAnswer>;
  /** Sends an event as JSON. */
  sendEvent(body: object, retry?: { readonly num: number; readonly reason: string }): Promise<AppAnswer>;
};

export type AppLineOptions = {
  readonly signingSecret: string;
  readonly clock: { now(): number };
  readonly urls: RequestUrls | undefined;
  /** Milliseconds that the app has to answer; Slack's are 3,000. */
  readonly deadline: number;
  /** Used instead of requests from the app's first connection on. */
  readonly socket: SocketDesk;
};

/** The signature header of a body at a time in whole seconds. */
export function signature(secret: string, seconds: number, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex')}`;
}

/** Opens the line to the app. Its URLs may be told later, since Bolt chooses its port when it starts. */
export function openAppLine(options: AppLineOptions): AppLine {
  let urls = options.urls;
  const send = async (to: keyof RequestUrls, body: string, headers: Record<string, string>): Promise<AppAnswer> => {
    if (urls === undefined) return { ok: false, error: 'app_not_started', detail: 'No request URL is known' };
    const seconds = Math.floor(options.clock.now() / 1000);
    const signed = {
      ...headers,
      'x-slack-request-timestamp': String(seconds),
      'x-slack-signature': signature(options.signingSecret, seconds, body),
    };
    return ask(urls[to], body, signed, options.deadline);
  };
  return {
    setUrls: (next) => {
      urls = next;
    },
    sendForm: (to, fields) => {
      if (options.socket.isUsed()) return sendEnvelope(options, envelopeOf(to, fields));
      return send(to, new URLSearchParams(fields).toString(), {
        'content-type': 'application/x-www-form-urlencoded',
      });
    },
    sendEvent: (body, retry) => {
      if (options.socket.isUsed()) {
        return sendEnvelope(options, { type: 'events_api', payload: body, ...(retry && { retry }) });
      }
      return send('events', JSON.stringify(body), {
        'content-type': 'application/json',
        ...(retry && { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason }),
      });
    },
  };
}

/** Fields of an interaction are JSON in a form's one field; an envelope carries them as they are. */
function envelopeOf(to: 'commands' | 'interactivity', fields: Record<string, string>): Envelope {
  if (to === 'commands') return { type: 'slash_commands', payload: fields };
  const payload = parseJson(fields.payload ?? '');
  return { type: 'interactive', payload: isRecord(payload) ? payload : {} };
}

async function sendEnvelope({ socket, deadline }: AppLineOptions, envelope: Envelope): Promise<AppAnswer> {
  const answer = await socket.send(envelope);
  if (answer.ok) {
    const { payload } = answer;
    return { ok: true, text: '', json: Object.keys(payload).length === 0 ? undefined : payload };
  }
  return answer.error === 'timeout'
    ? { ok: false, error: 'operation_timeout', detail: `No acknowledgement within ${deadline} ms` }
    : { ok: false, error: 'dispatch_failed', detail: 'The app is not connected' };
}

async function ask(url: string, body: string, headers: Record<string, string>, deadline: number): Promise<AppAnswer> {
  try {
    const signal = AbortSignal.timeout(deadline);
    const response = await fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal });
    const text = await response.text();
    if (response.status !== 200) {
      return { ok: false, error: 'dispatch_failed', detail: `The app answered ${response.status}` };
    }
    const json = parseJson(text);
    return { ok: true, text, json: isRecord(json) ? json : undefined };
  } catch (cause) {
    const late = cause instanceof Error && cause.name === 'TimeoutError';
    return late
      ? { ok: false, error: 'operation_timeout', detail: `No answer within ${deadline} ms` }
      : { ok: false, error: 'dispatch_failed', detail: 'The app could not be reached' };
  }
}
