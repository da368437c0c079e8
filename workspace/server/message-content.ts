/** Reads what an app wants a message to say, with the checks that chat.* methods and response urls have in common. */
import type { KnownBlock } from '@slack/web-api';
import type { Desk } from './desk.ts';
import { withIds } from './elements.ts';
import { isRecord, jsonField, textField } from './http.ts';
import { lintBlocks } from './lint-blocks.ts';
import type { Metadata } from './wire.ts';

type Fields = Record<string, unknown>;

/** A refusal in the Web API's words. */
export type ApiError = { readonly ok: false; readonly error: string } & Fields;

export type Content = { readonly text: string; readonly blocks?: readonly KnownBlock[] };

/** Longest `text` of a new message, in characters; of an edit, in bytes after &, < and > are escaped. */
const POST_TEXT = 40_000;
const UPDATE_TEXT = 4_000;

/** An API error with Slack's messages about where. */
export function apiError(error: string, messages: readonly string[] = []): ApiError {
  if (messages.length === 0) return { ok: false, error };
  const marked = messages.map((message) => `[ERROR] ${message}`);
  return { ok: false, error, errors: messages, response_metadata: { messages: marked } };
}

/** Text and blocks of a message, checked; or the error that Slack would answer. */
export function readContent(desk: Desk, fields: Fields, kind: 'post' | 'update'): Content | ApiError {
  const text = textField(fields, 'text') ?? '';
  if (kind === 'post' && text.length > POST_TEXT) return apiError('msg_too_long');
  if (kind === 'update' && escapedBytes(text) > UPDATE_TEXT) return apiError('msg_too_long');
  const given = fields.blocks === undefined || fields.blocks === '' ? [] : jsonField(fields, 'blocks');
  if (!Array.isArray(given)) return apiError('invalid_blocks_format');
  const problem = lintBlocks(given, 'message', (id) => desk.book.findFile(id) !== undefined);
  if (problem !== undefined) return apiError(problem.error, problem.messages);
  if (text === '' && given.length === 0) return apiError('no_text');
  const blocks = withIds(given, () => desk.book.stamp().slice(-6));
  return blocks.length === 0 ? { text } : { text, blocks };
}

function escapedBytes(text: string): number {
  return Buffer.byteLength(
    text
      .replaceAll(/&(?!amp;|lt;|gt;)/g, '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;'),
  );
}

/** The message's metadata, absent, or Slack's error. */
export function readMetadata(fields: Fields): Metadata | undefined | ApiError {
  if (fields.metadata === undefined || fields.metadata === '') return undefined;
  const given = jsonField(fields, 'metadata');
  if (!isRecord(given)) return apiError('invalid_metadata_format');
  const { event_type: type, event_payload: payload } = given;
  if (typeof type !== 'string' || !isRecord(payload)) return apiError('invalid_metadata_schema');
  return { event_type: type, event_payload: payload };
}

/** Whether a read value is an API error. */
export function isApiError(value: unknown): value is ApiError {
  return isRecord(value) && value.ok === false;
}
