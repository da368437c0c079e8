/** Accepting gaps and taking that back, each with its entry in the audit log. */

import type { AcceptedGap } from '../core/coverage/coverage-report.ts';
import type { Person } from '../core/origin.ts';
import type { CoverageRequest } from '../core/request/request.ts';
import { type Refusal, refuse } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { recordAudit } from '../store/audit.ts';
import { insertGap, revokeGap as recordRevoked } from '../store/gaps.ts';

export type AcceptRequest = Extract<CoverageRequest, { verb: 'accept' }>;

/** Accepts the dates as a gap. `id`: where the same request may be performed again, so that it stays one gap. */
export async function acceptGap(
  ports: Ports,
  request: AcceptRequest,
  by: Person,
  id = ports.ids.next(),
): Promise<AcceptedGap> {
  const now = ports.clock.now();
  const gap = {
    id,
    table: request.table,
    dates: request.when.dates,
    reason: request.reason,
    acceptedBy: by.user,
    acceptedAt: now,
  };
  await ports.store.transaction(async (query) => {
    if (!(await insertGap(query, ports.catalogue.pipeline, gap))) return;
    const detail = { table: gap.table, dates: gap.dates, reason: gap.reason, ...by.origin };
    await recordAudit(query, { at: now, actor: by.user, action: 'accept', subject: id, detail });
  });
  return gap;
}

/** Takes an accepted gap back, so that its dates are judged as any others. */
export async function revokeGap(ports: Ports, id: string, by: Person): Promise<AcceptedGap | Refusal> {
  const now = ports.clock.now();
  const { pipeline } = ports.catalogue;
  const gap = await ports.store.transaction(async (query) => {
    const revoked = await recordRevoked(query, { pipeline, id, by: by.user, now });
    if (revoked) {
      const detail = { table: revoked.table, dates: revoked.dates, ...by.origin };
      await recordAudit(query, { at: now, actor: by.user, action: 'revoke', subject: id, detail });
    }
    return revoked;
  });
  return gap ?? refuse(`No accepted gap ${id} holds.`, '/coverage accepted');
}
