/**
 * What an answer of a processor service means. Such a service answers 200 whether its processors succeeded, failed, or
 * were not known to it, so the status of the entry with our processor's name counts for more than the code.
 */
import { z } from 'zod';
import { makeScrubber } from '../log.ts';
import type { ProcessorAnswer, ProcessorCall } from './processor.ts';

/** Only what is understood: a field of another type than expected counts as absent. */
const entrySchema = z.object({
  processor: z.string().optional().catch(undefined),
  status: z.string().optional().catch(undefined),
  error: z.unknown().optional(),
});
const answerSchema = z.looseObject({ results: z.array(z.unknown()).optional().catch(undefined) });
type Entry = z.infer<typeof entrySchema>;

/** Codes below 500 that speak of the moment and not of the request. */
const passing = new Set([408, 409, 423, 425, 429]);
const longestDetail = 200;
const unstated: ProcessorAnswer = { kind: 'answered', reported: 'unstated' };

/** `body` is undefined if it was too large or broke off; `retryAfter` is the header of that name. */
export type RawAnswer = { readonly status: number; readonly body?: string; readonly retryAfter?: string };

/**
 * Judges an answer.
 * @param sent the body of the call; where the answer repeats one of its dates, it must be the same
 * @param now epoch milliseconds
 */
export function readAnswer(
  { status, body: text, retryAfter }: RawAnswer,
  call: ProcessorCall,
  sent: Readonly<Record<string, unknown>>,
  now: number,
): ProcessorAnswer {
  const body = answerSchema.safeParse(parseJson(text));
  const answer = body.success ? body.data : {};
  if (status === 202)
    return { kind: 'ambiguous', detail: `${call.service.name} took the request and did not finish it` };
  if (status >= 200 && status < 300) return readSuccess(answer, call, sent);
  const refusal = readRefusal(status, answer, call);
  const wait = status === 429 || status === 503 ? readWait(retryAfter, now) : undefined;
  return refusal.kind === 'failed' && wait !== undefined ? { ...refusal, retryAfter: wait } : refusal;
}

/** A `Retry-After` of seconds or of an HTTP date, in milliseconds; undefined if it is neither. */
function readWait(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const isDate = /^\w{3,9},? .*GMT$/.test(text);
  const ms = /^\s*\d{1,9}\s*$/.test(text) ? Number(text) * 1000 : isDate ? Date.parse(text) - now : Number.NaN;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function readSuccess(
  answer: Record<string, unknown>,
  call: ProcessorCall,
  sent: Readonly<Record<string, unknown>>,
): ProcessorAnswer {
  const other = otherDate(answer, call, sent);
  if (other !== undefined) return failed(`asked for ${call.date}, ${call.service.name} answered for ${other}`, false);
  const entries = readEntries(answer);
  const ours = entries.filter((entry) => entry.processor === call.processor);
  if (ours.length === 0) {
    // Services of this kind leave out what they do not know; a list that cannot be read says nothing.
    const onlyOthers = Array.isArray(answer.results) && entries.every((entry) => entry.processor !== undefined);
    return onlyOthers && entries.length === countEntries(answer)
      ? failed(`${call.service.name} does not know the processor ${call.processor}`, false, 'setup')
      : unstated;
  }
  const broken = ours.find((entry) => entry.status === 'error' || entry.status === 'exception');
  if (broken) return failed(cleanDetail(broken.error) ?? `reported "${broken.status}" without saying why`, true);
  return ours.every((entry) => entry.status === 'success') ? { kind: 'answered', reported: 'success' } : unstated;
}

function countEntries(answer: Record<string, unknown>): number {
  return Array.isArray(answer.results) ? answer.results.length : 0;
}

function readEntries(answer: Record<string, unknown>): Entry[] {
  const results = Array.isArray(answer.results) ? answer.results : [];
  return results.flatMap((entry) => {
    const read = entrySchema.safeParse(entry);
    return read.success ? [read.data] : [];
  });
}

/** A date that the answer repeats and that is not ours: a keyword or a time zone at work over there. */
function otherDate(
  answer: Record<string, unknown>,
  call: ProcessorCall,
  sent: Readonly<Record<string, unknown>>,
): string | undefined {
  const keys = ['analysis_date', ...Object.keys(sent).filter((key) => sent[key] === call.date)];
  return keys
    .map((key) => answer[key])
    .filter((value) => typeof value === 'string')
    .filter((value) => /^\d{4}-\d{2}-\d{2}/.test(value))
    .map((value) => value.slice(0, 10))
    .find((value) => value !== call.date);
}

function readRefusal(status: number, answer: Record<string, unknown>, call: ProcessorCall): ProcessorAnswer {
  const { name, path } = call.service;
  if (status < 400)
    return failed(`${name} redirects ${path} to another address, which is not followed (${status})`, false);
  if (status === 401 || status === 403) {
    return failed(`${name} does not let us in (${status}): allow Backcourt's account to call it`, false, 'setup');
  }
  // A gateway that lost patience, while what it stands before may work on.
  if (status === 504) return { kind: 'ambiguous', detail: `the gateway of ${name} gave up waiting for it (504)` };
  const why = cleanDetail(answer.error) ?? cleanDetail(answer.message);
  const detail = `${name} answered ${status}${why === undefined ? '' : `: ${why}`}`;
  const about = status >= 500 ? 'service' : status === 429 ? 'busy' : undefined;
  return failed(detail, status >= 500 || passing.has(status), about);
}

function failed(detail: string, retry: boolean, about?: 'service' | 'busy' | 'setup'): ProcessorAnswer {
  return { kind: 'failed', detail: cleanDetail(detail) ?? 'failed', retry, ...(about ? { about } : {}) };
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const scrub = makeScrubber([]);

/**
 * A foreign text as one line of at most 200 characters, without what looks like a secret, since a channel may read it; undefined
 * if there is nothing in it.
 */
export function cleanDetail(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const whole = (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 20 * longestDetail);
  const text = scrub(whole)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  if (text === '') return undefined;
  const characters = [...text.slice(0, 2 * longestDetail)];
  return characters.length <= longestDetail ? text : `${characters.slice(0, longestDetail - 1).join('')}…`;
}
