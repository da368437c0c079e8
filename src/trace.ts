/**
 * Which request of somebody a line of the log belongs to, across processes: the id that Google's front end gives a
 * request goes with the tasks that come of it, and with the calls of processors that those make. No spans are recorded.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Task } from './tasks/tasks.ts';

export type Trace = {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** 16 hexadecimal digits: of whoever asked us. */
  readonly span: string;
  /** What the work is about. */
  readonly labels: Readonly<Record<string, string>>;
};

const storage = new AsyncLocalStorage<Trace>();

/** Of what runs now; undefined outside of `runTraced`. */
export function currentTrace(): Trace | undefined {
  return storage.getStore();
}

/** Runs work, and all that it begins, as part of a trace. */
export function runTraced<T>(trace: Trace, work: () => T): T {
  return storage.run(trace, work);
}

/** The trace that a request's headers name (W3C or Google's older one), else one that begins here. */
export function readTrace(headers: IncomingHttpHeaders): Trace {
  const [, id, span] = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-/i.exec(textOf(headers.traceparent)) ?? [];
  if (id !== undefined && span !== undefined && !/^0+$/.test(id)) return makeTrace(id, span);
  const [, old, number] = /^([\da-f]{32})(?:\/(\d{1,20}))?/i.exec(textOf(headers['x-cloud-trace-context'])) ?? [];
  if (old === undefined) return newTrace();
  const hex = BigInt.asUintN(64, BigInt(number ?? '0')).toString(16);
  return makeTrace(old, hex.padStart(16, '0'));
}

/** The headers that carry the current trace on; none outside of one. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const trace = currentTrace();
  return trace === undefined ? {} : { traceparent: `00-${trace.id}-${trace.span}-01` };
}

/** Performs a task as part of the trace in which it was asked for, labelled with what it is about. */
export function traceTask<T>(task: Task, asked: Trace | undefined, work: () => T): T {
  const known = Object.entries(task).filter(([name]) => labelled.has(name));
  return runTraced({ ...(asked ?? newTrace()), labels: Object.fromEntries(known) as Record<string, string> }, work);
}
const labelled = new Set(['kind', 'backfill', 'table', 'date', 'channel']);

function newTrace(): Trace {
  return makeTrace(randomBytes(16).toString('hex'), randomBytes(8).toString('hex'));
}

function makeTrace(id: string, span: string): Trace {
  return { id: id.toLowerCase(), span: span.toLowerCase(), labels: {} };
}

function textOf(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : '';
}
