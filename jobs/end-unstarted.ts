/** Ends a stored backfill that never started: its turn came and it cannot run, or nobody said the second yes. */
import { ringQueued } from '../src/engine/ring.ts';
import { findView } from '../src/engine/view.ts';
import type { Message } from '../src/messages/message.ts';
import type { Ports } from '../src/ports.ts';
import { type AuditEntry, recordAudit } from '../src/store/audit.ts';
import { listQueuedAfter } from '../src/store/queue.ts';
import type { Query } from '../src/store/store.ts';
import { put, putView, ring, rootKey } from './show-progress.ts';
import { tellFollowers } from './tell-followers.ts';

export type End = {
  /** Writes the end; false where it waits no more. */
  readonly write: (query: Query, now: number) => Promise<boolean>;
  readonly entry: Pick<AuditEntry, 'actor' | 'action' | 'detail'>;
  /** What its thread says of it, beside what follows from the store. */
  readonly say?: Message;
};

/**
 * The end and its messages in one transaction; those that waited for this one are rung for after it. False where it had
 * ended or started before.
 */
export async function endUnstarted(
  ports: Ports,
  { id, channel }: { readonly id: string; readonly channel: string | null },
  { write, entry, say }: End,
): Promise<boolean> {
  const bells = await ports.store.transaction(async (query) => {
    const now = ports.clock.now();
    if (!(await write(query, now))) return null;
    await recordAudit(query, { at: now, subject: id, ...entry });
    const view = await findView(query, id);
    if (!view) return [];
    const told = await tellFollowers(ports, query, view);
    if (channel === null) return told;
    const shown = await putView(ports, query, view);
    const said =
      say && (await put(ports, query, { key: `backfill:${id}:refused`, channel, threadOf: rootKey(id), content: say }));
    return [...shown, ...(said ? [said] : []), ...told];
  });
  if (bells === null) return false;
  ports.log.info({ backfill: id, action: entry.action }, 'backfill ended before it started');
  await ring(ports, bells);
  await ringQueued(ports, await listQueuedAfter(ports.store.query, id));
  return true;
}
