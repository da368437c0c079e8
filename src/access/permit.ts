/**
 * Whether somebody may: the rules of the pipeline file, what is stored of the backfill or gap that is meant, and who is in
 * the groups that decide it. Asked where a request comes in, and again when it is acted upon: a person may have lost the
 * role meanwhile.
 */
import {
  type Deed,
  type Doer,
  findRole,
  type Groups,
  groupsOf,
  groupsToRead,
  judgeAccess,
  type Role,
  type RoleHeld,
  roleFor,
} from '../core/access/access.ts';
import { refuseDenied } from '../core/access/say-denied.ts';
import type { Asked } from '../core/asked.ts';
import { personOf } from '../core/origin.ts';
import type { BackfillRequest, CoverageRequest } from '../core/request/request.ts';
import type { Refusal } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { recordAudit } from '../store/audit.ts';
import { findBackfill } from '../store/backfills.ts';
import { findGap } from '../store/gaps.ts';

type Request = CoverageRequest | BackfillRequest;
type Needed = Pick<Ports, 'catalogue' | 'chat' | 'log'>;

/** Why somebody may not do something; null if they may. */
export async function refuseDeed(ports: Needed, deed: Deed, doer: Doer): Promise<Refusal | null> {
  const { access } = ports.catalogue;
  const groups = await readGroups(ports, groupsToRead(access, deed, doer));
  const denied = judgeAccess(access, deed, doer, groups);
  return denied && refuseDenied(denied);
}

/** The same of a request of the chat. A denial of anything but a look is entered in the audit log. */
export async function refuseRequest(
  ports: Needed & Pick<Ports, 'store' | 'clock'>,
  request: Request,
  asked: Asked,
): Promise<Refusal | null> {
  const deed = await findDeed(ports, request);
  const refusal = deed && (await refuseDeed(ports, deed, asked));
  if (!refusal) return null;
  ports.log.info({ user: asked.user, channel: asked.channel, deed }, 'request denied');
  if (roleFor[deed.action] !== 'viewer') await noteDenied(ports, request, deed, asked, refusal);
  return refusal;
}

async function noteDenied(
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  request: Request,
  deed: Deed,
  asked: Asked,
  { message: why }: Refusal,
): Promise<void> {
  const subject = 'id' in request ? request.id : deed.tables.join(',');
  const { user: actor, origin } = personOf(asked);
  const detail = { deed: deed.action, tables: deed.tables, why, ...origin };
  await store.transaction((query) =>
    recordAudit(query, { at: clock.now(), actor, action: 'forbidden', subject, detail }),
  );
}

/** What a request is about to do; null where it does nothing, or names what is not there: then it is declined for that. */
async function findDeed(
  { store, catalogue }: Pick<Ports, 'store' | 'catalogue'>,
  request: Request,
): Promise<Deed | null> {
  switch (request.verb) {
    case 'help':
      return null;
    case 'coverage':
      return { action: 'look', tables: request.tables };
    case 'why':
    case 'plan':
    case 'quality':
      return { action: 'look', tables: [request.table] };
    case 'accepted':
    case 'watches':
    case 'list':
      return { action: 'look', tables: [] };
    case 'watch':
      return { action: 'watch', tables: request.tables };
    case 'accept':
      return { action: 'accept', tables: [request.table] };
    case 'revoke': {
      const gap = await findGap(store.query, catalogue.pipeline, request.id);
      return gap ? { action: 'accept', tables: [gap.table] } : null;
    }
    case 'launch':
      return { action: request.options.dryRun ? 'look' : 'launch', tables: [request.table] };
    default: {
      const backfill = await findBackfill(store.query, request.id);
      if (backfill?.pipeline !== catalogue.pipeline) return null;
      const { target, preflight, requestedBy, state } = backfill;
      const tables = [...new Set([target, ...preflight.ready.map(({ table }) => table)])];
      const deed = { action: actionOf(request.verb), tables };
      return state === 'waiting_approval' ? { ...deed, requestedBy } : deed;
    }
  }
}

function actionOf(verb: Extract<Request, { id: string }>['verb']): Deed['action'] {
  if (verb === 'approve' || verb === 'deny') return verb;
  return verb === 'status' || verb === 'handover' || verb === 'follow' ? 'look' : 'steer';
}

/** Where somebody has each role: help shows that, and leaves out the rest. */
export async function findRoles(ports: Needed, doer: Doer): Promise<(role: Role) => RoleHeld> {
  const { access } = ports.catalogue;
  const groups = await readGroups(ports, groupsOf(access));
  return (role) => findRole(access, role, doer, groups);
}

async function readGroups({ chat, log }: Pick<Ports, 'chat' | 'log'>, ids: readonly string[]): Promise<Groups> {
  const read = await Promise.all(
    ids.map(async (id) => {
      const found = await chat.members(id);
      if (found.kind === 'ok') return [id, found.members] as const;
      log.warn({ group: id, detail: found.detail }, 'members of a user group could not be read');
      return [id, null] as const;
    }),
  );
  return new Map(read);
}
