/**
 * How the command line reaches a server that holds the home: one loopback address, told in a file that only the owner of
 * the home can read, together with a token. What a command prints comes back line by line, its exit code last.
 */

import { timingSafeEqual } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { Fault } from '../fault.ts';
import type { Output } from './output.ts';
import type { Words } from './words.ts';

const addressSchema = z.object({ url: z.url(), token: z.string(), pipeline: z.string() });
const askSchema = z.object({ words: z.record(z.string(), z.unknown()), user: z.string(), columns: z.number() });
const lineSchema = z.union([
  z.object({ data: z.string() }),
  z.object({ say: z.string() }),
  z.object({ exit: z.number() }),
]);

export type Run = (words: Words, who: { user: string; output: Output; signal: AbortSignal }) => Promise<number>;
export type ServerLine = { close(): Promise<void> };

function addressFile(home: string): string {
  return join(home, 'server.json');
}

/** Serves commands on a free loopback port and tells its address in the home. */
export async function openServerLine(options: {
  home: string;
  token: string;
  pipeline: string;
  run: Run;
}): Promise<ServerLine> {
  const server = createServer((request, response) => {
    void answer(request, response, options.token, options.run);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const content = { url: `http://127.0.0.1:${port}/`, token: options.token, pipeline: options.pipeline };
  const close = () =>
    new Promise<void>((resolve) => {
      rmSync(addressFile(options.home), { force: true });
      server.close(() => resolve());
      server.closeAllConnections();
    });
  try {
    writeFileSync(addressFile(options.home), JSON.stringify(content), { mode: 0o600 });
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

async function answer(request: IncomingMessage, response: ServerResponse, token: string, run: Run): Promise<void> {
  if (request.method !== 'POST' || !isToken(request.headers.authorization, token)) {
    response.writeHead(401, { connection: 'close' }).end();
    return;
  }
  const asked = await readAsk(request).catch(() => undefined);
  if (asked === undefined) {
    response.writeHead(400, { connection: 'close' }).end();
    return;
  }
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const line = (value: object) => response.write(`${JSON.stringify(value)}\n`);
  const output: Output = { data: (data) => line({ data }), say: (say) => line({ say }), columns: asked.columns };
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  // At once, so that the client can tell a server that ends meanwhile from one that is not there.
  response.flushHeaders();
  // The client gives up on a body that is silent for five minutes, and a cell may take longer.
  const alive = setInterval(() => response.write('\n'), 60_000);
  const exit = await run(asked.words as unknown as Words, { user: asked.user, output, signal: gone.signal });
  clearInterval(alive);
  line({ exit });
  response.end();
}

function isToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const right = Buffer.from(`Bearer ${token}`);
  return given.length === right.length && timingSafeEqual(given, right);
}

async function readAsk(request: IncomingMessage): Promise<z.output<typeof askSchema>> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > 100_000) throw new Error('the request is too large');
  }
  return askSchema.parse(JSON.parse(body));
}

/** The server that holds this home, if there is one that says so. It may be dead: see `askServer`. */
export function findServer(home: string): { url: string; token: string; pipeline: string } | undefined {
  try {
    return addressSchema.parse(JSON.parse(readFileSync(addressFile(home), 'utf8')));
  } catch {
    // Absent, or torn by a server that was killed while it wrote.
    return undefined;
  }
}

/** Has the server run a command; undefined if nobody answers there (it was killed and left its address behind). */
export async function askServer(
  server: { url: string; token: string },
  ask: { words: Words; user: string; output: Output; signal?: AbortSignal },
): Promise<number | undefined> {
  const { words, user, output } = ask;
  let response: Response;
  try {
    response = await fetch(server.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.token}` },
      body: JSON.stringify({ words, user, columns: Number.isFinite(output.columns) ? output.columns : 10_000 }),
      ...(ask.signal ? { signal: ask.signal } : {}),
    });
  } catch {
    if (ask.signal?.aborted) throw stoppedWaiting();
    return undefined;
  }
  if (!response.ok || !response.body) return undefined;
  try {
    return await readLines(response.body, output);
  } catch (error) {
    if (ask.signal?.aborted) throw stoppedWaiting();
    throw new Fault('the server that holds the home ended before its answer did', 'later', {
      cause: error,
      remedy: 'What ran goes on at its next start; see it with: backcourt status',
    });
  }
}

function stoppedWaiting(): Fault {
  return new Fault('stopped waiting; what was started goes on in the server', 'never', {
    remedy: 'See it with: backcourt status',
  });
}

async function readLines(body: ReadableStream<Uint8Array>, output: Output): Promise<number> {
  const decoder = new TextDecoder();
  let rest = '';
  let exit = 3;
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) {
      if (text === '') continue;
      const line = lineSchema.parse(JSON.parse(text));
      if ('data' in line) output.data(line.data);
      else if ('say' in line) output.say(line.say);
      else exit = line.exit;
    }
  }
  return exit;
}
