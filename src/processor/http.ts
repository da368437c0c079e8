/**
 * Processors behind HTTP services: Cloud Run with identity tokens, or anything that takes a JSON POST. The call is made
 * once; trying again is the attempt's business, after looking at the rows.
 */
import type { Logger } from 'pino';
import type { Clock } from '../ports.ts';
import { traceHeaders } from '../trace.ts';
import { checkServices } from './check-services.ts';
import { fillTemplate } from './fill-template.ts';
import { wouldLeak } from './identity-token.ts';
import { type Exchange, postJson } from './post-json.ts';
import type { Processor, ProcessorAnswer, ProcessorCall } from './processor.ts';
import { cleanDetail, readAnswer } from './read-answer.ts';

export type HttpProcessorOptions = {
  readonly clock: Clock;
  /** Gives the identity token for an audience, or nothing where services take no token. `fresh`: none that it had before. */
  readonly identityToken?: (audience: string, fresh: boolean) => Promise<string | undefined>;
  readonly log: Logger;
};

const maxAnswerBytes = 1_000_000;

/** Calls processors over HTTP. `run` never rejects, and answers within the service's deadline. */
export function httpProcessor(options: HttpProcessorOptions): Processor {
  const { clock, log } = options;
  return {
    async run(call, signal) {
      const started = clock.now();
      const answer = await callService(call, options, signal);
      const { processor, date, attempt } = call;
      const ms = clock.now() - started;
      log.info({ service: call.service.name, processor, date, attempt, ms, answer }, 'A processor was called');
      return answer;
    },
    check: (services) => checkServices(services, options.identityToken),
  };
}

async function callService(
  call: ProcessorCall,
  { clock, identityToken, log }: HttpProcessorOptions,
  stop: AbortSignal | undefined,
): Promise<ProcessorAnswer> {
  const problem = checkCall(call, identityToken !== undefined);
  if (problem !== undefined) return { kind: 'failed', detail: problem, retry: false };
  const deadline = startDeadline(clock, call.service.deadline);
  const signal = stop ? AbortSignal.any([stop, deadline.signal]) : deadline.signal;
  try {
    const body = fillTemplate(call);
    const send = async (fresh: boolean) => {
      const token = await authorize(call.service.audience, identityToken, signal, fresh);
      const url = addressOf(call.service);
      return postJson({
        url,
        headers: { ...traceHeaders(), ...token },
        body: JSON.stringify(body),
        maxBytes: maxAnswerBytes,
        signal,
      });
    };
    const first = await send(false);
    // A token runs out during a long backfill. Nothing was begun for a 401, so the same attempt may ask again.
    const isStale = identityToken !== undefined && first.kind === 'answer' && first.status === 401;
    const exchange = isStale ? await send(true) : first;
    if (exchange.kind === 'answer') return readAnswer(exchange, call, body, clock.now());
    return sayBroken(exchange, call, { late: deadline.signal.aborted, stopped: stop?.aborted === true });
  } catch (err) {
    // Not said in the answer, which people read: the errors of token libraries may hold the token.
    log.warn({ err, service: call.service.name, attempt: call.attempt }, 'No identity token could be had');
    const detail = `no identity token for ${call.service.name} could be had, so nothing was sent`;
    return { kind: 'failed', detail, retry: true, about: 'service' };
  } finally {
    deadline.end();
  }
}

async function authorize(
  audience: string,
  identityToken: HttpProcessorOptions['identityToken'],
  signal: AbortSignal,
  fresh: boolean,
): Promise<Record<string, string>> {
  const token = identityToken ? await unlessAborted(identityToken(audience, fresh), signal) : undefined;
  return token ? { authorization: `Bearer ${token}` } : {};
}

/** Why a call cannot be made at all, if so. */
function checkCall({ service, processor, date }: ProcessorCall, bearsToken: boolean): string | undefined {
  const unset = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/.exec(`${service.url} ${service.audience}`);
  if (unset) return `service ${service.name} has no address: set ${unset[1]} to its URL and start Backcourt again`;
  if (!/^https?:\/\//.test(service.url) || !URL.canParse(service.url)) {
    return `the url of service ${service.name} is not an address that begins with http:// or https://`;
  }
  if (bearsToken && wouldLeak(service.url))
    return `the url of service ${service.name} is not encrypted, and an identity token would go there: give it as https://`;
  // Both would run something else than was asked: an empty name everything, a keyword some other date.
  if (processor === '') return `service ${service.name} was asked for a processor without a name`;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return `"${date}" is not a date`;
  return undefined;
}

function addressOf(service: ProcessorCall['service']): URL {
  return new URL(`${service.url.replace(/\/+$/, '')}${service.path}`);
}

function startDeadline(clock: Clock, ms: number): { readonly signal: AbortSignal; end(): void } {
  const deadline = new AbortController();
  const ended = new AbortController();
  void clock.wait(ms, ended.signal).then(() => {
    if (!ended.signal.aborted) deadline.abort();
  });
  return { signal: deadline.signal, end: () => ended.abort() };
}

/** The promise's value, or a rejection as soon as the signal aborts. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Error('it took too long'));
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
  return await Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', stop));
}

/** No answer: failed if nothing can have been sent, otherwise it may be running. */
function sayBroken(
  { kind, error }: Exclude<Exchange, { kind: 'answer' }>,
  { service }: ProcessorCall,
  { late, stopped }: { late: boolean; stopped: boolean },
): ProcessorAnswer {
  const { host } = addressOf(service);
  const seconds = Math.round(service.deadline / 100) / 10;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  if (kind === 'not_sent') {
    const why = stopped ? 'it was stopped' : late ? `no connection within ${seconds} s` : code;
    return {
      kind: 'failed',
      detail: cleanDetail(`${service.name} could not be reached at ${host} (${why})`) ?? '',
      retry: true,
      ...(stopped ? {} : { about: 'service' }),
    };
  }
  const why = stopped
    ? 'we stopped waiting'
    : late
      ? `no answer within ${seconds} s`
      : `the connection broke off (${code})`;
  return { kind: 'ambiguous', detail: cleanDetail(`${service.name}: ${why}; it may still be running`) ?? '' };
}
