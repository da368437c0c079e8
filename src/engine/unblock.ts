/** What can be filled downstream of a backfill whose cells are final. */
import type { BackfillView } from '../core/backfill/backfill.ts';
import type { Unblocked } from '../core/backfill/backfill-report.ts';
import { downstreamOf } from '../core/catalogue/closure.ts';
import { findUnblocked } from '../core/plan/unblocked.ts';
import type { Ports } from '../ports.ts';
import { assess } from './assess.ts';

/** Reads the tables downstream on the dates that were filled. Judged as a backfill is, since one is to follow. */
export async function answerUnblocked(ports: Ports, { cells }: Pick<BackfillView, 'cells'>): Promise<Unblocked[]> {
  const filled = cells.filter(({ state }) => state === 'succeeded');
  const touched = [...new Set(filled.map(({ table }) => table))];
  const below = downstreamOf(ports.catalogue, touched).filter(({ processor }) => processor !== undefined);
  if (below.length === 0) return [];
  const dates = [...new Set(filled.map(({ date }) => date))].sort();
  const aliases = below.map(({ alias }) => alias);
  const { judging, held } = await assess(ports, aliases, dates, { names: false, inBackfill: true });
  const own = cells.map(({ table, date }) => `${table} ${date}`);
  return findUnblocked(judging, filled, new Set([...own, ...held.keys()]));
}
