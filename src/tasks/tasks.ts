/**
 * The task port and the union of tasks. A task is a doorbell: its payload holds ids, the truth is read again from the
 * store, so that a task may come twice, late, out of order or not at all.
 */
import { z } from 'zod';
import type { Finding } from '../finding.ts';

const v = z.literal(1);

/** Every kind of task, as it travels through the queue. */
export const taskSchema = z.discriminatedUnion('kind', [
  z.strictObject({ v, kind: z.literal('report-coverage'), request: z.string() }),
  z.strictObject({ v, kind: z.literal('start-backfill'), request: z.string() }),
  z.strictObject({ v, kind: z.literal('start-queued'), backfill: z.string() }),
  z.strictObject({ v, kind: z.literal('fill-cell'), backfill: z.string(), table: z.string(), date: z.iso.date() }),
  z.strictObject({ v, kind: z.literal('verify-cell'), backfill: z.string(), table: z.string(), date: z.iso.date() }),
  z.strictObject({ v, kind: z.literal('refresh-progress'), backfill: z.string() }),
  z.strictObject({ v, kind: z.literal('finish-backfill'), backfill: z.string() }),
  z.strictObject({ v, kind: z.literal('send-message'), message: z.string() }),
  z.strictObject({ v, kind: z.literal('watch-coverage'), channel: z.string(), day: z.iso.date() }),
  z.strictObject({ v, kind: z.literal('review-form'), request: z.string() }),
  z.strictObject({ v, kind: z.literal('publish-home'), user: z.string() }),
  z.strictObject({ v, kind: z.literal('reconcile') }),
]);
export type Task = z.infer<typeof taskSchema>;
export type TaskKind = Task['kind'];

export type Enqueued = {
  /** Unique for ever: a second task of the same name is dropped. Holds the generation where a thing can be asked again. */
  readonly name: string;
  readonly task: Task;
  /** Not before this instant (epoch milliseconds). */
  readonly notBefore?: number;
};

export type Tasks = {
  /** Accepts all or throws a Fault; names that are known already are success. */
  enqueue(tasks: readonly Enqueued[]): Promise<void>;
  /** Whether tasks that were not performed are gone when this process ends. */
  readonly endsWithProcess?: boolean;
  /** Cells that the queue has performed at a time; absent where it has no bound of its own. */
  readonly cellsAtATime?: number;
  /** Whether the queue is there and takes tasks; absent where it is in this process. */
  check?(): Promise<Finding[]>;
};

/** Performs one task; throws a Fault to be called again later. */
export type TaskHandler = (task: Task) => Promise<void>;
