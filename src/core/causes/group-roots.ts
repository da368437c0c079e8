/** Roots of the same table and reason together, with how many of the asked cells have one of them. */

import type { CauseGroup } from '../coverage/coverage-report.ts';
import { missingAt, type TableJudgement } from '../judge/judgement.ts';
import { eachOf, type Steps } from '../steps.ts';
import { reasonOf } from './causes.ts';
import type { Root, Roots } from './root-origins.ts';
import type { RootSets } from './root-sets.ts';
import { setOf } from './roots.ts';

/** Groups the roots of the asked cells, the one that explains most first. Cells of one set are counted together. */
export function* groupRoots(
  roots: Roots,
  judgements: readonly TableJudgement[],
  indices: readonly number[],
): Steps<CauseGroup[]> {
  const names = nameGroups(roots);
  const seen = new Uint8Array(roots.list.length);
  const explains = new Float64Array(names.count);
  const counted = new Int32Array(names.count);
  let visited = 0;
  for (const [set, cells] of yield* countSets(roots, judgements, indices)) {
    visited += countGroups(roots.sets, set, names, seen, (group) => {
      if (counted[group] === set) return;
      counted[group] = set;
      explains[group] = (explains[group] ?? 0) + cells;
    });
    if (visited < rootsPerStep) continue;
    visited = 0;
    yield;
  }
  return reportGroups(roots, names.groupOf, seen, explains);
}

const rootsPerStep = 200_000;

/** Of each root its group, and the first root of the same cell: where several needs find fault, the first in a set counts. */
type Names = { readonly groupOf: Int32Array; readonly first: Int32Array; readonly count: number };

function nameGroups({ list }: Roots): Names {
  const groupOf = new Int32Array(list.length);
  const first = new Int32Array(list.length);
  const numbers = new Map<string, number>();
  list.forEach((root, n) => {
    const name = `${root.cell.table.alias} ${reasonOf(root)}`;
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    groupOf[n] = number;
    const before = list[n - 1];
    first[n] = before && before.cell === root.cell && before.i === root.i ? (first[n - 1] ?? n) : n;
  });
  return { groupOf, first, count: numbers.size };
}

/** Tells the group of each root of a set, and marks the root; returns how many it looked at. Millions pass through here. */
function countGroups(
  sets: RootSets,
  set: number,
  { groupOf, first }: Names,
  seen: Uint8Array,
  tell: (group: number) => void,
): number {
  const from = sets.start[set] ?? 0;
  const end = sets.start[set + 1] ?? 0;
  const low = sets.low[set] ?? 0;
  let last = -1;
  for (let k = from; k < end; k++) {
    const base = (low + k - from) << 5;
    for (let word = sets.words[k] ?? 0; word !== 0; word &= word - 1) {
      const number = base + 31 - Math.clz32(word & -word);
      if (first[number] === last) continue;
      last = first[number] ?? -1;
      seen[number] = 1;
      tell(groupOf[number] ?? 0);
    }
  }
  return sets.size[set] ?? 0;
}

/** How many of the asked cells have each set. */
function* countSets(
  roots: Roots,
  judgements: readonly TableJudgement[],
  indices: readonly number[],
): Steps<Map<number, number>> {
  const cells = new Map<number, number>();
  yield* eachOf(judgements, indices.length, (judgement) => {
    for (const i of indices) {
      const set = setOf(roots, judgement, i);
      if (set > 0) cells.set(set, (cells.get(set) ?? 0) + 1);
    }
  });
  return cells;
}

type Group = { explains: number; readonly roots: Root[] };

function reportGroups(roots: Roots, groupOf: Int32Array, seen: Uint8Array, explains: Float64Array): CauseGroup[] {
  const groups: Group[] = Array.from(explains, (count) => ({ explains: count, roots: [] }));
  roots.list.forEach((root, n) => {
    if (seen[n]) groups[groupOf[n] ?? 0]?.roots.push(root);
  });
  return groups.flatMap((group) => reportGroup(roots, group)).sort(compare);
}

function reportGroup({ judging, dates }: Roots, { explains, roots }: Group): CauseGroup[] {
  const [some] = roots;
  if (!some) return [];
  const missing = new Set(roots.flatMap((root) => missingAt(judging, root.cell, root.i)));
  return [
    {
      table: some.cell.table.alias,
      reason: reasonOf(some),
      dates: [...new Set(roots.map((root) => dates[root.i] ?? ''))],
      ...(missing.size > 0 ? { missing: [...missing].sort() } : {}),
      explains,
    },
  ];
}

function compare(a: CauseGroup, b: CauseGroup): number {
  if (a.explains !== b.explains) return b.explains - a.explains;
  if (a.table !== b.table) return a.table < b.table ? -1 : 1;
  return a.reason < b.reason ? -1 : 1;
}
