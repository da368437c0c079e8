/**
 * The least that judging can cost: the decisions that the catalogues of `many-tables` call for, in typed arrays and
 * plain loops, with nothing that other catalogues need. It gives the statuses that the judge gives.
 */
import type { Catalogue } from '../src/core/catalogue/catalogue.ts';
import type { Facts, TableFacts } from '../src/core/facts.ts';
import { statusCode as code } from '../src/core/judge/judgement.ts';
import { minimum } from './many-tables.ts';

type Column = { readonly facts: TableFacts; readonly status: Uint8Array; readonly stale: Uint8Array };

/** Status codes by table. */
export function judgeTyped(catalogue: Catalogue, facts: Facts): Map<string, Uint8Array> {
  const { days } = facts;
  const columns = new Map<string, Column>();
  for (const table of catalogue.tables.values()) {
    const own = facts.tables.get(table.alias);
    if (!own) continue;
    const blocked = new Uint8Array(days);
    const dirty = new Uint8Array(days);
    const stale = new Uint8Array(days);
    for (const need of table.needs) {
      const above = columns.get(need.tables[0] ?? '');
      if (!above) continue;
      if (need.window === undefined) readDate(above, own, { blocked, dirty, stale });
      else if (need.window !== 'season') readWindow(above, own, need.window, { blocked, dirty, stale });
    }
    columns.set(table.alias, settle(own, { blocked, dirty, stale }));
  }
  return new Map([...columns].map(([alias, { status }]) => [alias, status]));
}

type Found = { readonly blocked: Uint8Array; readonly dirty: Uint8Array; readonly stale: Uint8Array };

function settle(own: TableFacts, { blocked, dirty, stale }: Found): Column {
  const days = own.rows.length;
  const status = new Uint8Array(days);
  for (let i = 0; i < days; i++) {
    const rows = own.rows[i] ?? 0;
    if (rows === 0) {
      status[i] = blocked[i] ? code.blocked : code.missing;
      stale[i] = 0;
    } else if (dirty[i]) status[i] = code.tainted;
    else if ((own.entities[i] ?? 0) < minimum) status[i] = code.thin;
    else status[i] = stale[i] ? code.stale : code.complete;
  }
  return { facts: own, status, stale };
}

function isThere(status: number | undefined): boolean {
  return status === code.complete || status === code.stale || status === code.tainted || status === code.over;
}

function readDate(above: Column, own: TableFacts, { blocked, dirty, stale }: Found): void {
  const { status } = above;
  for (let i = 0; i < status.length; i++) {
    const isMet = isThere(status[i]);
    if (!isMet) blocked[i] = 1;
    if (!isMet || status[i] === code.tainted) dirty[i] = 1;
    if (above.stale[i] || (above.facts.writtenAt[i] ?? 0) > (own.writtenAt[i] ?? 0)) stale[i] = 1;
  }
}

/** Counts that slide along, and the latest write of the window in a queue. */
function readWindow(above: Column, own: TableFacts, window: number, { blocked, dirty, stale }: Found): void {
  const { status } = above;
  const { writtenAt } = above.facts;
  const queue = new Int32Array(status.length);
  let [head, tail, there, bad, staleAbove] = [0, 0, 0, 0, 0];
  for (let i = 0; i < status.length; i++) {
    const left = i - window;
    if (left >= 0) {
      if (isThere(status[left])) there--;
      if (!isThere(status[left]) || status[left] === code.tainted) bad--;
      staleAbove -= above.stale[left] ?? 0;
    }
    if (isThere(status[i])) there++;
    if (!isThere(status[i]) || status[i] === code.tainted) bad++;
    staleAbove += above.stale[i] ?? 0;
    const written = writtenAt[i] ?? Number.NaN;
    if (!Number.isNaN(written)) {
      while (tail > head && (writtenAt[queue[tail - 1] ?? 0] ?? 0) <= written) tail--;
      queue[tail++] = i;
    }
    while (head < tail && (queue[head] ?? 0) <= left) head++;
    if (there < 0.5 * Math.min(window, i + 1)) blocked[i] = 1;
    if (bad > 0) dirty[i] = 1;
    if (staleAbove > 0 || (head < tail && (writtenAt[queue[head] ?? 0] ?? 0) > (own.writtenAt[i] ?? 0))) stale[i] = 1;
  }
}
