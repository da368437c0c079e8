/**
 * Rules that would fit: a fixed minimum that some dates cannot meet is a fault of the rule, and a figure per game is
 * what such a table really follows. What a proposal would have changed is found by judging the same facts again.
 */
import type { Catalogue, Expectation, Figure, Need, Table } from '../catalogue/catalogue.ts';
import { expectationOn, rowsAsked } from '../catalogue/rules.ts';
import { writeExpectation, writeNeed } from '../catalogue/write-rule.ts';
import type { RuleProposal, RuleProposals, StatusChange } from '../coverage/coverage-report.ts';
import { type CalendarDate, toDay } from '../dates.ts';
import { upstreamAt } from './edges.ts';
import { isOutOfReach } from './expected.ts';
import { isUnreachable, judge } from './judge.ts';
import { dateAt, edgeState, entitiesAt, type Judging, judgementOf, statusAt } from './judgement.ts';

/** Good dates of a table that must be known before a figure is made of them. */
const enoughDates = 5;

/** A fixed minimum at fault: of a need (`need`) or of a table's own expectation. */
type Fault = {
  readonly table: Table;
  readonly kind: 'needs' | 'expect';
  readonly index: number;
  readonly of: string;
  readonly minimum: number;
  readonly dates: CalendarDate[];
};
type Unreachable = { readonly table: string; readonly dates: readonly CalendarDate[] };

/**
 * A proposal for each fixed minimum that makes these cells roots (`threshold_unreachable`), with what it would have
 * changed of the `asked` tables and of the tables of the rule, over all the dates that were read.
 */
export function proposeRules(judging: Judging, roots: readonly Unreachable[], asked: readonly string[]): RuleProposals {
  const faults = findFaults(judging, roots);
  const proposals = faults.map((fault) => propose(judging, fault, asked));
  const fitting = faults.flatMap((fault, n) => {
    const perGame = proposals[n]?.perGame ?? null;
    return perGame === null ? [] : [{ fault, perGame }];
  });
  if (fitting.length < 2) return { proposals };
  const changed = fitting.reduce(
    (catalogue, { fault, perGame }) => change(catalogue, fault, perGame),
    judging.catalogue,
  );
  const tables = new Set([...asked, ...faults.flatMap((fault) => [fault.table.alias, fault.of])]);
  return { proposals, proposalsTogether: countChanges(judging, changed, tables) };
}

function findFaults(judging: Judging, roots: readonly Unreachable[]): Fault[] {
  const faults = new Map<string, Fault>();
  const add = (fault: Omit<Fault, 'dates'>, date: CalendarDate) => {
    const path = pathOf(fault);
    const known = faults.get(path) ?? { ...fault, dates: [] };
    faults.set(path, known);
    known.dates.push(date);
  };
  for (const { table, dates } of roots) for (const date of dates) addFaults(judging, table, date, add);
  return [...faults.values()];
}

function addFaults(
  judging: Judging,
  of: string,
  date: CalendarDate,
  add: (fault: Omit<Fault, 'dates'>, date: CalendarDate) => void,
): void {
  const i = toDay(date) - toDay(judging.facts.from);
  const cell = judgementOf(judging, of);
  const rule = expectationOn(cell.table, judging.calendar.dayOfSeason[i] ?? 0, judging.asOf);
  const figure = rule?.atLeast ?? rule?.exactly;
  if (rule && figure && isOutOfReach(judging, cell, i, rule)) {
    const index = cell.table.expect.indexOf(rule);
    add({ table: cell.table, kind: 'expect', index, of, minimum: figure.count }, date);
  }
  for (const { table, edges } of judging.tables.values()) {
    for (const edge of edges) {
      const { need } = edge;
      if (!need.required || !need.atLeast || (need.window === undefined && edge.state[i] === edgeState.met)) continue;
      if (!isUnreachable(judging, edge, i) || upstreamAt(judging, need, i).table.alias !== of) continue;
      add({ table, kind: 'needs', index: table.needs.indexOf(need), of, minimum: need.atLeast.count }, date);
    }
  }
}

function pathOf({ table, kind, index }: Pick<Fault, 'table' | 'kind' | 'index'>): string {
  return `tables.${table.alias}.${kind}.${index}`;
}

