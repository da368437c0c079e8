/**
 * One POST over a connection of its own. Node's fetch gives up when headers take longer than five minutes, and does not
 * tell whether a request had left before the connection broke; a processor may take half an hour, and whether it may be
 * running is what its caller must know. Redirects are not followed, so that a token goes nowhere else.
 */
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

export type Exchange =
  /** `body` is absent where it was larger than allowed or broke off behind an error status. */
  | { readonly kind: 'answer'; readonly status: number; readonly retryAfter?: string; readonly body?: string }
  /** No connection came about: nothing was sent. */
  | { readonly kind: 'not_sent'; readonly error: Error }
  /** There was a connection, and no whole answer came over it. */
  | { readonly kind: 'lost'; readonly error: Error };

export type Post = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The longest body of an answer that is read, in bytes. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
};

const keepAliveEvery = 30_000;

/** Sends a JSON body. Never rejects: what goes wrong is told apart by whether anything was sent. */
export function postJson(post: Post): Promise<Exchange> {
  const secure = post.url.protocol === 'https:';
  return new Promise((resolve) => {
    let connected = false;
    const request = (secure ? https : http).request(post.url, {
      method: 'POST',
      agent: false,
      signal: post.signal,
      headers: {
        ...post.headers,
        'content-type': 'application/json',
        accept: 'application/json',
        'content-length': Buffer.byteLength(post.body),
      },
    });
    request.once('socket', (socket: Socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = true;
        socket.setKeepAlive(true, keepAliveEvery);
      });
    });
    request.on('error', (error) => resolve({ kind: connected ? 'lost' : 'not_sent', error }));
    request.once('response', (response) => {
      void readAnswer(response, post.maxBytes).then((exchange) => {
        resolve(exchange);
        request.destroy();
      });
    });
    request.end(post.body);
  });
}

async function readAnswer(response: http.IncomingMessage, maxBytes: number): Promise<Exchange> {
  const retryAfter = response.headers['retry-after'];
  const head = {
    kind: 'answer' as const,
    status: response.statusCode ?? 0,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) return head;
    }
    return { ...head, body: Buffer.concat(chunks).toString('utf8') };
  } catch (error) {
    if (head.status >= 300) return head;
    return { kind: 'lost', error: error instanceof Error ? error : new Error(String(error)) };
  }
}
