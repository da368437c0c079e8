/**
 * What mending one cell takes: whether it has to run, whether it can, and what stays bad. Asked of a cell it is asked of
 * all that is above, each once, since the cells of a range share most of what they need.
 */
import { type CauseFinder, causeFinder, findCauses, isMendable } from '../causes/causes.ts';
import { isBad } from '../judge/edge-view.ts';
import { askedBy, isThere, isUnread, upstreamAt, windowStart } from '../judge/edges.ts';
import { isUnreachable } from '../judge/judge.ts';
import {
  dateAt,
  type Edge,
  edgeState,
  type Judging,
  judgementOf,
  reasonAt,
  statusAt,
  type TableJudgement,
} from '../judge/judgement.ts';
import type { Cause } from '../verdict.ts';

/** `run`: it is to run. `fine`: nothing to do. A cause: it cannot be mended here, and why. */
export type Mending = 'run' | 'fine' | { readonly cause: Cause };

export type Search = {
  readonly finder: CauseFinder;
  readonly known: Map<string, Mending>;
  /** Cells that run and are tainted afterwards all the same, with the hole that stays. */
  readonly stays: Map<string, Cause>;
  /** Of a need with alternatives none of which will do: the one that is mended, by date. */
  readonly chosen: Map<Edge, Map<number, TableJudgement>>;
  /** Cells that run whatever is chosen here. */
  readonly sure: Set<string>;
  readonly force: ReadonlySet<string>;
};

/**
 * A new search.
 * @param force cells, as `table date`, that are to run whatever their status
 * @param sure cells, as `keyOf` names them, that are known to run
 */
export function startSearch(
  judging: Judging,
  force: ReadonlySet<string>,
  sure: ReadonlySet<string> = new Set(),
): Search {
  const finder = causeFinder(judging);
  return { finder, known: new Map(), stays: new Map(), chosen: new Map(), sure: new Set(sure), force };
}

/** The name of a cell within a search. */
export function keyOf(cell: TableJudgement, i: number): string {
  return `${cell.table.alias} ${i}`;
}

/** What mending a cell takes. */
export function mend(search: Search, cell: TableJudgement, i: number): Mending {
  const key = keyOf(cell, i);
  const known = search.known.get(key);
  if (known) return known;
  const mending = decide(search, cell, i);
  search.known.set(key, mending);
  return mending;
}

/** The cells that a cell which runs needs to have run, by one of its needs. */
export function listAbove(search: Search, edge: Edge, i: number): { cell: TableJudgement; i: number }[] {
  const found: { cell: TableJudgement; i: number }[] = [];
  if (!edge.need.required) return found;
  for (let j = windowStart(search.finder.judging, edge.need, i); j <= i; j++) {
    const cell = aboveAt(search, edge, j);
    if (search.known.get(keyOf(cell, j)) === 'run') found.push({ cell, i: j });
  }
  return found;
}

/** Whether a need names more than one table. */
export function hasAlternatives({ need }: Edge): boolean {
  return need.tables.length > 1 || need.fallback !== undefined;
}

function decide(search: Search, cell: TableJudgement, i: number): Mending {
  const status = statusAt(cell, i);
  const forced = search.force.has(`${cell.table.alias} ${dateAt(search.finder.judging, i)}`);
  if (status === 'not_expected') return forced && reasonAt(cell, i) === 'ramp_up' ? 'run' : 'fine';
  if (status === 'unknown') return { cause: firstCause(search, cell, i) };
  const above = mendAbove(search, cell, i);
  if (above.blocked) return { cause: above.blocked };
  const sound = status === 'complete';
  if (sound && !above.runs && !forced) return 'fine';
  if (cell.table.processor === undefined) return sound ? 'fine' : { cause: firstCause(search, cell, i) };
  if (reasonAt(cell, i) === 'threshold_unreachable' && status === 'thin' && !forced)
    return { cause: firstCause(search, cell, i) };
  if (status === 'tainted' && above.hopeless && !above.runs && !forced) return { cause: above.hopeless };
  if (above.hopeless) search.stays.set(keyOf(cell, i), above.hopeless);
  return 'run';
}

function firstCause(search: Search, cell: TableJudgement, i: number): Cause {
  const causes = findCauses(search.finder, cell, i);
  const cause = causes.find((c) => !isMendable(search.finder.judging, c)) ?? causes[0];
  if (!cause) throw new Error(`${cell.table.alias} ${i} needs mending without a cause`);
  return cause;
}

/** runs: something above is to run. blocked: a need stays unmet. hopeless: it is met, by something that stays bad. */
type Above = { runs: boolean; blocked: Cause | null; hopeless: Cause | null };

function mendAbove(search: Search, cell: TableJudgement, i: number): Above {
  const { judging } = search.finder;
  const above: Above = { runs: false, blocked: null, hopeless: null };
  if (
    cell.table.dates === 'games' &&
    (judging.calendar.games[i] ?? 0) < 0 &&
    cell.table.alias !== judging.catalogue.schedule?.table
  ) {
    above.blocked = firstCause(search, cell, i);
    return above;
  }
  for (const edge of cell.edges) {
    if (!edge.need.required) continue;
    if (edge.need.window === undefined) mendSameDate(search, edge, i, above);
    else mendWindow(search, edge, i, above);
  }
  return above;
}

