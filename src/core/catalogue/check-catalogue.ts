/**
 * The checks of a catalogue that need no warehouse. A wrong catalogue makes wrong verdicts, so all problems are found
 * at once, each with the path at which it stands.
 */

import { isZone } from '../dates.ts';
import { reservedWords } from '../request/open-command.ts';
import { checkAccess } from './access-file.ts';
import type { CatalogueProblem } from './catalogue.ts';
import type { CatalogueFile, TableFile } from './catalogue-file.ts';

/** What can be checked of a catalogue without a warehouse: aliases, circles, seasons that overlap, rules that contradict. */
export function checkCatalogue(file: CatalogueFile): CatalogueProblem[] {
  const problems: CatalogueProblem[] = [];
  const say = (path: string, problem: string) => problems.push({ path, problem });
  if (!isZone(file.time_zone))
    say('time_zone', `"${file.time_zone}" is not an IANA time zone such as America/New_York`);
  if (file.schedule && !file.tables[file.schedule.table])
    say('schedule.table', `there is no table ${file.schedule.table}`);
  checkSeasons(file, say);
  if (file.access) problems.push(...checkAccess(file.access, file.tables));
  for (const [alias, table] of Object.entries(file.tables)) checkTable(file, alias, table, say);
  if (problems.length === 0) {
    const circle = findCircle(file);
    if (circle) say(`tables.${circle[0]}.needs`, `the needs go in a circle: ${circle.join(' -> ')}`);
  }
  return problems;
}

type Say = (path: string, problem: string) => void;
type ExpectationFile = Exclude<NonNullable<TableFile['expect']>, readonly unknown[]>;
type NeedFile = Exclude<NonNullable<TableFile['needs']>[number], string>;
const figures = ['at_least', 'at_least_per_game', 'exactly', 'exactly_per_game'] as const;

function checkSeasons(file: CatalogueFile, say: Say): void {
  const seasons = [...(file.seasons ?? [])].sort((a, b) => (a.starts < b.starts ? -1 : 1));
  seasons.forEach((season, i) => {
    const next = seasons[i + 1];
    if (season.ends && season.ends < season.starts) say(`seasons.${season.name}`, 'ends before it starts');
    if (next && season.ends && season.ends >= next.starts)
      say(`seasons.${season.name}`, `overlaps season ${next.name}`);
  });
}

function checkTable(file: CatalogueFile, alias: string, table: TableFile, say: Say): void {
  const path = `tables.${alias}`;
  const known = (name: string | undefined, where: string) => {
    if (name !== undefined && !file.tables[name]) say(`${path}.${where}`, `there is no table ${name}`);
  };
  if (reservedWords.has(alias))
    say(path, `"${alias}" is a word of requests, so nobody could ask for the table: rename it`);
  if (table.dates === 'games' && !file.schedule) say(`${path}.dates`, '`games` needs a `schedule` in this file');
  if ((table.dates === 'games' || table.dates === 'season') && !file.seasons?.length) {
    say(`${path}.dates`, `\`${table.dates}\` needs \`seasons\` in this file`);
  }
  if (table.processor && !file.services?.[table.processor.service]) {
    say(`${path}.processor.service`, `there is no service ${table.processor.service}`);
  }
  toList(table.expect).forEach((rule, i) => {
    known(rule.share_of, `expect.${i}.share_of`);
    known(rule.fallback, `expect.${i}.fallback`);
    checkExpectation(file, rule, `${path}.expect.${i}`, say);
  });
  (table.needs ?? []).forEach((need, i) => {
    const where = `needs.${i}`;
    const names = typeof need === 'string' ? [need] : [need.table, need.fallback, ...(need.any_of ?? [])];
    for (const name of names) known(name, where);
    if (typeof need === 'string') return;
    known(need.share_of, `${where}.share_of`);
    checkNeed(file, need, `${path}.${where}`, say);
  });
  known(table.quality?.reference?.table, 'quality.reference.table');
}

