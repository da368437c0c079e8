/**
 * Looks at single cells, before and after an attempt. Looks that are asked for while a query is under way go together
 * into the next one, so that many cells that finish at once cost one query; never into the one under way, which may
 * have read before the rows were written.
 */
import type { Snapshot } from '../core/backfill/backfill.ts';
import { causeFinder } from '../core/causes/causes.ts';
import { indexOf } from '../core/coverage/coverage.ts';
import { explain } from '../core/coverage/explain.ts';
import type { CalendarDate } from '../core/dates.ts';
import { stampInputs } from '../core/judge/inputs.ts';
import { judgementOf } from '../core/judge/judgement.ts';
import type { Verdict } from '../core/verdict.ts';
import { Fault } from '../fault.ts';
import type { Look, Looked, Ports } from '../ports.ts';
import { type Assessed, assess } from './assess.ts';

type Needed = Pick<Ports, 'catalogue' | 'warehouse' | 'store' | 'clock'>;
type Waiting = {
  readonly table: string;
  readonly date: CalendarDate;
  readonly resolve: (looked: Looked) => void;
  readonly reject: (error: unknown) => void;
};

/** Makes the function that looks at cells. */
export function createLook(ports: Needed): Look {
  let waiting: Waiting[] = [];
  let busy = false;
  const serve = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await lookTogether(ports, batch);
    }
    busy = false;
  };
  return (table, date) =>
    new Promise<Looked>((resolve, reject) => {
      waiting.push({ table, date, resolve, reject });
      if (!busy) void serve();
    });
}

async function lookTogether(ports: Needed, batch: readonly Waiting[]): Promise<void> {
  try {
    const tables = [...new Set(batch.map((cell) => cell.table))];
    const dates = [...new Set(batch.map((cell) => cell.date))].sort();
    const [assessed, fingerprints] = await Promise.all([
      assess(ports, tables, dates, { names: false, inBackfill: true }),
      readFingerprints(ports, batch),
    ]);
    for (const cell of batch) cell.resolve(see(assessed, cell, fingerprints.get(`${cell.table} ${cell.date}`) ?? null));
  } catch (error) {
    for (const cell of batch) cell.reject(error);
  }
}

/** Only tables without a write time need them. */
async function readFingerprints(ports: Needed, batch: readonly Waiting[]): Promise<Map<string, string>> {
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

function see({ judging }: Assessed, cell: { table: string; date: CalendarDate }, fingerprint: string | null): Looked {
  const judgement = judgementOf(judging, cell.table);
  const verdict = explain(causeFinder(judging), judgement, indexOf(judging, cell.date));
  if (verdict.rows === null) {
    throw new Fault(`${cell.table} could not be read`, 'later', { cause: judging.facts.unread.get(cell.table) });
  }
  // It would end as blocked or short for what may be there (B8).
  if (verdict.reason === 'upstream_unknown') {
    const unread = [...judging.facts.unread.keys()].join(', ');
    throw new Fault(`what ${cell.table} reads could not be read: ${unread}`, 'later');
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
