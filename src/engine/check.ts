/**
 * Everything that is relied on, asked one by one: each port that knows how brings its own check. What does not answer is
 * a finding like any other, so that the rest is told all the same.
 */
import { groupsOf } from '../core/access/access.ts';
import { Fault } from '../fault.ts';
import { type Finding, fine, wrong } from '../finding.ts';
import { count } from '../messages/phrases.ts';
import { sayUnposted } from '../messages/unposted-words.ts';
import { toPlain } from '../messages/words.ts';
import type { Ports } from '../ports.ts';
import { checkStore } from '../store/check-store.ts';
import { listUnposted } from '../store/unposted.ts';
import { listWatchingChannels } from '../store/watches.ts';

export type Checked = Pick<Ports, 'catalogue' | 'warehouse' | 'store' | 'tasks' | 'processor' | 'chat' | 'clock'>;

/** Checks the state, and the messages that wait there. Cheap: a few small statements. */
export async function checkState({ store, clock }: Pick<Checked, 'store' | 'clock'>): Promise<Finding[]> {
  const state = await guard('store', () => checkStore(store.query, () => clock.now()));
  if (state.some(({ ok }) => !ok)) return state;
  return [...state, ...(await guard('messages', () => checkMessages(store, clock.now())))];
}

/** Checks what is outside: warehouse, queue, Slack, processors. Asks each of them once. */
export async function checkOutside(ports: Checked): Promise<Finding[]> {
  const { catalogue, warehouse, tasks, processor, chat } = ports;
  const services = [...catalogue.services.values()];
  const found = await Promise.all([
    guard('warehouse', async () => checkWarehouse([...catalogue.tables.values()], warehouse)),
    guard('queue', async () => (await tasks.check?.()) ?? [fine('queue', 'is in this process')]),
    guard('slack', async () => (await chat.check?.(await channelsOf(ports))) ?? []),
    guard('access', () => checkGroups(ports)),
    guard('services', async () => (await processor.check?.(services)) ?? []),
  ]);
  return found.flat();
}

async function guard(what: string, check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    const cause = error instanceof Fault && error.cause instanceof Error ? ` (${error.cause.message})` : '';
    const message = error instanceof Error ? error.message : String(error);
    return [wrong(what, `${message}${cause}`, error instanceof Fault ? error.remedy : undefined)];
  }
}

async function checkMessages(store: Checked['store'], now: number): Promise<Finding[]> {
  const [tables] = await store.query<{ there: boolean }>(`select to_regclass('messages') is not null as there`);
  const unposted = tables?.there ? await listUnposted(store.query, now) : [];
  if (unposted.length === 0) return [fine('messages', 'none waits for long')];
  return unposted.map((each) => wrong('messages', toPlain(sayUnposted(each))));
}

async function checkWarehouse(
  tables: Parameters<Checked['warehouse']['check']>[0],
  warehouse: Checked['warehouse'],
): Promise<Finding[]> {
  const problems = await warehouse.check(tables);
  if (problems.length === 0) return [fine('warehouse', `has all ${tables.length} tables and their columns`)];
  return problems.map(({ table, problem }) => wrong('warehouse', `${table}: ${problem}`));
}

/** The user groups on which it depends who may do what: while one cannot be read, none of its people may. */
async function checkGroups({ catalogue, chat }: Checked): Promise<Finding[]> {
  // Without Slack nobody is asked, and at a terminal nobody needs to be.
  if (chat.check === undefined) return [];
  return Promise.all(
    groupsOf(catalogue.access).map(async (group) => {
      const what = `access ${group}`;
      const read = await chat.members(group);
      if (read.kind === 'ok' && read.members.size > 0) return fine(what, `has ${count(read.members.size, 'member')}`);
      const id = 'check its id under `access` in the pipeline file';
      return read.kind === 'ok'
        ? wrong(what, 'has nobody in it, so it lets nobody do anything', `Add people to the group, or ${id}.`)
        : wrong(what, `could not be read: ${read.detail}`, `Give the app the scope usergroups:read, and ${id}.`);
    }),
  );
}

/** Where digests go; none where the tables of the state are still to be made. */
async function channelsOf({ store, catalogue }: Checked): Promise<string[]> {
  return listWatchingChannels(store.query, catalogue.pipeline).catch(() => []);
}
