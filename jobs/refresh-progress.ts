/** Brings a backfill's messages up to date with the store. */
import type { Ports } from '../src/ports.ts';
import { refreshHomeOf } from './publish-home.ts';
import { putProgress } from './show-progress.ts';

/** May come late, twice or not at all: what is shown is what is true when it is put. */
export async function refreshProgress(ports: Ports, task: { readonly backfill: string }): Promise<void> {
  await putProgress(ports, task.backfill);
  await refreshHomeOf(ports, task.backfill);
}
