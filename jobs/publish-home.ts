/**
 * The Home tab of one person: what waits for them, what they have running, what is watched and what ended. Always the
 * whole of it from the store, so that it may come twice, late or not at all.
 */
import { findRoles, refuseDeed } from '../src/access/permit.ts';
import type { BackfillView } from '../src/core/backfill/backfill.ts';
import { dateIn } from '../src/core/dates.ts';
import { exampleCommand } from '../src/core/request/help.ts';
import { readKept } from '../src/core/watch/kept-state.ts';
import { holesOf } from '../src/core/watch/watch.ts';
import { findView } from '../src/engine/view.ts';
import { Fault } from '../src/fault.ts';
import { type HomeBackfill, homeView, type WatchedTable } from '../src/messages/home-view.ts';
import type { Ports } from '../src/ports.ts';
import { listBackfills } from '../src/store/backfills.ts';
import { findHome, type HomeOwner, listHomes } from '../src/store/homes.ts';
import { listWatches, listWatchingChannels } from '../src/store/watches.ts';
import { taskName } from '../src/tasks/task-name.ts';
import { offerSteering } from './show-progress.ts';

/** A home is shown anew this often at most: Slack's budget is one for all people. */
const bucketMs = 10_000;
/** Backfills that are looked through, and homes that are shown anew after a restart. */
const [latest, mostHomes] = [40, 200];

/** Publishes the Home tab of somebody who has opened it before. */
export async function publishHome(ports: Ports, { user }: { readonly user: string }): Promise<void> {
  const home = await findHome(ports.store.query, user);
  if (!home || !ports.views) return;
  const shown = await ports.views.publish(await viewFor(ports, home), user);
  if (shown.kind === 'later') throw new Fault('Slack did not take the Home tab', 'later');
  if (shown.kind !== 'ok') ports.log.warn({ result: shown, user }, 'Home tab was not shown');
}

/** Asks for the home of whoever asked for a backfill to be shown anew, at the end of the running bucket. */
export async function refreshHomeOf(ports: Ports, backfill: string): Promise<void> {
  if (!ports.views) return;
  const [row] = await ports.store.query<{ user: string }>(
    `select r.payload->>'user' as "user" from backfills b join requests r on r.id = 'home:' || b.requested_by
     where b.id = $1 and r.kind = 'home'`,
    [backfill],
  );
  if (row) await refreshHome(ports, row.user);
}

/** The same for one person. */
export async function refreshHome(ports: Ports, user: string): Promise<void> {
  const bucket = Math.floor(ports.clock.now() / bucketMs) + 1;
  const task = { v: 1, kind: 'publish-home', user } as const;
  await ports.tasks.enqueue([{ name: taskName(['home', user, bucket]), task, notBefore: bucket * bucketMs }]);
}

/** The same for all that were opened last: after a restart every home may tell of a time that is over. */
export async function refreshHomes(ports: Ports, limit = mostHomes): Promise<void> {
  if (!ports.views) return;
  for (const { user } of await listHomes(ports.store.query, limit)) await refreshHome(ports, user);
}

async function viewFor(ports: Ports, { user, channel }: HomeOwner) {
  const { catalogue, clock, store } = ports;
  const doer = { user, channel };
  const roles = await findRoles(ports, doer);
  const seen = [...catalogue.tables].filter(([alias]) => roles('viewer').on(alias));
  const backfills = await listBackfills(store.query, { pipeline: catalogue.pipeline, limit: latest });
  const views = await Promise.all(backfills.map(({ id }) => findView(store.query, id)));
  const known = views.filter((view) => view !== undefined);
  const open = known.filter(({ backfill }) => backfill.finishedAt === null);
  const waiting: BackfillView[] = [];
  for (const view of open) if (await waitsFor(ports, view, doer)) waiting.push(view);
  const mine = open.filter(({ backfill }) => backfill.requestedBy === user);
  const today = dateIn(catalogue.timeZone, clock.now());
  return homeView({
    channel,
    waiting: await Promise.all(waiting.map((view) => withOffers(ports, view))),
    running: await Promise.all(mine.map((view) => withOffers(ports, view))),
    recent: known.filter(({ backfill }) => backfill.finishedAt !== null),
    watched: (await listWatched(ports)).filter(({ table }) => roles('viewer').on(table)),
    example: exampleCommand('/coverage', { catalogue: { ...catalogue, tables: new Map(seen) }, today }),
    mayFill: roles('operator').anywhere,
    now: clock.now(),
  });
}

/** Whether this person may be the second one. Nobody is told here of what waits for others. */
async function waitsFor(ports: Ports, { backfill }: BackfillView, doer: HomeOwner): Promise<boolean> {
  const { state, requestedBy, target, preflight } = backfill;
  if (state !== 'waiting_approval' || requestedBy === doer.user) return false;
  const tables = [...new Set([target, ...preflight.ready.map(({ table }) => table)])];
  return (await refuseDeed(ports, { action: 'approve', tables, requestedBy }, doer)) === null;
}

async function withOffers(ports: Ports, view: BackfillView): Promise<HomeBackfill> {
  return { view, offers: await ports.store.transaction((query) => offerSteering(ports, query, view)) };
}

async function listWatched({ catalogue, store }: Ports): Promise<WatchedTable[]> {
  const { pipeline } = catalogue;
  const tables = new Map<string, WatchedTable>();
  for (const channel of await listWatchingChannels(store.query, pipeline)) {
    for (const { table, kept } of await listWatches(store.query, { pipeline, channel })) {
      const holes = kept === null ? null : holesOf(readKept(kept)).map(({ date }) => date);
      if (!tables.has(table) || holes !== null) tables.set(table, { table, holes });
    }
  }
  return [...tables.values()];
}
