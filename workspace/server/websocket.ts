/**
 * The server's side of one WebSocket (RFC 6455), as much as Socket Mode needs: text both ways, pings, and closing. Frames
 * from a client are masked and may come in pieces, both of a message and of the stream.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

export type Line = {
  send(text: string): void;
  ping(): void;
  /** Says goodbye; the other side answers, and the connection ends. */
  close(code: number): void;
  /** Breaks the connection without a word. */
  cut(): void;
};

/** `closed` may come more than once: when the other side takes its leave, and when the connection is gone. */
export type LineEvents = { readonly text: (text: string) => void; readonly closed: () => void };

const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** No acknowledgement is larger; a loop must not fill the memory. */
const LIMIT = 1024 * 1024;
const [CONTINUED, TEXT, CLOSE, PING, PONG] = [0x0, 0x1, 0x8, 0x9, 0xa] as const;

type Frame = { readonly final: boolean; readonly opcode: number; readonly body: Buffer };

/** Takes an upgrade request; undefined when it is none for a WebSocket. */
export function acceptLine(request: IncomingMessage, socket: Duplex, events: LineEvents): Line | undefined {
  const key = request.headers['sec-websocket-key'];
  if (request.headers.upgrade?.toLowerCase() !== 'websocket' || key === undefined) return undefined;
  const accept = createHash('sha1').update(`${key}${MAGIC}`).digest('base64');
  const head = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n';
  socket.write(`${head}Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
  const line = lineOver(socket);
  listen(socket, line, events);
  return line;
}

function lineOver(socket: Duplex): Line & { pong(body: Buffer): void } {
  const write = (opcode: number, body: Buffer) => {
    if (socket.writable) socket.write(frameOf(opcode, body));
  };
  return {
    send: (text) => write(TEXT, Buffer.from(text)),
    ping: () => write(PING, Buffer.from('Ping from applink')),
    pong: (body) => write(PONG, body),
    close(code) {
      const body = Buffer.alloc(2);
      body.writeUInt16BE(code);
      write(CLOSE, body);
    },
    cut: () => void socket.destroy(),
  };
}

function listen(socket: Duplex, line: ReturnType<typeof lineOver>, events: LineEvents): void {
  let waiting = Buffer.alloc(0);
  let parts: Buffer[] = [];
  const take = ({ final, opcode, body }: Frame) => {
    if (opcode === PING) line.pong(body);
    if (opcode === CLOSE) {
      line.close(1000);
      socket.end();
      events.closed();
    }
    if (opcode !== TEXT && opcode !== CONTINUED) return;
    parts = opcode === TEXT ? [body] : [...parts, body];
    if (final) events.text(Buffer.concat(parts).toString('utf8'));
  };
  socket.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (let read = readFrame(waiting); read !== undefined; read = readFrame(waiting)) {
      if (read === 'too large') return void socket.destroy();
      waiting = waiting.subarray(read.length);
      take(read.frame);
    }
  });
  socket.on('error', () => socket.destroy());
  // Who died says no more than that; an HTTP server leaves its half of such a connection open.
  socket.on('end', () => socket.destroy());
  socket.on('close', events.closed);
}

/** The first whole frame; undefined while bytes are missing. */
function readFrame(bytes: Buffer): { readonly frame: Frame; readonly length: number } | 'too large' | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const extra = short === 127 ? 8 : short === 126 ? 2 : 0;
  const masked = (second & 0x80) !== 0;
  const start = 2 + extra + (masked ? 4 : 0);
  if (bytes.length < start) return undefined;
  const size = extra === 8 ? Number(bytes.readBigUInt64BE(2)) : extra === 2 ? bytes.readUInt16BE(2) : short;
  if (size > LIMIT) return 'too large';
  if (bytes.length < start + size) return undefined;
  const body = Buffer.from(bytes.subarray(start, start + size));
  if (masked) for (let i = 0; i < size; i += 1) body[i] = (body[i] ?? 0) ^ (bytes[start - 4 + (i % 4)] ?? 0);
  return { frame: { final: (first & 0x80) !== 0, opcode: first & 0x0f, body }, length: start + size };
}

/** A whole message in one frame; a server does not mask. */
function frameOf(opcode: number, body: Buffer): Buffer {
  const long = body.length > 0xffff;
  const size = body.length < 126 ? 0 : long ? 8 : 2;
  const head = Buffer.alloc(2 + size);
  head[0] = 0x80 | opcode;
  head[1] = size === 0 ? body.length : long ? 127 : 126;
  if (size === 2) head.writeUInt16BE(body.length, 2);
  if (size === 8) head.writeBigUInt64BE(BigInt(body.length), 2);
  return Buffer.concat([head, body]);
}
