/** The whole chain of causes of one cell: from the cell down to its roots, each step with its figures and its rule. */
import { causeFinder } from '../causes/causes.ts';
import type { CalendarDate } from '../dates.ts';
import { isBad } from '../judge/edge-view.ts';
import { makesStale, upstreamAt, windowStart } from '../judge/edges.ts';
import { type Edge, edgeState, type Judging, judgementOf, statusAt, type TableJudgement } from '../judge/judgement.ts';
import { indexOf } from './coverage.ts';
import type { Why, WhyStep } from './coverage-report.ts';
import { explain, type Held } from './explain.ts';

/** Explains one cell. A cell that explains several others stands in the chain once, where it is met first. */
export function buildWhy(judging: Judging, alias: string, date: CalendarDate, held?: Held): Why {
  const finder = causeFinder(judging);
  const chain: WhyStep[] = [];
  const seen = new Set<string>();
  const walk = (cell: TableJudgement, i: number, depth: number, need: number | null): void => {
    const key = `${cell.table.alias} ${i}`;
    if (seen.has(key)) return;
    seen.add(key);
    const verdict = explain(finder, cell, i, held);
    chain.push({
      table: cell.table.alias,
      date: verdict.date,
      status: verdict.status,
      reason: verdict.reason,
      have: verdict.entities,
      need: need ?? verdict.expected,
      rule: verdict.rule,
      ...(verdict.missing ? { missing: verdict.missing } : {}),
      ...(verdict.heldBy ? { heldBy: verdict.heldBy } : {}),
      ...(verdict.notes.length > 0 ? { notes: verdict.notes } : {}),
      depth,
    });
    for (const step of stepsAbove(judging, cell, i)) walk(step.cell, step.i, depth + 1, needAt(verdict.failing, step));
  };
  walk(judgementOf(judging, alias), indexOf(judging, date), 0, null);
  const first = chain[0];
  return { table: alias, date, status: first?.status ?? 'unknown', reason: first?.reason ?? null, chain };
}

type Step = { readonly cell: TableJudgement; readonly i: number; readonly sameDate: boolean };

function needAt(
  failing: readonly { table: string; need: number | null; window?: unknown }[],
  step: Step,
): number | null {
  if (!step.sameDate) return null;
  return failing.find((f) => f.table === step.cell.table.alias && f.window === undefined)?.need ?? null;
}

function stepsAbove(judging: Judging, cell: TableJudgement, i: number): Step[] {
  const status = statusAt(cell, i);
  if (!['blocked', 'tainted', 'unknown', 'stale'].includes(status)) return [];
  const steps: Step[] = [];
  const schedule = judging.catalogue.schedule?.table;
  const games = judging.calendar.games[i] ?? 0;
  if (cell.table.dates === 'games' && games < 0 && schedule !== undefined && schedule !== cell.table.alias) {
    steps.push({ cell: judgementOf(judging, schedule), i, sameDate: true });
  }
  for (const edge of cell.edges) if (edge.need.required) steps.push(...stepsOf(judging, cell, edge, i, status));
  return steps;
}

function stepsOf(judging: Judging, cell: TableJudgement, edge: Edge, i: number, status: string): Step[] {
  if (status === 'blocked' && edge.state[i] === edgeState.met) return [];
  const steps: Step[] = [];
  for (let j = windowStart(judging, edge.need, i); j <= i; j++) {
    const upstream = upstreamAt(judging, edge.need, j);
    const concerned = status === 'stale' ? isNewer(cell, upstream, i, j) : isBad(judging, edge, upstream, j);
    if (concerned) steps.push({ cell: upstream, i: j, sameDate: edge.need.window === undefined });
  }
  return steps;
}

function isNewer(cell: TableJudgement, upstream: TableJudgement, i: number, j: number): boolean {
  if (makesStale(upstream, j)) return true;
  if (upstream.table.processor === undefined) return false;
  return (upstream.facts?.writtenAt[j] ?? Number.NaN) > (cell.facts?.writtenAt[i] ?? Number.NaN);
}
