/** A backfill before it is stored, whatever it will wait for. */
import { createHash } from 'node:crypto';
import type { Backfill } from '../core/backfill/backfill.ts';
import type { Person } from '../core/origin.ts';
import type { BackfillRequest } from '../core/request/request.ts';
import type { Ports } from '../ports.ts';

export type LaunchRequest = Extract<BackfillRequest, { verb: 'launch' }>;

/**
 * Who asks, and where the answer goes; `channel` is null on the command line. `backfill`: the id to give it, where the
 * same request may be performed again.
 */
export type Asker = Person & { readonly channel: string | null; readonly backfill?: string };

/** Equal for equal requests, whoever asks. */
export function requestKeyOf({ catalogue }: Pick<Ports, 'catalogue'>, { table, when, options }: LaunchRequest): string {
  const parts = [catalogue.pipeline, table, when.dates, options];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** A backfill of which nothing is known yet but what was asked. */
export function makeBackfill(
  ports: Pick<Ports, 'catalogue' | 'clock' | 'ids'>,
  { table, when, options }: LaunchRequest,
  asker: Asker,
  known: Pick<Backfill, 'state'> & Partial<Backfill>,
): Backfill {
  return {
    id: asker.backfill ?? ports.ids.next(),
    pipeline: ports.catalogue.pipeline,
    target: table,
    from: when.from,
    to: when.to,
    options,
    result: null,
    round: 1,
    steered: null,
    requestedBy: asker.user,
    channel: asker.channel,
    waitsFor: null,
    createdAt: ports.clock.now(),
    startedAt: null,
    finishedAt: null,
    preflight: { ready: [], blocked: [], warnings: [], skipped: [] },
    quality: null,
    qualityBefore: null,
    coverageBefore: null,
    coverageAfter: null,
    unblocked: null,
    forecast: null,
    ...known,
  };
}

/** What the audit log keeps of a launch. */
export function launchDetail({ table: target, when, options }: LaunchRequest, { origin }: Person) {
  return { target, when: when.said, options, reason: options.reason, ...origin };
}
