/**
 * One run of the whole: a pipeline, processes that die, people, and faults everywhere; then all faults end, and everything
 * has to come to an end as well. A seed decides all of it.
 */
import { buildAccess } from '../../src/core/catalogue/access-file.ts';
import type { Store } from '../../src/store/store.ts';
import { fullRows, labCatalogue } from '../jobs/lab-catalogue.ts';
import { makeCells } from './cells.ts';
import { chanceOf } from './chance.ts';
import { type Around, type Bug, deployments, type Instance, startInstance } from './instances.ts';
import { checkCommit, checkRest, dumpStore, emptyDump } from './invariants.ts';
import { type FaultKind, type Life, makeFaults } from './life.ts';
import { sendPeople, type } from './people.ts';
import { makeQueue } from './queue.ts';
import type { QuickStore } from './quick-pglite.ts';
import { makeServices } from './services.ts';
import type { Shown } from './slack.ts';
import { makeTimeline } from './timeline.ts';

export type Ran = {
  readonly seed: number;
  /** What must not be; empty when all is well. */
  readonly violations: readonly string[];
  readonly hash: string;
  readonly events: number;
  readonly last: readonly string[];
  readonly kills: number;
  readonly cells: number;
  /** Virtual milliseconds. */
  readonly took: number;
};

export type RunOptions = { readonly without?: ReadonlySet<FaultKind>; readonly bug?: Bug };

const start = Date.UTC(2022, 1, 1, 12);
const troubled = 240_000;
/** Holds of a service, leases and waits together are shorter. */
const longestRest = 3 * 3_600_000;
const mostEvents = 60_000;
/** What takes a second person, in a quarter of the seeds. */
const rules = [
  buildAccess({ approval: { hours: 0.2 }, tables: { base: { protected: true } } }),
  buildAccess({ approval: { hours: 0.2 }, tables: { mid: { protected: true }, top: { protected: true } } }),
  buildAccess({ approval: { hours: 0.2, overwrites_above: 0 } }),
];

/** Runs a seed on a store, which is emptied first. */
export async function runSeed(store: QuickStore, seed: number, options: RunOptions = {}): Promise<Ran> {
  await store.empty();
  const lag = chanceOf(seed, 'lag');
  const timeline = makeTimeline(start);
  const faults = makeFaults(seed, options.without ?? new Set());
  const violations: string[] = [];
  const violate = (what: string) => {
    timeline.note(`!! ${what}`);
    violations.push(what);
  };
  const deployment = lag.pick(deployments);
  const lab = labCatalogue({
    deadline: 60_000,
    goneAfter: 120_000,
    retryWait: 5_000,
    maxConcurrent: lag.between(1, 4),
    minInterval: lag.happens(0.2) ? 2_000 : 0,
  });
  const second = chanceOf(seed, 'second people');
  const isAsked = options.without?.has('people') !== true && second.happens(0.25);
  const access = isAsked ? second.pick(rules) : undefined;
  const catalogue = access === undefined ? lab : { ...lab, access };
  const dates = ['2022-01-01', '2022-01-02', '2022-01-03', '2022-01-04'].slice(0, lag.between(2, 4));
  const cells = makeCells();
  for (const table of catalogue.tables.keys())
    for (const date of dates)
      if (lag.happens(0.4)) cells.write(table, date, lag.happens(0.8) ? fullRows : 1, start - 86_400_000);

  let dump = emptyDump;
  const onCommit = async (statements: readonly string[]) => {
    if (!statements.some((sql) => /(update|insert into|delete from)\s+(backfills|cells|attempts)\b/.test(sql))) return;
    const next = await dumpStore(store);
    for (const found of checkCommit(dump, next, { catalogue, cells })) violate(found);
    dump = next;
  };
  const onCall = ({ table, date, attempt }: { table: string; date: string; attempt: string }) => {
    const found = dump.attempts.find(({ id }) => id === attempt);
    if (!found?.live) violate(`B2: a call of ${table} ${date} for attempt ${attempt}, which is over`);
  };
  const alive: Instance[] = [];
  const services = makeServices({ timeline, faults, lag, cells, catalogue, violate, onCall });
  const queue = makeQueue({ timeline, faults, lag, workers: () => alive });
  const shown: Shown[] = [];
  const bug = options.bug ?? {};
  const around: Around = {
    timeline,
    faults,
    lag,
    catalogue,
    store,
    cells,
    services,
    shown,
    queue,
    deployment,
    bug,
    onCommit,
  };

  let born = 0;
  let kills = 0;
  const kill = (life: Life) => {
    if (life.isDead) return;
    kills += 1;
    timeline.note(`${life.name} is killed`);
    life.isDead = true;
    const at = alive.findIndex((each) => each.life === life);
    if (at >= 0) alive.splice(at, 1);
    timeline.after(lag.between(2_000, 30_000), 'a process starts', () => begin(life.home));
  };
  const onBack = (life: Life) => {
    if (faults.strike('kills', 0.003)) kill(life);
    else if (faults.strike('kills', 0.004))
      life.stoppedUntil = timeline.now() + faults.chance('kills').between(5_000, 120_000);
  };
  const begin = (home: string) => void alive.push(startInstance(`p${++born}`, home, around, onBack));
  begin('home');
  if (deployment !== 'embedded') begin('second home');

  const people = faults.chance('people');
  const deeds = options.without?.has('people') ? 1 : people.between(1, 6);
  const anyPorts = () => (alive.length === 0 ? undefined : lag.pick(alive).ports);
  const answers = access === undefined ? undefined : second;
  const world = { timeline, chance: people, store, dates, anyPorts, answers };
  sendPeople(world, { until: troubled, deeds });

  const stop = await heal();
  if (violations.length === 0) for (const found of await checkRest(store, shown)) violate(found);
  for (const { life } of alive) life.isDead = true;
  const { hash, lines, last } = timeline.trace();
  return { seed, violations, hash, events: lines, last, kills, cells: dump.cells.length, took: stop - start };

  /** Runs through the trouble and on until nothing is left to do. Returns when that was. */
  async function heal(): Promise<number> {
    let isHealed = false;
    let isAtRest = false;
    timeline.after(troubled, 'the trouble ends', () => {
      faults.heal();
      isHealed = true;
    });
    const look = async () => {
      if (isHealed) {
        const paused = await store.query<{ id: string }>(`select id from backfills where state = 'paused' order by id`);
        for (const { id } of paused) type(world, `x${timeline.now()}`, `resume ${id}`);
        isAtRest = paused.length === 0 && services.open.size === 0 && (await isQuiet(store));
      }
      if (!isAtRest) timeline.after(20_000, '', look);
    };
    timeline.after(20_000, '', look);
    for (let events = 0; !isAtRest && violations.length === 0; events++) {
      if (timeline.now() - start > troubled + longestRest || events > mostEvents) {
        violate(`it never ends: ${await sayOpen(store)}`);
        break;
      }
      await timeline.step();
    }
    return timeline.now();
  }
}

const openSql = `select 'backfill ' || id || ' ' || state as what from backfills where state not in ('done','canceled')
  union all select 'attempt ' || id from attempts where live
  union all select 'message ' || key || ' ' || state from messages where sent_revision < revision and state <> 'failed'
  union all select 'request ' || id from requests where done_at is null and kind <> 'offer'`;

async function isQuiet(store: Store): Promise<boolean> {
  return (await store.query(`${openSql} limit 1`)).length === 0;
}

async function sayOpen(store: Store): Promise<string> {
  const rows = await store.query<{ what: string }>(openSql);
  return rows.map(({ what }) => what).join(', ') || 'nothing is open';
}
