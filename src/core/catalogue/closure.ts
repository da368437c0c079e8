/** Which tables and dates must be read so that a table can be judged on a date. */

import { addDays, type CalendarDate } from '../dates.ts';
import type { Catalogue, Season, Table } from './catalogue.ts';

/** The asked tables, everything upstream of them, and the schedule; in topological order. */
export function closureOf(catalogue: Catalogue, aliases: readonly string[]): Table[] {
  const wanted = new Set<string>();
  const visit = (alias: string): void => {
    const table = catalogue.tables.get(alias);
    if (!table || wanted.has(alias)) return;
    wanted.add(alias);
    for (const upstream of upstreamsOf(table)) visit(upstream);
  };
  if (catalogue.schedule) visit(catalogue.schedule.table);
  for (const alias of aliases) visit(alias);
  return [...catalogue.tables.values()].filter((table) => wanted.has(table.alias));
}

/** Tables that a table may read: those of its needs, with their fallbacks. */
export function needsOf(table: Table): string[] {
  return table.needs.flatMap((need) => (need.fallback === undefined ? need.tables : [...need.tables, need.fallback]));
}

/** Tables that need one of these, or one that does, in topological order. */
export function downstreamOf(catalogue: Catalogue, aliases: readonly string[]): Table[] {
  const reached = new Set(aliases);
  return [...catalogue.tables.values()].filter((table) => {
    const isBelow = needsOf(table).some((alias) => reached.has(alias));
    if (isBelow) reached.add(table.alias);
    return isBelow;
  });
}

function upstreamsOf(table: Table): string[] {
  const needs = table.needs.flatMap((need) => [...need.tables, need.fallback, need.share?.of]);
  const shares = table.expect.flatMap((rule) => [rule.share?.of, rule.share?.fallback]);
  return [...needs, ...shares].filter((alias) => alias !== undefined);
}

/**
 * The dates to read for verdicts from `from` to `to`: back to the start of the season (windows reach there) or as far as
 * the longest chain of windows; forward to the end of the season where a fixed minimum has to be compared with what is
 * usual, so that a verdict does not depend on how many dates were asked together.
 */
export function rangeToRead(
  catalogue: Catalogue,
  tables: readonly Table[],
  asked: { from: CalendarDate; to: CalendarDate; today: CalendarDate },
): { from: CalendarDate; to: CalendarDate } {
  // A season's windows and figures that never fall begin with the season, and no window reaches over its start.
  const back = addDays(asked.from, -longestReach(catalogue, tables));
  const from = seasonAt(catalogue, asked.from)?.starts ?? seasonAt(catalogue, back)?.starts ?? back;
  const last = catalogue.seasons.findLast((season) => season.starts <= asked.to);
  const end = last?.ends === undefined || last.ends > asked.today ? asked.today : last.ends;
  return { from, to: comparesGames(catalogue, tables) && end > asked.to ? end : asked.to };
}

function seasonAt(catalogue: Catalogue, date: CalendarDate): Season | undefined {
  const season = catalogue.seasons.findLast(({ starts }) => starts <= date);
  return season && (season.ends === undefined || date <= season.ends) ? season : undefined;
}

function comparesGames(catalogue: Catalogue, tables: readonly Table[]): boolean {
  return catalogue.schedule !== undefined && tables.some(hasFixedMinimum);
}

function hasFixedMinimum(table: Table): boolean {
  const figures = [
    ...table.expect.map((rule) => rule.atLeast ?? rule.exactly),
    ...table.needs.map((need) => need.atLeast),
  ];
  return figures.some((figure) => figure !== undefined && !figure.perGame);
}

/** Days back that a chain of N-day windows can reach. */
function longestReach(catalogue: Catalogue, tables: readonly Table[]): number {
  const reach = new Map<string, number>();
  for (const table of catalogue.tables.values()) {
    const windows = table.needs.map((need) => {
      const own = typeof need.window === 'number' ? need.window - 1 : 0;
      const names = need.fallback === undefined ? need.tables : [...need.tables, need.fallback];
      return own + Math.max(0, ...names.map((alias) => reach.get(alias) ?? 0));
    });
    const above = upstreamsOf(table).map((alias) => reach.get(alias) ?? 0);
    reach.set(table.alias, Math.max(0, ...windows, ...above));
  }
  return Math.max(0, ...tables.map((table) => reach.get(table.alias) ?? 0));
}
