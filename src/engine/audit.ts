/** The audit log as people ask for it, and the entry of an override that was declined: nothing else would tell of it. */
import { addDays, type CalendarDate, endOfDay } from '../core/dates.ts';
import { overridesOf } from '../core/plan/overrides.ts';
import { isRefusal, type Refusal } from '../fault.ts';
import type { Ports } from '../ports.ts';
import {
  type ChainedEntry,
  listAudit,
  listAuditSince,
  recordAudit,
  type Verified,
  verifyAudit,
} from '../store/audit.ts';
import type { Launched } from './launch.ts';
import type { Asker, LaunchRequest } from './new-backfill.ts';

/** Entries from the beginning of a date on, in the pipeline's zone, or all; oldest first. */
export async function readAudit(ports: Ports, since: CalendarDate | null): Promise<ChainedEntry[]> {
  const from = since === null ? 0 : endOfDay(ports.catalogue.timeZone, addDays(since, -1));
  return listAuditSince(ports.store.query, from);
}

/** Whether anything in the log was changed since it was written. */
export async function checkAudit(ports: Ports): Promise<Verified> {
  return ports.store.transaction(verifyAudit);
}

/** Enters a launch that asked for an override and was declined all the same. May be repeated for the same request. */
export async function noteDeclined(
  ports: Ports,
  request: LaunchRequest,
  asker: Asker,
  launched: Launched | Refusal,
): Promise<void> {
  const overrides = overridesOf(request.options);
  const why = sayDeclined(launched);
  if (overrides.length === 0 || why === null) return;
  const subject = asker.backfill ?? ports.ids.next();
  const { table: target, when } = request;
  const detail = { target, when: when.said, overrides, reason: request.options.reason, why, ...asker.origin };
  await ports.store.transaction(async (query) => {
    if ((await listAudit(query, subject)).length > 0) return;
    await recordAudit(query, { at: ports.clock.now(), actor: asker.user, action: 'refused', subject, detail });
  });
}

function sayDeclined(launched: Launched | Refusal): string | null {
  if (isRefusal(launched)) return launched.message;
  if (launched.kind === 'refused') return 'dates are blocked';
  return launched.kind === 'overlap' ? 'another backfill works on these dates' : null;
}
