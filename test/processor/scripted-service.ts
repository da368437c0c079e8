/** A real HTTP server on loopback that does with each request what a test says, and keeps what it received. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Received = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
};
export type Script = (response: ServerResponse, request: Received) => void;

export type ScriptedService = {
  readonly url: string;
  readonly requests: Received[];
  /** Resolves when the first request has been read whole. */
  readonly received: Promise<void>;
  close(): Promise<void>;
};

export async function startScriptedService(script: Script): Promise<ScriptedService> {
  const requests: Received[] = [];
  let tell: () => void = () => undefined;
  const received = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const seen = { method, path, headers, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
      requests.push(seen);
      tell();
      script(response, seen);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    received,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers with a status and a JSON body. */
export function json(status: number, body: unknown): Script {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
}

/** Answers with a status and a text. */
export function text(status: number, body: string, headers: Record<string, string> = {}): Script {
  return (response) => {
    response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
  };
}

/** Takes the request and never answers. */
export const hang: Script = () => undefined;

/** Takes the request and resets the connection. */
export const reset: Script = (response) => {
  response.socket?.resetAndDestroy();
};
