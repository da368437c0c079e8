/** The second person's answer as `--json` prints it. */
import type { Approval } from './approval.ts';
import type { Backfill } from './backfill.ts';
import type { ApprovalReport } from './backfill-report.ts';

/** Null where no second person was asked. */
export function reportApproval(
  approval: Approval | undefined,
  { state }: Pick<Backfill, 'state'>,
): ApprovalReport | null {
  if (approval === undefined) return null;
  const { decision, why, plan, expiresAt } = approval;
  const waiting = state === 'waiting_approval' ? 'waiting' : 'withdrawn';
  return {
    state: decision?.kind ?? waiting,
    by: decision === null || decision.kind === 'expired' ? null : decision.by,
    reason: decision?.reason ?? null,
    why,
    plan,
    expiresAt: new Date(expiresAt).toISOString(),
  };
}
