/**
 * Before anything is stored to run: whether a second person has to say yes to this plan, and whether the yes that was
 * said is for it. A terminal asks nobody: on a home of one's own there is nobody to ask, and on a shared one nobody can
 * tell who types.
 */
import { createHash } from 'node:crypto';
import { approversOf } from '../core/access/access.ts';
import { needSecond, showPlan } from '../core/access/second-person.ts';
import type { ShownPlan, WhySecond } from '../core/access/shown-plan.ts';
import type { Approval, Decision } from '../core/backfill/approval.ts';
import type { Backfill } from '../core/backfill/backfill.ts';
import type { CalendarDate } from '../core/dates.ts';
import type { Origin, Person } from '../core/origin.ts';
import type { Prepared } from '../core/plan/preflight.ts';
import { writeRequest } from '../core/request/write-request.ts';
import { Fault, type Refusal, refuse } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { askQueued, insertAsking, type Question, showAnew } from '../store/approvals.ts';
import { recordAudit } from '../store/audit.ts';
import { type Asker, type LaunchRequest, launchDetail, makeBackfill, requestKeyOf } from './new-backfill.ts';

/** A second person has approved the plan of this fingerprint. */
export type Approved = {
  readonly kind: 'approved';
  readonly fingerprint: string;
  readonly decision: Decision;
  readonly origin?: Origin;
};

/** A launch of its own; one that is stored and whose turn has come; or one that a second person approved. */
export type How = { readonly kind: 'new' } | { readonly kind: 'queued' } | Approved;

export type AskedSecond =
  | { readonly kind: 'asks' | 'same'; readonly id: string }
  /** Another plan than was approved is shown now. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'gone' };

/** Why a plan would wait for a second person, for a dry run of it. */
export function needsSecond({ catalogue, isShared }: Ports, { channel }: Asker, prepared: Prepared): WhySecond[] {
  if (channel === null && isShared !== true) return [];
  return needSecond(catalogue.access, showPlan(prepared.plan, prepared.preflight));
}

/** Null: it may run. */
export async function askSecond(
  ports: Ports,
  request: LaunchRequest,
  asker: Asker,
  prepared: Prepared,
  how: How,
): Promise<AskedSecond | Refusal | null> {
  const { access } = ports.catalogue;
  const plan = showPlan(prepared.plan, prepared.preflight);
  const why = needSecond(access, plan);
  if (asker.channel === null) return refuseAtTerminal(ports, request, plan, why);
  if (how.kind !== 'approved' && (why.length === 0 || access === undefined)) return null;
  const fingerprint = fingerprintOf(plan);
  // Where nothing is left to run, nothing is left to approve.
  if (how.kind === 'approved' && (how.fingerprint === fingerprint || plan.steps.length === 0)) return null;
  const now = ports.clock.now();
  const may = approversOf(access, [...new Set(plan.steps.map(({ table }) => table))]);
  if (may !== 'everybody' && may.length === 0)
    return refuse(
      'This takes the yes of a second person, and by the pipeline file nobody may give it for all of its tables. Nothing was started.',
    );
  const expiresAt = now + (access?.answerWithin ?? 24 * 3_600_000);
  const question = { fingerprint, shown: { plan, why, may }, now, expiresAt };
  const asking = { request, asker, prepared, question };
  return how.kind === 'approved' ? askAnew(ports, asking, how) : ask(ports, asking, how);
}

/** Equal for equal plans: what runs, what of it is written again, and which blocked dates run all the same. */
function fingerprintOf(plan: ShownPlan): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex');
}

function refuseAtTerminal(
  { isShared }: Ports,
  request: LaunchRequest,
  plan: ShownPlan,
  why: readonly WhySecond[],
): Refusal | null {
  if (isShared !== true || (why.length === 0 && plan.overridden.length === 0)) return null;
  const chat = writeRequest(request, '/backfill');
  return refuse(
    `This needs a second person, and a terminal cannot tell people apart. Nothing was started. Ask for it in the chat: ${chat}`,
  );
}

type Asking = {
  readonly request: LaunchRequest;
  readonly asker: Asker;
  readonly prepared: Prepared;
  readonly question: Question;
};

async function ask(
  ports: Ports,
  { request, asker, prepared, question }: Asking,
  how: Exclude<How, Approved>,
): Promise<AskedSecond> {
  const { preflight, plan } = prepared;
  const backfill = makeBackfill(ports, request, asker, { state: 'waiting_approval', preflight });
  const { id, createdAt: at } = backfill;
  const asked = writeRequest({ ...request, options: { ...request.options, after: null } }, '/backfill');
  const created = { backfill, requestKey: requestKeyOf(ports, request), asked };
  const result = await ports.store.transaction(async (query) => {
    const stored =
      how.kind === 'new' ? await insertAsking(query, created, question) : await askQueued(query, backfill, question);
    if (stored.kind === 'created') {
      const { why } = question.shown;
      const detail = {
        ...launchDetail(request, asker),
        cells: plan.cells.length,
        secondPerson: why.map(({ kind }) => kind),
        plan: question.fingerprint,
      };
      const action = how.kind === 'new' ? 'launch' : 'ask';
      await recordAudit(query, { at, actor: asker.user, action, subject: id, detail });
    }
    return stored;
  });
  if (result.kind === 'same') return result;
  return result.kind === 'created' ? { kind: 'asks', id } : { kind: 'gone' };
}

/** The approval does not count, since it was for another plan. */
async function askAnew(
  { store, clock }: Ports,
  { asker, prepared, question }: Asking,
  { fingerprint: was, decision, origin }: Approved,
): Promise<AskedSecond> {
  const { backfill: id } = asker;
  if (id === undefined) throw new Fault('an approval of a backfill that is not stored', 'never');
  const { preflight } = prepared;
  const at = clock.now();
  const { by } = decision;
  const isShown = await store.transaction(async (query) => {
    const shown = await showAnew(query, { id, preflight }, was, question, { at, by });
    const detail = { asked: asker.user, was, plan: question.fingerprint, ...origin };
    if (shown) await recordAudit(query, { at, actor: by, action: 'replan', subject: id, detail });
    return shown;
  });
  return { kind: isShown ? 'changed' : 'gone' };
}

/**
 * Why cells that were left of a backfill may not run again without a second person; null if they may. A yes to the plan
 * that they were in holds for its retries. Rows that a retry writes again are those that its own plan was to write.
 */
export function refuseRetryUnasked(
  ports: Ports,
  { id, preflight }: Pick<Backfill, 'id' | 'preflight'>,
  again: readonly { readonly table: string; readonly date: CalendarDate }[],
  approval: Approval | undefined,
  { origin }: Person,
): Refusal | null {
  const atTerminal = origin?.from.startsWith('terminal ') === true;
  if (approval?.decision?.kind === 'approved' || (atTerminal && ports.isShared !== true)) return null;
  const steps = again.map(({ table, date }) => ({ table, dates: [date], overwritten: [] }));
  const overridden = (preflight.overridden ?? [])
    .filter(({ table, date }) => again.some((cell) => cell.table === table && cell.date === date))
    .map(({ date }) => date);
  if (needSecond(ports.catalogue.access, { steps, overridden }).length === 0) return null;
  return refuse(
    `What is left of backfill ${id} takes the yes of a second person by now, and nobody has approved it. Nothing was started. Launch its dates anew, so that somebody can be asked.`,
    `/backfill handover ${id}`,
  );
}
