/**
 * The second, lower figure of a need or an expectation (`in_backfill`): dates of the past are filled with what there is,
 * while coverage goes on asking for the full figure. A backfill is judged by a catalogue in which the lower figures have
 * taken the place of the first, so that one judge knows one figure.
 */
import type { Catalogue, Expectation, Figure, Need, Share, Table } from '../catalogue/catalogue.ts';
import { expectationOn, sayFigure, sayPercent, sayShareOf } from '../catalogue/rules.ts';
import { readEdge, upstreamAt } from './edges.ts';
import { statedRows } from './expected.ts';
import { type Edge, edgeState, entitiesAt, isThin, type Judging, type TableJudgement } from './judgement.ts';

/** The catalogue as backfills are judged by it. */
export function relaxCatalogue(catalogue: Catalogue): Catalogue {
  const tables = [...catalogue.tables.values()].map(relaxTable);
  return { ...catalogue, tables: new Map(tables.map((table) => [table.alias, table])) };
}

function relaxTable(table: Table): Table {
  if (![...table.needs, ...table.expect].some((rule) => rule.inBackfill !== undefined)) return table;
  return { ...table, needs: table.needs.map(relaxNeed), expect: table.expect.map(relaxExpectation) };
}

function relaxNeed(need: Need): Need {
  const count = need.inBackfill;
  if (count === undefined) return need;
  if (need.atLeast) return { ...need, atLeast: { ...need.atLeast, count }, relaxed: true };
  if (need.share) return { ...need, share: { ...need.share, atLeast: count }, relaxed: true };
  return { ...need, atLeastShare: count, relaxed: true };
}

/** An exact figure stays as what is too many; the lower one stands beside it. */
function relaxExpectation(rule: Expectation): Expectation {
  const count = rule.inBackfill;
  if (count === undefined) return rule;
  if (rule.share) return { ...rule, share: { ...rule.share, atLeast: count }, relaxed: true };
  const figure = rule.atLeast ?? rule.exactly;
  return figure ? { ...rule, atLeast: { ...figure, count }, relaxed: true } : rule;
}

/** Remarks on what is too little by the full figures, and enough for a backfill. */
export function noteInBackfill(judging: Judging, cell: TableJudgement, i: number): string[] {
  const own = lowerFigure(judging, cell, i);
  const notes = own === null ? [] : [sayEnough('', own)];
  for (const edge of cell.edges) {
    if (!edge.need.required || (edge.state[i] === edgeState.met && !edge.dirty[i])) continue;
    const lower = lowerFigureOf(judging, edge, i);
    if (lower !== null) notes.push(sayEnough(`${edge.need.tables.join(' or ')} is `, lower));
  }
  return notes;
}

function sayEnough(who: string, lower: string): string {
  return `${who}enough for a backfill (in_backfill: ${lower})`;
}

/** The lower figure of a thin cell in words; null where there is none, or not even that is met. */
function lowerFigure(judging: Judging, cell: TableJudgement, i: number): string | null {
  if (!isThin(cell, i)) return null;
  const rule = expectationOn(cell.table, judging.calendar.dayOfSeason[i] ?? 0, judging.asOf);
  if (rule?.inBackfill === undefined || rule.relaxed) return null;
  const relaxed = relaxExpectation(rule);
  const asked = statedRows(judging, relaxed, i);
  const enough = !rule.neverFalls && asked >= 0 && (entitiesAt(cell, i) ?? -1) >= asked;
  return enough ? sayLower(relaxed) : null;
}

/** The same of an edge: its need's own lower figure, or that of the table that it looks at. */
function lowerFigureOf(judging: Judging, edge: Edge, i: number): string | null {
  const { need } = edge;
  if (need.inBackfill === undefined) {
    const isOwn = need.window === undefined && !need.atLeast && !need.share;
    return isOwn ? lowerFigure(judging, upstreamAt(judging, need, i), i) : null;
  }
  if (need.relaxed || edge.state[i] === edgeState.met) return null;
  const relaxed = readRelaxed(judging, edge);
  return relaxed.state[i] === edgeState.met ? sayLower(relaxed.need) : null;
}

/** Edges by their lower figures: an edge is read whole, and asked about for every date. */
const relaxedEdges = new WeakMap<Edge, Edge>();

function readRelaxed(judging: Judging, edge: Edge): Edge {
  const relaxed = relaxedEdges.get(edge) ?? readEdge(judging, relaxNeed(edge.need));
  relaxedEdges.set(edge, relaxed);
  return relaxed;
}

function sayLower(rule: { atLeast?: Figure; share?: Share; atLeastShare?: number }): string {
  if (rule.atLeast) return sayFigure('at least', { count: rule.atLeast.count, perGame: rule.atLeast.perGame });
  return rule.share ? sayShareOf(rule.share) : `at least ${sayPercent(rule.atLeastShare ?? 0)} of its dates`;
}
