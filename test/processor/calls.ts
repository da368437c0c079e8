/** A call of a processor service, an answer of success, and services that close behind each test. */
import pino from 'pino';
import { afterEach } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Service } from '../../src/core/catalogue/catalogue.ts';
import { type HttpProcessorOptions, httpProcessor } from '../../src/processor/http.ts';
import type { ProcessorAnswer, ProcessorCall } from '../../src/processor/processor.ts';
import { json, type Received, type Script, type ScriptedService, startScriptedService } from './scripted-service.ts';

export const name = 'MLFeatureStoreProcessor';
export const date = '2021-11-16';
const template = {
  analysis_date: '{date}',
  backfill_mode: true,
  processors: ['{processor}'],
  meta: { id: '{attempt}', note: '{processor} on {date}', depth: [{ at: '{date}' }] },
};
export const log = pino({ level: 'silent' });

/** A call of the service at `url`; its deadline is the longest that a catalogue may give. */
export function callOf(url: string, changes: Partial<Service> = {}): ProcessorCall {
  const service = {
    name: 'phase4',
    url,
    path: '/process-date',
    body: template,
    audience: url,
    deadline: 1_740_000,
    goneAfter: 3_600_000,
    retryWait: 2000,
    minInterval: 0,
    maxConcurrent: 15,
    ...changes,
  };
  return { service, processor: name, date, attempt: 'a1b2' };
}

export const success = json(200, {
  status: 'completed',
  analysis_date: date,
  results: [{ processor: name, status: 'success' }],
});

/** Services of one test file, closed after each of its tests. */
export function useServices() {
  const open: ScriptedService[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((service) => service.close()));
  });
  const start = async (script: Script): Promise<ScriptedService> => {
    const service = await startScriptedService(script);
    open.push(service);
    return service;
  };
  /** Calls a service that follows the script; gives the answer and what the service received. */
  const run = async (
    script: Script,
    options: Partial<HttpProcessorOptions> = {},
    changes: Partial<Service> = {},
  ): Promise<{ answer: ProcessorAnswer; requests: readonly Received[] }> => {
    const service = await start(script);
    const processor = httpProcessor({ clock: systemClock(), log, ...options });
    const answer = await processor.run(callOf(service.url, changes));
    return { answer, requests: service.requests };
  };
  return { start, run };
}
