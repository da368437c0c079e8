/**
 * Judging as a first version would do it: of every cell it is asked anew how the cells above it are, up to the sources.
 * Within one such walk each cell is judged once, since otherwise fifty tables would not end. For the catalogues of
 * `many-tables`; it gives the statuses that the judge gives.
 */
import type { Catalogue, Need, Table } from '../src/core/catalogue/catalogue.ts';
import type { Facts } from '../src/core/facts.ts';
import { minimum } from './many-tables.ts';

export type NaiveStatus = 'missing' | 'blocked' | 'tainted' | 'thin' | 'stale' | 'complete';
type Found = { readonly status: NaiveStatus; readonly stale: boolean };

/** The status of one cell. */
export function judgeNaively(catalogue: Catalogue, facts: Facts, table: Table, i: number): NaiveStatus {
  return walk({ catalogue, facts, seen: new Map() }, table, i).status;
}

type Walk = { readonly catalogue: Catalogue; readonly facts: Facts; readonly seen: Map<string, Found> };

function walk(walking: Walk, table: Table, i: number): Found {
  const key = `${table.alias} ${i}`;
  const known = walking.seen.get(key);
  if (known) return known;
  const found = look(walking, table, i);
  walking.seen.set(key, found);
  return found;
}

function look(walking: Walk, table: Table, i: number): Found {
  const needs = table.needs.map((need) => lookAt(walking, table, need, i));
  const own = walking.facts.tables.get(table.alias);
  if ((own?.rows[i] ?? 0) === 0)
    return { status: needs.every((need) => need.isMet) ? 'missing' : 'blocked', stale: false };
  const stale = needs.some((need) => need.isNewer);
  if (needs.some((need) => need.isDirty)) return { status: 'tainted', stale };
  if ((own?.entities[i] ?? 0) < minimum) return { status: 'thin', stale };
  return { status: stale ? 'stale' : 'complete', stale };
}

function lookAt(walking: Walk, table: Table, need: Need, i: number) {
  const above = walking.catalogue.tables.get(need.tables[0] ?? '');
  if (!above) throw new Error('a need of nothing');
  const first = typeof need.window === 'number' ? Math.max(0, i - need.window + 1) : i;
  const cells = Array.from({ length: i - first + 1 }, (_, n) => walk(walking, above, first + n));
  const there = cells.filter(({ status }) => status === 'complete' || status === 'stale' || status === 'tainted');
  const written = (alias: string, at: number) => walking.facts.tables.get(alias)?.writtenAt[at] ?? Number.NaN;
  return {
    isMet: there.length >= (need.window === undefined ? cells.length : 0.5 * cells.length),
    isDirty: there.length < cells.length || cells.some(({ status }) => status === 'tainted'),
    isNewer: cells.some(({ stale }, n) => stale || written(above.alias, first + n) > written(table.alias, i)),
  };
}
