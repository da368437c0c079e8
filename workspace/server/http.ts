/** Small helpers over node:http: the workspace is one loopback server without a framework. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** More than Slack takes in one upload here; a stand-in must not be filled up by a loop. */
const BODY_LIMIT = 50 * 1024 * 1024;

/** What a route answers. `body` objects are sent as JSON. */
export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer | object;
};

/** Reads a request's whole body. Throws when it is larger than 50 MiB or the connection breaks. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const piece = Buffer.from(part);
    size += piece.length;
    if (size > BODY_LIMIT) throw new Error('The request body is larger than 50 MiB');
    parts.push(piece);
  }
  return Buffer.concat(parts);
}

/** Sends an answer. */
export function send(response: ServerResponse, answer: Answer): void {
  const { body } = answer;
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  response.writeHead(answer.status, { 'content-type': type, 'cache-control': 'no-store', ...answer.headers });
  response.end(raw ? body : JSON.stringify(body));
}

/** Parses JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value is an object with named fields (not null, not an array). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The body of a form-urlencoded or JSON request as named fields. A multipart body is not read here. */
export function readFields(body: Buffer, contentType: string | undefined): Record<string, unknown> {
  const text = body.toString('utf8');
  if (contentType?.includes('application/json')) {
    const parsed = parseJson(text);
    return isRecord(parsed) ? parsed : {};
  }
  return Object.fromEntries(new URLSearchParams(text));
}

/** A text field, or undefined when it is absent or empty. Numbers and booleans are read as their text. */
export function textField(fields: Record<string, unknown>, name: string): string | undefined {
  const value = fields[name];
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A field that Slack takes as JSON: text when it came in a form, a value when it came in a JSON body. */
export function jsonField(fields: Record<string, unknown>, name: string): unknown {
  const value = fields[name];
  return typeof value === 'string' ? parseJson(value) : value;
}

/** A yes-or-no field: true, "true", 1 and "1" are yes. */
export function flagField(fields: Record<string, unknown>, name: string): boolean {
  const value = textField(fields, name);
  return value === 'true' || value === '1';
}
