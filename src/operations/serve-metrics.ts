/**
 * `/metrics` on the loopback, for a collector beside this process (on Cloud Run a sidecar, which shares it). Never where
 * people are served: nobody else has to know how much waits.
 */
import { createServer } from 'node:http';
import { Fault } from '../fault.ts';
import type { Metrics } from './metrics.ts';

/** Listens on 127.0.0.1. Throws a Fault if the port is taken. */
export async function serveMetrics(port: number, metrics: Pick<Metrics, 'text'>): Promise<{ close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const remedy = 'Give another one in BACKCOURT_METRICS_PORT, or none.';
      reject(new Fault(`port ${port} for metrics is taken`, 'never', { cause, remedy }));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