function mendSameDate(search: Search, edge: Edge, i: number, above: Above): void {
  const { judging } = search.finder;
  const upstream = aboveAt(search, edge, i);
  const bad = isBad(judging, edge, upstream, i);
  const mending = mend(search, upstream, i);
  if (mending === 'run') noteRun(search, upstream, i, above);
  if (!bad || mending === 'run') return;
  const unmet = edge.state[i] !== edgeState.met;
  if (isUnreachable(judging, edge, i)) above.blocked ??= edgeCause(search, upstream, edge, i, 'threshold_unreachable');
  else if (typeof mending === 'object' && unmet) above.blocked ??= mending.cause;
  else if (typeof mending === 'object') above.hopeless ??= mending.cause;
  else above.blocked ??= edgeCause(search, upstream, edge, i, 'rows_short');
}

function noteRun(search: Search, upstream: TableJudgement, i: number, above: Above): void {
  above.runs = true;
  above.hopeless ??= search.stays.get(keyOf(upstream, i)) ?? null;
}

function mendWindow(search: Search, edge: Edge, i: number, above: Above): void {
  const { judging } = search.finder;
  let expected = 0;
  let lost = 0;
  let cause: Cause | null = null;
  for (let j = windowStart(judging, edge.need, i); j <= i; j++) {
    const upstream = aboveAt(search, edge, j);
    if (statusAt(upstream, j) !== 'not_expected') expected++;
    const mending = mend(search, upstream, j);
    if (mending === 'run') noteRun(search, upstream, j, above);
    if (mending === 'run' || !isBad(judging, edge, upstream, j)) continue;
    const fault = isUnreachable(judging, edge, j) ? 'threshold_unreachable' : 'rows_short';
    const hole = typeof mending === 'object' ? mending.cause : edgeCause(search, upstream, edge, j, fault);
    if (isUnread(judging, edge.need, upstream, j)) above.blocked ??= hole;
    cause ??= hole;
    if (!isThere(judging, edge.need, upstream, j)) lost++;
  }
  if (cause === null) return;
  if (expected - lost < edge.need.atLeastShare * expected) above.blocked ??= cause;
  else above.hopeless ??= cause;
}

function edgeCause(search: Search, upstream: TableJudgement, edge: Edge, i: number, reason: Cause['reason']): Cause {
  const have = upstream.facts ? (upstream.facts.entities[i] ?? 0) : null;
  const need = askedBy(search.finder.judging, edge.need, i);
  return { table: upstream.table.alias, date: dateAt(search.finder.judging, i), reason, have, need };
}

/** The table that a need will look at on a date when all that runs has run. */
function aboveAt(search: Search, edge: Edge, i: number): TableJudgement {
  const { judging } = search.finder;
  const found = upstreamAt(judging, edge.need, i);
  if (!hasAlternatives(edge)) return found;
  const standing = edge.need.tables
    .map((alias) => judgementOf(judging, alias))
    .find((named) => isThere(judging, edge.need, named, i) || search.sure.has(keyOf(named, i)));
  if (standing) return standing;
  if (isThere(judging, edge.need, found, i)) return found;
  const known = search.chosen.get(edge)?.get(i);
  if (known) return known;
  const chosen = choose(search, edge, found, i);
  const dates = search.chosen.get(edge) ?? new Map<number, TableJudgement>();
  search.chosen.set(edge, dates.set(i, chosen));
  return chosen;
}

/**
 * Of alternatives none of which will do: one that can be mended, so that it is good rather than tainted, with the fewest
 * cells beside those that run anyway, and of equals the first in the catalogue. A fallback is one of them only where the
 * judge would look at it.
 */
function choose(search: Search, { need }: Edge, found: TableJudgement, i: number): TableJudgement {
  const { judging } = search.finder;
  const aliases = found.table.alias === need.fallback ? [...need.tables, need.fallback] : need.tables;
  const options = aliases
    .map((alias) => judgementOf(judging, alias))
    .filter((option) => mend(search, option, i) === 'run')
    .map((option) => ({ option, cells: collect(search, option, i), stays: search.stays.has(keyOf(option, i)) }));
  options.sort((a, b) => Number(a.stays) - Number(b.stays) || a.cells.length - b.cells.length);
  const [best] = options;
  if (!best) return found;
  for (const key of best.cells) search.sure.add(key);
  return best.option;
}

/** The cells that would run for one, without those that run anyway. */
function collect(search: Search, option: TableJudgement, i: number): string[] {
  const seen = new Set<string>();
  const visit = (cell: TableJudgement, at: number): void => {
    const key = keyOf(cell, at);
    if (seen.has(key) || search.sure.has(key)) return;
    seen.add(key);
    for (const edge of cell.edges) for (const above of listAbove(search, edge, at)) visit(above.cell, above.i);
  };
  visit(option, i);
  return [...seen];
}