function propose(judging: Judging, fault: Fault, asked: readonly string[]): RuleProposal {
  const seen = lookAtGoodDates(judging, fault);
  const perGame = seen === null ? statedPerGame(judging, fault) : roundDown(seen.least);
  const tables = new Set([...asked, fault.table.alias, fault.of]);
  return {
    path: pathOf(fault),
    table: fault.table.alias,
    of: fault.of,
    minimum: fault.minimum,
    dates: fault.dates,
    perGame,
    seen,
    yaml: perGame === null ? null : writeRule(fault, perGame),
    meets: perGame === null ? 0 : fault.dates.filter((date) => isMet(judging, fault.of, date, perGame)).length,
    over: { from: judging.facts.from, to: dateAt(judging, judging.facts.days - 1) },
    changes: perGame === null ? [] : countChanges(judging, change(judging.catalogue, fault, perGame), tables),
  };
}

function writeRule({ table, kind, index }: Fault, perGame: number): string | null {
  const need = kind === 'needs' ? table.needs[index] : undefined;
  const rule = kind === 'expect' ? table.expect[index] : undefined;
  if (need) return writeNeed(need, perGame);
  return rule ? writeExpectation(rule, perGame) : null;
}

/** Rows per game on dates that meet the minimum and are sound: a figure that is not above these breaks none of them. */
function lookAtGoodDates(judging: Judging, fault: Fault): RuleProposal['seen'] {
  const cell = judgementOf(judging, fault.of);
  const perGame: number[] = [];
  for (let i = 0; i < judging.calendar.days; i++) {
    const games = judging.calendar.games[i] ?? 0;
    const entities = entitiesAt(cell, i) ?? 0;
    const status = statusAt(cell, i);
    const sound = status === 'complete' || status === 'stale';
    if (games > 0 && sound && entities >= fault.minimum) perGame.push(entities / games);
  }
  if (perGame.length < enoughDates) return null;
  perGame.sort((a, b) => a - b);
  const usual = perGame[perGame.length >> 1] ?? 0;
  return { dates: perGame.length, least: oneDecimal(perGame[0] ?? 0), usual: oneDecimal(usual) };
}

function oneDecimal(value: number): number {
  return Math.floor(value * 10 + 1e-9) / 10;
}

/** Whole rows, but for small figures. */
function roundDown(value: number): number | null {
  const rounded = value >= 3 ? Math.floor(value) : oneDecimal(value);
  return rounded > 0 ? rounded : null;
}

/** What the table itself says of a game, where too few dates are known. */
function statedPerGame(judging: Judging, fault: Fault): number | null {
  const { table } = judgementOf(judging, fault.of);
  const stated = table.expect.map((rule) => rule.exactly ?? rule.atLeast).filter((figure) => figure?.perGame);
  return stated.length === 0 ? null : Math.min(...stated.map((figure) => figure?.count ?? 0));
}

function isMet(judging: Judging, of: string, date: CalendarDate, perGame: number): boolean {
  const i = toDay(date) - toDay(judging.facts.from);
  const asked = rowsAsked({ count: perGame, perGame: true }, judging.calendar.games[i] ?? 0);
  return asked !== null && (entitiesAt(judgementOf(judging, of), i) ?? 0) >= asked;
}

/** The catalogue with the proposed figure in the place of the minimum. */
function change(catalogue: Catalogue, fault: Fault, perGame: number): Catalogue {
  const table = catalogue.tables.get(fault.table.alias) ?? fault.table;
  const replace = <R extends Need | Expectation>(rules: readonly R[]): R[] =>
    rules.map((rule, n) => (n === fault.index ? withFigure(rule, perGame) : rule));
  const changed =
    fault.kind === 'needs' ? { ...table, needs: replace(table.needs) } : { ...table, expect: replace(table.expect) };
  return { ...catalogue, tables: new Map(catalogue.tables).set(table.alias, changed) };
}

/** The lower figure for backfills goes: it was meant beside the minimum, in rows. */
function withFigure<R extends Need | Expectation>(rule: R, count: number): R {
  const atLeast: Figure = { ...rule.atLeast, count, perGame: true };
  return { ...rule, atLeast, exactly: undefined, inBackfill: undefined };
}

function countChanges(judging: Judging, catalogue: Catalogue, tables: ReadonlySet<string>): StatusChange[] {
  const { now, missing, failed, accepted, asOf } = judging;
  const again = judge(catalogue, judging.facts, { now, missing, failed, accepted, rulesAsOf: asOf });
  const counts = new Map<string, StatusChange>();
  for (const alias of tables) {
    const [before, after] = [judgementOf(judging, alias), judgementOf(again, alias)];
    for (let i = 0; i < judging.calendar.days; i++) {
      if (before.status[i] === after.status[i]) continue;
      const [from, to] = [statusAt(before, i), statusAt(after, i)];
      const key = `${alias} ${from} ${to}`;
      counts.set(key, { table: alias, from, to, dates: (counts.get(key)?.dates ?? 0) + 1 });
    }
  }
  return [...counts.values()].sort((a, b) => b.dates - a.dates);
}
