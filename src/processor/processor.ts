/**
 * The processor port: asks the service that fills a table to fill one date. What it answers is a hint and never the
 * truth: services of this kind answer 200 after writing nothing. The rows that are there afterwards decide.
 */

import type { Said } from '../core/backfill/outcome.ts';
import type { Service } from '../core/catalogue/catalogue.ts';
import type { CalendarDate } from '../core/dates.ts';
import type { Finding } from '../finding.ts';

export type ProcessorCall = {
  readonly service: Service;
  /** The service's own name of what it should run; never empty (an empty list runs everything). */
  readonly processor: string;
  readonly date: CalendarDate;
  /** Our attempt id, sent along so that the service's log can be matched with ours. */
  readonly attempt: string;
};

/**
 * answered: HTTP 200, and what it reported of this processor and date (`unstated` if it did not say).
 * failed: it refused or reported an error; nothing is running there now.
 * ambiguous: we do not know whether it is still running (deadline passed, connection lost after the request was sent).
 */
export type ProcessorAnswer = Said;

export type Processor = {
  /** Never throws for what the service does; all of that is an answer. */
  run(call: ProcessorCall, signal?: AbortSignal): Promise<ProcessorAnswer>;
  /** Whether these services can be reached and let us in; asks them for nothing. Never throws. */
  check?(services: readonly Service[]): Promise<Finding[]>;
};
