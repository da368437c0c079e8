/**
 * The record of ports that handlers and jobs are given. Time, chance and the outside world come in through here and
 * nowhere else, so that a simulation can own them.
 */
import type { Logger } from 'pino';
import type { Chat } from './chat/chat.ts';
import type { Views } from './chat/views.ts';
import type { Snapshot } from './core/backfill/backfill.ts';
import type { Catalogue } from './core/catalogue/catalogue.ts';
import type { CalendarDate } from './core/dates.ts';
import type { Verdict } from './core/verdict.ts';
import type { Processor } from './processor/processor.ts';
import type { Store } from './store/store.ts';
import type { Tasks } from './tasks/tasks.ts';
import type { Warehouse } from './warehouse/warehouse.ts';

/** Time: epoch milliseconds, and waiting. */
export type Clock = {
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** Resolves when everything else that is ready has had its turn: long work calls it between its steps. */
  giveWay(): Promise<void>;
};

/** Chance: ids that sort by time are not needed; they are short, lower case, and safe in a URL. */
export type Ids = { next(): string };

/** One cell as it is now: its verdict, and what of it and of what it reads can be compared with later. */
export type Looked = { readonly verdict: Verdict; readonly snapshot: Snapshot; readonly inputs: string };

/** Looks at a cell; throws a Fault `later` if it could not be read. */
export type Look = (table: string, date: CalendarDate) => Promise<Looked>;

/** An SVG of ours as PNG, at twice its size; throws a Fault if that does not work. */
export type Draw = (svg: string) => Promise<Uint8Array<ArrayBuffer>>;

/** Counts what an operator wants to see of this process, and no other port shows. */
export type Count = (event: 'claim refused' | 'lease lost' | 'lease taken over', why?: string) => void;

export type Ports = {
  readonly catalogue: Catalogue;
  readonly warehouse: Warehouse;
  readonly look: Look;
  readonly store: Store;
  readonly tasks: Tasks;
  readonly processor: Processor;
  readonly chat: Chat;
  /** Absent where nobody can be shown a form, as at a terminal. */
  readonly views?: Views;
  readonly draw: Draw;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  /** Names this process among those that may hold attempts and send messages. */
  readonly instance: string;
  /**
   * The names (an SQL `like` pattern) of processes that are surely gone when this one runs: all others where it alone has
   * the store, else those that had its home before it. Absent: whoever died is known by the end of its leases alone.
   */
  readonly predecessors?: string;
  /** Several people's processes share the store, so that whoever is at a terminal may be anybody. */
  readonly isShared?: boolean;
  /** Aborts when the process was asked to end: from then on nothing is begun. */
  readonly stopping?: AbortSignal;
  readonly count?: Count;
};
