/**
 * One run of one processor for one date, with its journal and its faults on request. Two calls for the same processor
 * and date wait for each other: between the DELETE and the INSERT of one, the other must not delete.
 */
import { appendFile } from 'node:fs/promises';
import type { Clock } from '../../src/ports.ts';
import { createFaults, type Faults } from './faults.ts';
import { type Duckdb, type Processor, runProcessor } from './processors.ts';

/** What a run says of itself, as an entry of `results`. */
export type Result = {
  readonly processor: string;
  readonly status: 'success' | 'error';
  readonly stats: Readonly<Record<string, unknown>>;
  readonly error?: string;
};
/** Runs a processor. `broken` is a failure of the whole service, to be answered as 500. Never throws. */
export type Work = (
  processor: Processor,
  date: string,
  correlation: string | null,
) => Promise<Result | { readonly broken: string }>;

type WorkOptions = {
  readonly duckdb: Duckdb;
  readonly clock: Clock;
  readonly journal?: string;
  readonly faults?: Faults;
};
type Done = { readonly rows: number } | { readonly failed: string } | { readonly broken: string };

/** Runs one after another what has the same name; different names run side by side. */
function createLanes(): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const mine = (last.get(name) ?? Promise.resolve()).then(work, work);
    last.set(name, mine);
    const forget = () => {
      if (last.get(name) === mine) last.delete(name);
    };
    mine.then(forget, forget);
    return mine;
  };
}

function createWrite({ duckdb, clock, faults }: WorkOptions, closing: AbortSignal) {
  const faultOf = createFaults(faults ?? {});
  return async (processor: Processor, date: string): Promise<Done> => {
    const fault = faultOf(processor.name, date);
    if (fault.wait > 0) await clock.wait(fault.wait, closing);
    if (closing.aborted) return { broken: 'The service is closing' };
    if (fault.kind === 'error') return { broken: `${processor.name} failed for ${date}, as was asked of it` };
    if (fault.kind === 'empty') return { rows: 0 };
    try {
      const amount = fault.kind === 'none' ? 'all' : fault.kind;
      return { rows: await runProcessor(duckdb, processor, date, clock.now(), amount) };
    } catch (error) {
      return { failed: error instanceof Error ? error.message : String(error) };
    }
  };
}

/** Makes the function that runs processors. After `closing` no run begins to write. */
export function createWork(options: WorkOptions, closing: AbortSignal): Work {
  const { clock, journal } = options;
  const write = createWrite(options, closing);
  const inLane = createLanes();
  const note = async (line: object) => {
    if (journal === undefined) return;
    const at = new Date(clock.now()).toISOString();
    await appendFile(journal, `${JSON.stringify({ ...line, pid: process.pid, at })}\n`);
  };
  return (processor, date, correlation) =>
    inLane(`${processor.name} ${date}`, async () => {
      const run = { processor: processor.name, date, correlation_id: correlation };
      await note({ event: 'start', ...run });
      const done = await write(processor, date);
      await note({ event: 'end', ...run, ...done });
      if ('broken' in done) return done;
      const about = { processor: processor.name, stats: { date, rows_processed: 'rows' in done ? done.rows : 0 } };
      return 'rows' in done ? { ...about, status: 'success' } : { ...about, status: 'error', error: done.failed };
    });
}