function checkExpectation(file: CatalogueFile, rule: ExpectationFile, path: string, say: Say): void {
  checkOneFigure(rule, path, say);
  if (!file.schedule && perGame(rule)) say(path, 'a figure per game needs a `schedule` in this file');
  if (rule.never_falls && !file.seasons?.length) say(`${path}.never_falls`, 'needs `seasons` in this file');
  if (rule.share_of === undefined) {
    for (const key of ['at_least_share', 'times', 'fallback'] as const)
      if (rule[key] !== undefined) say(`${path}.${key}`, 'has a meaning only together with `share_of`');
  }
  const share = rule.share_of === undefined ? undefined : (rule.at_least_share ?? 1);
  checkInBackfill(rule.in_backfill, share ?? figureOf(rule), path, say);
}

function checkNeed(file: CatalogueFile, need: NeedFile, path: string, say: Say): void {
  if ((need.table === undefined) === (need.any_of === undefined)) say(path, 'give either `table` or `any_of`');
  checkOneFigure(need, path, say);
  if (!file.schedule && perGame(need)) say(path, 'a figure per game needs a `schedule` in this file');
  if (need.window === 'season' && !file.seasons?.length) say(`${path}.window`, '`season` needs `seasons`');
  if (need.share_of !== undefined && need.window !== undefined)
    say(`${path}.share_of`, 'is a share of the same date and goes without `window`');
  if (need.share_of !== undefined && [need.table, need.fallback, ...(need.any_of ?? [])].includes(need.share_of))
    say(`${path}.share_of`, `${need.share_of} would be measured by itself`);
  if (need.at_least_share !== undefined && need.window === undefined && need.share_of === undefined)
    say(`${path}.at_least_share`, 'has a meaning only together with `window` or `share_of`');
  const share = need.share_of !== undefined ? 1 : need.window !== undefined ? 0.5 : undefined;
  checkInBackfill(need.in_backfill, figureOf(need) ?? need.at_least_share ?? share, path, say);
}

/** The second figure is of the first one's kind, so that one number says it. */
function checkInBackfill(lower: number | undefined, main: number | undefined, path: string, say: Say): void {
  if (lower === undefined) return;
  if (main === undefined) say(`${path}.in_backfill`, 'needs a figure beside it that it is lower than');
  else if (lower >= main) say(`${path}.in_backfill`, `must be lower than ${main}, the figure that holds otherwise`);
}

function figureOf(rule: Partial<Record<(typeof figures)[number], number | undefined>>): number | undefined {
  return figures.map((key) => rule[key]).find((figure) => figure !== undefined);
}

function perGame(rule: { at_least_per_game?: number | undefined; exactly_per_game?: number | undefined }): boolean {
  return rule.at_least_per_game !== undefined || rule.exactly_per_game !== undefined;
}

function checkOneFigure(rule: Record<string, unknown>, path: string, say: Say): void {
  const given = [...figures, 'share_of'].filter((k) => rule[k] !== undefined);
  if (given.length > 1) say(path, `give one of ${given.join(', ')}, not several`);
}

function findCircle(file: CatalogueFile): string[] | undefined {
  const done = new Set<string>();
  const visit = (alias: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(alias)) return [...path.slice(path.indexOf(alias)), alias];
    if (done.has(alias)) return undefined;
    for (const upstream of upstreamsOf(file.tables[alias])) {
      const circle = visit(upstream, [...path, alias]);
      if (circle) return circle;
    }
    done.add(alias);
    return undefined;
  };
  for (const alias of Object.keys(file.tables)) {
    const circle = visit(alias, []);
    if (circle) return circle;
  }
  return undefined;
}

/** All tables that must be judged before this one: its needs and the tables its expectations refer to. */
export function upstreamsOf(table: TableFile | undefined): string[] {
  if (!table) return [];
  const names = (table.needs ?? []).flatMap((need) =>
    typeof need === 'string' ? [need] : [need.table, need.fallback, need.share_of, ...(need.any_of ?? [])],
  );
  for (const rule of toList(table.expect)) names.push(rule.share_of, rule.fallback);
  return names.filter((name) => name !== undefined);
}

/** One rule or a list of rules, as a list. */
export function toList<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}
