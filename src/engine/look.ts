/**
 * Looks at single cells, before and after an attempt. Many that are asked for together are one question to the warehouse;
 * never one that is under way already, which may have read before the rows were written.
 */
import type { Snapshot } from '../core/backfill/backfill.ts';
import { causeFinder } from '../core/causes/causes.ts';
import { indexOf } from '../core/coverage/coverage.ts';
import { explain } from '../core/coverage/explain.ts';
import { type CalendarDate, toDay } from '../core/dates.ts';
import { stampInputs } from '../core/judge/inputs.ts';
import { judgementOf } from '../core/judge/judgement.ts';
import type { Verdict } from '../core/verdict.ts';
import { Fault } from '../fault.ts';
import type { Look, Looked, Ports } from '../ports.ts';
import { type Assessed, assess } from './assess.ts';
import { gather } from './gather.ts';

type Needed = Pick<Ports, 'catalogue' | 'warehouse' | 'store' | 'clock'>;
type Cell = { readonly table: string; readonly date: CalendarDate };

/** What a cell reads lies around its date; cells further apart than this share nothing of it, and are two questions. */
const nearDays = 31;

/** Makes the function that looks at cells. */
export function createLook(ports: Needed): Look {
  const giveWay = () => ports.clock.giveWay();
  const look = gather(giveWay, async (cells: readonly Cell[]) => {
    const seen = new Map<Cell, Looked | Fault>();
    await Promise.all(groupNear(cells).map((near) => lookTogether(ports, near, seen)));
    return cells.map((cell) => seen.get(cell));
  });
  return async (table, date) => {
    const looked = await look({ table, date });
    if (looked === undefined || looked instanceof Fault) throw looked;
    return looked;
  };
}

function groupNear(cells: readonly Cell[]): Cell[][] {
  const groups: Cell[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const cell of [...cells].sort((a, b) => toDay(a.date) - toDay(b.date))) {
    const day = toDay(cell.date);
    if (day - last > nearDays) groups.push([]);
    groups.at(-1)?.push(cell);
    last = day;
  }
  return groups;
}

/** One cell that cannot be read says nothing of the others. */
async function lookTogether(ports: Needed, near: readonly Cell[], seen: Map<Cell, Looked | Fault>): Promise<void> {
  const tables = [...new Set(near.map((cell) => cell.table))];
  const dates = [...new Set(near.map((cell) => cell.date))].sort();
  const [assessed, fingerprints] = await Promise.all([
    assess(ports, tables, dates, { names: false, inBackfill: true, owners: false }),
    readFingerprints(ports, near),
  ]);
  for (const cell of near) seen.set(cell, see(assessed, cell, fingerprints.get(`${cell.table} ${cell.date}`) ?? null));
}

/** Only tables without a write time need them. */
async function readFingerprints(ports: Needed, batch: readonly Cell[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const alias of new Set(batch.map((cell) => cell.table))) {
    const table = ports.catalogue.tables.get(alias);
    if (!table || table.writtenAt !== undefined) continue;
    const dates = batch.filter((cell) => cell.table === alias).map((cell) => cell.date);
    for (const print of await ports.warehouse.readFingerprints(table, dates))
      found.set(`${alias} ${print.date}`, print.value);
  }
  return found;
}

function see({ judging }: Assessed, cell: Cell, fingerprint: string | null): Looked | Fault {
  const judgement = judgementOf(judging, cell.table);
  const verdict = explain(causeFinder(judging), judgement, indexOf(judging, cell.date));
  if (verdict.rows === null) {
    return new Fault(`${cell.table} could not be read`, 'later', { cause: judging.facts.unread.get(cell.table) });
  }
  // It would end as blocked or short for what may be there (B8).
  if (verdict.reason === 'upstream_unknown') {
    const unread = [...judging.facts.unread.keys()].join(', ');
    return new Fault(`what ${cell.table} reads could not be read: ${unread}`, 'later');
  }
  const inputs = stampInputs(judging, cell.table, cell.date);
  return { verdict, snapshot: snapshotOf(verdict, fingerprint), inputs };
}

function snapshotOf(verdict: Verdict, fingerprint: string | null): Snapshot {
  return {
    rows: verdict.rows ?? 0,
    entities: verdict.entities ?? 0,
    writtenAt: verdict.writtenAt === null ? null : Date.parse(verdict.writtenAt),
    fingerprint,
  };
}
