/**
 * Slack's Web API over HTTP. It answers 200 with `{ok:false,error}` for almost everything that is wrong; other statuses
 * are for the pace limit (429) and for faults that were ordered.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Desk } from './desk.ts';
import type { FaultAnswer } from './faults.ts';
import { type Answer, readFields, textField } from './http.ts';
import { apiError } from './message-content.ts';

type Fields = Record<string, unknown>;

export type Reply = ({ readonly ok: true } & Fields) | ({ readonly ok: false; readonly error: string } & Fields);
export type Method = (fields: Fields, desk: Desk) => Reply;

/** `drop`: break the connection without an answer. */
export type ApiAnswer = Answer | 'drop';

/** Answers one call of a method. */
export function answerApi(
  desk: Desk,
  methods: Readonly<Record<string, Method>>,
  name: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): ApiAnswer {
  const fault = desk.faults.take(name);
  const early = fault === undefined ? undefined : faultAnswer(fault);
  if (early !== undefined) return early;
  const fields = readFields(body, headers['content-type']);
  const answer = run(desk, methods, name, headers, fields);
  return fault?.kind === 'accept-and-drop' ? 'drop' : answer;
}

function run(
  desk: Desk,
  methods: Readonly<Record<string, Method>>,
  name: string,
  headers: IncomingHttpHeaders,
  fields: Fields,
): Answer {
  const token = headers.authorization?.replace(/^Bearer /i, '') ?? textField(fields, 'token');
  if (token === undefined) return { status: 200, body: apiError('not_authed') };
  const wanted = name === 'apps.connections.open' ? desk.appToken : desk.botToken;
  if (token !== wanted) {
    const isOther = token === desk.appToken || token === desk.botToken;
    return { status: 200, body: apiError(isOther ? 'not_allowed_token_type' : 'invalid_auth') };
  }
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method === undefined) return { status: 200, body: { ...apiError('unknown_method'), req_method: name } };
  const named = textField(fields, 'channel');
  const channel = desk.places.find(named)?.id ?? '';
  const wait = name === 'chat.postMessage' ? desk.pace.take(channel) : 0;
  return wait > 0 ? tooFast(wait) : { status: 200, body: method(fields, desk) };
}

function tooFast(seconds: number): Answer {
  return { status: 429, headers: { 'retry-after': String(seconds) }, body: apiError('ratelimited') };
}

function faultAnswer(fault: FaultAnswer): ApiAnswer | undefined {
  switch (fault.kind) {
    case 'drop':
      return 'drop';
    case 'accept-and-drop':
      return undefined;
    case 'error':
      return { status: 200, body: apiError(fault.error) };
    case 'status':
      if (fault.status === 429) return tooFast(fault.retryAfter ?? 1);
      return { status: fault.status, body: 'ordered fault' };
  }
}
