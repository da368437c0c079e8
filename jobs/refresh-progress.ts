/** Brings a backfill's messages up to date with the store. */
import { findView } from '../src/engine/view.ts';
import type { Ports } from '../src/ports.ts';
import { putProgress } from './show-progress.ts';

/** A backfill that is finished is left to `finish-backfill`, so that a late refresh cannot undo the final message. */
export async function refreshProgress(ports: Ports, task: { readonly backfill: string }): Promise<void> {
  const view = await findView(ports.store.query, task.backfill);
  if (view && view.backfill.state !== 'done') await putProgress(ports, view);
}
