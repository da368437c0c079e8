/** Reading requests against the small catalogue, on a day in its second season. */
import {
  type BackfillRequest,
  type CoverageRequest,
  readBackfillRequest,
  readCoverageRequest,
} from '../../src/core/request/request.ts';
import { isRefusal, type Refusal } from '../../src/fault.ts';
import { smallCatalogue } from './small-catalogue.ts';

export const context = { catalogue: smallCatalogue, today: '2022-11-20' };
export type Command = '/coverage' | '/backfill';

export function readAny(command: Command, text: string): CoverageRequest | BackfillRequest | Refusal {
  return command === '/backfill' ? readBackfillRequest(text, context) : readCoverageRequest(text, context);
}

/** Reads a full command as a person would paste it: its first word says which one it is. */
export function readCommand(text: string): CoverageRequest | BackfillRequest | Refusal {
  const [, command = '', rest = ''] = /^(\/\w+) ?(.*)$/s.exec(text) ?? [];
  if (command !== '/coverage' && command !== '/backfill') throw new Error(`no command: ${text}`);
  return readAny(command, rest);
}

export function refused(reading: unknown): Refusal {
  if (!isRefusal(reading)) throw new Error(`read as ${JSON.stringify(reading)}`);
  return reading;
}

export function launched(text: string): Extract<BackfillRequest, { verb: 'launch' }> {
  const request = readBackfillRequest(text, context);
  if (isRefusal(request) || request.verb !== 'launch') throw new Error(JSON.stringify(request));
  return request;
}

/** The request in one line: verb, tables, dates. */
export function brief(request: CoverageRequest | BackfillRequest | Refusal): string {
  if (isRefusal(request)) return `refused: ${request.message}`;
  const tables = 'tables' in request ? request.tables.join('+') : 'table' in request ? request.table : '';
  const dates =
    'when' in request ? request.when.said : 'date' in request ? request.date : 'id' in request ? request.id : '';
  return [request.verb, tables, dates].filter((part) => part !== '').join(' | ');
}
