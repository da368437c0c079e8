/** Around whatever answers requests: the trace they belong to, a line of the log, and their count. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { readTrace, runTraced } from '../trace.ts';
import type { Metrics } from './metrics.ts';

/**
 * The same listener, watched. What was refused (401, 403) is a warning, what broke (5xx) an error, all else `debug`: the
 * platform logs requests too. Queries are left out, since people put tokens there.
 * @param paths those that are counted by name; all others count as `other`, since anybody may make some up
 */
export function watchRequests(
  listener: RequestListener,
  { log, metrics, paths }: { log: Logger; metrics: Pick<Metrics, 'countRequest'>; paths: readonly string[] },
): RequestListener {
  return (request, response) =>
    runTraced(readTrace(request.headers), () => {
      const started = process.hrtime.bigint();
      response.once('close', () => {
        const seconds = Number(process.hrtime.bigint() - started) / 1e9;
        const path = (request.url ?? '').split('?', 1)[0] ?? '';
        // The peer went away before it had its answer.
        const status = response.writableFinished ? response.statusCode : 499;
        metrics.countRequest({ path: paths.includes(path) ? path : 'other', status, seconds });
        log[levelOf(status)](
          { httpRequest: describe(request, response, { path, status, seconds }) },
          'request answered',
        );
      });
      return listener(request, response);
    });
}

function levelOf(status: number): 'debug' | 'warn' | 'error' {
  if (status === 401 || status === 403) return 'warn';
  return status >= 500 && status !== 503 ? 'error' : 'debug';
}

/** As Cloud Logging's HttpRequest. */
function describe(
  request: IncomingMessage,
  response: ServerResponse,
  { path, status, seconds }: { path: string; status: number; seconds: number },
): object {
  return {
    requestMethod: request.method,
    requestUrl: path,
    status,
    latency: `${seconds.toFixed(3)}s`,
    userAgent: request.headers['user-agent'],
    requestSize: request.headers['content-length'],
    responseSize: response.getHeader('content-length'),
    protocol: `HTTP/${request.httpVersion}`,
  };
}
