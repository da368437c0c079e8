/**
 * Socket Mode: the app connects to us with a ticket, and what would be a signed request goes to it as an envelope that
 * it acknowledges. Slack spreads envelopes over the connections that an app has, and asks for a new one now and then.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { isRecord, parseJson } from './http.ts';
import { acceptLine, type Line } from './websocket.ts';

export type Acknowledged =
  | { readonly ok: true; readonly payload: Record<string, unknown> }
  | { readonly ok: false; readonly error: 'no_connection' | 'timeout' };

export type Envelope = {
  readonly type: 'slash_commands' | 'interactive' | 'events_api';
  readonly payload: object;
  readonly retry?: { readonly num: number; readonly reason: string };
};

/**
 * `warning` and `refresh_requested` are Slack's reasons to reconnect; `cut` breaks every connection; `duplicate`: the next
 * envelope comes twice; `lose_ack`: what
 * acknowledges the next envelope is not heard.
 */
export const socketOrders = ['warning', 'refresh_requested', 'cut', 'duplicate', 'lose_ack'] as const;
export type SocketOrder = (typeof socketOrders)[number];

export type SocketDesk = {
  /** The path and query that may be connected to once. */
  issue(): string;
  /** Whether the app has connected at least once: from then on requests go this way. */
  isUsed(): boolean;
  connections(): number;
  /** Takes a connection, or refuses a ticket that is none. */
  connect(request: IncomingMessage, socket: Duplex): void;
  /** Sends and waits for the acknowledgement; an event also waits for a connection. */
  send(envelope: Envelope): Promise<Acknowledged>;
  order(order: SocketOrder): void;
  close(): void;
};

type Open = { readonly line: Line; readonly isHeard: boolean; readonly settle: (answer: Acknowledged) => void };

const TICKET_LIFE = 30_000;
const PING_EVERY = 10_000;
/** Slack tries an event again after a minute; here it waits so long for the app to be back. */
const AWAY = 10_000;

/** Opens the desk. `deadline`: milliseconds until an envelope counts as not acknowledged. */
export function openSocketDesk(options: {
  readonly clock: { now(): number };
  readonly appId: string;
  readonly deadline: number;
}): SocketDesk {
  const tickets = new Map<string, number>();
  const lines: Line[] = [];
  const waiting = new Map<string, Open>();
  const arrivals = new Set<() => void>();
  let used = false;
  let twice = false;
  let deaf = false;
  const heartbeat = setInterval(() => {
    for (const line of lines) line.ping();
  }, PING_EVERY);
  heartbeat.unref();

  const redeem = (ticket: string): boolean => {
    const issued = tickets.get(ticket);
    tickets.delete(ticket);
    return issued !== undefined && options.clock.now() - issued <= TICKET_LIFE;
  };
  const hear = (text: string) => {
    const read = parseJson(text);
    if (!isRecord(read) || typeof read.envelope_id !== 'string') return;
    const open = waiting.get(read.envelope_id);
    if (open?.isHeard) open.settle({ ok: true, payload: isRecord(read.payload) ? read.payload : {} });
  };
  /** The connections take turns. */
  const nextLine = (): Line | undefined => {
    const line = lines.shift();
    if (line !== undefined) lines.push(line);
    return line;
  };
  const deliver = (line: Line, { type, payload, retry }: Envelope): Promise<Acknowledged> => {
    const id = randomBytes(8).toString('hex');
    const text = JSON.stringify({
      envelope_id: id,
      type,
      payload,
      accepts_response_payload: type !== 'events_api',
      ...(type === 'events_api' && { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? '' }),
    });
    const acknowledged = new Promise<Acknowledged>((resolve) => {
      const late = setTimeout(() => settle({ ok: false, error: 'timeout' }), options.deadline);
      const settle = (answer: Acknowledged) => {
        clearTimeout(late);
        waiting.delete(id);
        resolve(answer);
      };
      waiting.set(id, { line, settle, isHeard: !deaf });
      deaf = false;
    });
    line.send(text);
    if (twice) (nextLine() ?? line).send(text);
    twice = false;
    return acknowledged;
  };
  return {
    issue() {
      const ticket = randomBytes(16).toString('hex');
      tickets.set(ticket, options.clock.now());
      return `/link/?ticket=${ticket}&app_id=${options.appId}`;
    },
    isUsed: () => used,
    connections: () => lines.length,
    connect(request, socket) {
      const ticket = new URL(request.url ?? '/', 'http://workspace').searchParams.get('ticket') ?? '';
      if (!redeem(ticket)) return refuse(socket);
      const closed = () => {
        if (line === undefined || !lines.includes(line)) return;
        lines.splice(lines.indexOf(line), 1);
        for (const open of [...waiting.values()])
          if (open.line === line) open.settle({ ok: false, error: 'no_connection' });
      };
      const line = acceptLine(request, socket, { text: hear, closed });
      if (line === undefined) return refuse(socket);
      lines.push(line);
      used = true;
      line.send(JSON.stringify(helloOf(options.appId, lines.length)));
      for (const arrived of [...arrivals]) arrived();
    },
    async send(envelope) {
      if (lines.length === 0 && envelope.type === 'events_api') await nextArrival(arrivals);
      const line = nextLine();
      return line === undefined ? { ok: false, error: 'no_connection' } : deliver(line, envelope);
    },
    order(order) {
      if (order === 'duplicate') twice = true;
      else if (order === 'lose_ack') deaf = true;
      else if (order === 'cut') for (const line of [...lines]) line.cut();
      else for (const line of lines) line.send(JSON.stringify({ type: 'disconnect', reason: order, debug_info: HOST }));
    },
    close() {
      clearInterval(heartbeat);
      for (const line of lines) line.cut();
      for (const arrived of [...arrivals]) arrived();
    },
  };
}

const HOST = { host: 'local-workspace' };

function helloOf(appId: string, connections: number): object {
  return {
    type: 'hello',
    connection_info: { app_id: appId },
    num_connections: connections,
    debug_info: { ...HOST, build_number: 1, approximate_connection_time: 18_060 },
  };
}

function nextArrival(arrivals: Set<() => void>): Promise<void> {
  return new Promise((resolve) => {
    const arrived = () => {
      clearTimeout(late);
      arrivals.delete(arrived);
      resolve();
    };
    const late = setTimeout(arrived, AWAY);
    late.unref();
    arrivals.add(arrived);
  });
}

function refuse(socket: Duplex): void {
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
}
