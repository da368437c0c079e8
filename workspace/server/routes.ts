/**
 * The workspace's one HTTP door. Anything on this machine can reach a loopback port, and so can any web page that the
 * person has open: what the page does must come from the page itself, under a loopback name.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { answerResponseUrl } from './app-answers.ts';
import type { Desk } from './desk.ts';
import { faultSchema } from './faults.ts';
import { type Answer, parseJson, readBody, readFields, send } from './http.ts';
import { streamTo } from './live-stream.ts';
import type { FileDesk } from './methods-files.ts';
import { answerAct } from './page-acts.ts';
import { servePage, serveUpload } from './page-files.ts';
import { socketOrders } from './socket-mode.ts';
import { type ApiAnswer, answerApi, type Method } from './web-api.ts';

export type Door = {
  readonly desk: Desk;
  readonly methods: Readonly<Record<string, Method>>;
  readonly uploads: FileDesk;
  readonly pageFolder: string | undefined;
  readonly routes: Readonly<Record<string, () => Promise<Answer>>>;
  /** Whether /_faults may be used. */
  readonly faultsAllowed: boolean;
  /** Whether requests must name a loopback host, against names that are rebound to this machine. */
  readonly loopbackOnly: boolean;
  /** Streams that are open, ended when the workspace closes. */
  readonly streams: Set<() => void>;
};

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/** Answers one request. Never rejects for what the request holds. */
export async function answerRequest(door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://workspace');
  if (door.loopbackOnly && !LOOPBACK.test(request.headers.host ?? '')) {
    send(response, { status: 421, body: 'This workspace answers on localhost only' });
    return;
  }
  if (request.method === 'GET' && url.pathname === '/stream') return openStream(door, url, request, response);
  const answer = await routeTo(door, url.pathname, request);
  if (answer === 'drop') request.socket.destroy();
  else send(response, answer);
}

async function routeTo(door: Door, path: string, request: IncomingMessage): Promise<ApiAnswer> {
  const { desk } = door;
  const body = await readBody(request);
  if (path.startsWith('/api/')) return answerApi(desk, door.methods, path.slice('/api/'.length), request.headers, body);
  if (path.startsWith('/files/')) return serveUpload(desk, path);
  const more = request.method === 'GET' ? door.routes[path] : undefined;
  if (more) return more();
  if (request.method === 'GET') return servePage(door.pageFolder, path);
  if (path === '/act') return isOwnPage(request) ? answerAct(desk, body) : { status: 403, body: 'Not from this page' };
  if (path.startsWith('/upload/')) return door.uploads.receive(path, body, request.headers['content-type'] ?? '');
  if (path.startsWith('/response/')) {
    return answerResponseUrl(desk, path, readFields(body, request.headers['content-type'] ?? 'application/json'));
  }
  if (path === '/_faults' && door.faultsAllowed) return orderFault(desk, body);
  return { status: 404, body: 'Not found' };
}

/** A browser names the origin of a POST; other programs name none. */
function isOwnPage(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  const json = request.headers['content-type']?.includes('application/json') ?? false;
  return json && (origin === undefined || origin === `http://${host}`);
}

function openStream(door: Door, url: URL, request: IncomingMessage, response: ServerResponse): void {
  const people = door.desk.cast.people.filter((person) => !person.isBot);
  const person = people.find((item) => item.id === url.searchParams.get('user')) ?? people[0];
  if (person === undefined) {
    send(response, { status: 404, body: 'Nobody lives here' });
    return;
  }
  const end = streamTo(door.desk, person, response);
  door.streams.add(end);
  request.on('close', () => door.streams.delete(end));
}

const orderSchema = z.union([
  z.object({ socket: z.enum(socketOrders) }),
  z.object({ clear: z.literal(true) }),
  z.object({ burst: z.number().int().nonnegative() }),
  faultSchema,
]);

function orderFault(desk: Desk, body: Buffer): Answer {
  const read = orderSchema.safeParse(parseJson(body.toString('utf8')));
  if (!read.success) return { status: 400, body: { ok: false, error: z.prettifyError(read.error) } };
  if ('clear' in read.data) desk.faults.clear();
  else if ('socket' in read.data) desk.socket.order(read.data.socket);
  else if ('burst' in read.data) desk.pace.setBurst(read.data.burst);
  else desk.faults.add(read.data);
  return { status: 200, body: { ok: true } };
}
