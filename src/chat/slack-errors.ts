/**
 * What Slack's errors mean for a message. The question is never "did it fail" but "may it be there all the same": a 5xx
 * or a reset after a post can hide a posted message, and then it has to be looked for instead of posted again.
 */
import {
  type WebAPICallResult,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { Fault } from '../fault.ts';
import type { ChatResult } from './chat.ts';

/** Slack gives no figure with some refusals. */
const restMs = 30_000;
/** A token is replaced by a person. */
const tokenRestMs = 60_000;

const goneErrors = new Set(['message_not_found', 'cant_update_message', 'thread_not_found', 'edit_window_closed']);
const blockErrors = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'invalid_attachments']);
const busyErrors = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);
/** The token does not hold; what waits is sent once there is another. */
const tokenErrors = new Set(['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'account_inactive']);
/** Slack's own breakages; part of the work may be done. */
const brokenErrors = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'accesslimited',
]);

/** The system's codes for "nothing was sent". */
const unsentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Reads an error of the Web API client as a ChatResult. Repeating anything but a post does no harm. */
export function readFailure(error: unknown, what: 'post' | 'update' | 'whisper' | 'upload'): ChatResult {
  const lost = (detail: string): ChatResult =>
    what === 'post' ? { kind: 'ambiguous', detail } : { kind: 'later', after: 2_000, detail };
  if (error instanceof WebAPIRateLimitedError) {
    return { kind: 'later', after: Math.max(1, error.retryAfter) * 1000, detail: 'rate limited' };
  }
  if (error instanceof WebAPIPlatformError) return readPlatformError(error, lost);
  if (error instanceof WebAPIHTTPError) {
    if (error.statusCode >= 500) return lost(`HTTP ${error.statusCode}`);
    return { kind: 'refused', detail: `HTTP ${error.statusCode}` };
  }
  if (error instanceof WebAPIRequestError) {
    const code = systemCode(error.original);
    if (code !== undefined && unsentCodes.has(code)) return { kind: 'later', after: 5_000, detail: code };
    return lost(code ?? error.original.name);
  }
  // A 429 whose Retry-After cannot be read is a bare Error in web-api 8.
  if (error instanceof Error && /retry header/i.test(error.message)) {
    return { kind: 'later', after: restMs, detail: 'rate limited, without a figure' };
  }
  return lost(error instanceof Error ? error.message : String(error));
}

function readPlatformError(error: WebAPIPlatformError, lost: (detail: string) => ChatResult): ChatResult {
  const name = error.data.error;
  if (goneErrors.has(name)) return { kind: 'gone', detail: name };
  if (blockErrors.has(name)) return { kind: 'bad_blocks', detail: describe(error.data) };
  if (busyErrors.has(name)) return { kind: 'later', after: restMs, detail: name };
  if (tokenErrors.has(name)) return { kind: 'later', after: tokenRestMs, detail: name };
  if (brokenErrors.has(name)) return lost(name);
  return { kind: 'refused', detail: describe(error.data) };
}

/** The error's name with the places that Slack names. */
function describe(data: WebAPICallResult & { error: string }): string {
  const places = data.response_metadata?.messages ?? [];
  return [data.error, ...places.slice(0, 3)].join('; ').slice(0, 500);
}

/** The system's code of a failed fetch: it stands in the cause, sometimes two deep. */
function systemCode(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 3) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return systemCode(error.cause, depth + 1);
}

/** For calls that read: an answer that cannot be had is a Fault. */
export function toFault(error: unknown, message: string): Fault {
  const failure = readFailure(error, 'update');
  const detail = failure.kind === 'ok' ? '' : `: ${failure.detail}`;
  const retry = failure.kind === 'later' ? 'later' : 'never';
  return new Fault(`${message}${detail}`, retry, {
    cause: error,
    remedy:
      retry === 'never'
        ? 'Check the bot token, its scopes, and that the bot is in the channel'
        : 'It will be tried again',
  });
}
