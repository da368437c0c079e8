/**
 * The checks of a catalogue that need no warehouse. A wrong catalogue makes wrong verdicts, so all problems are found
 * at once, each with the path at which it stands.
 */
import type { CatalogueProblem } from './catalogue.ts';
import type { CatalogueFile, TableFile } from './catalogue-file.ts';
import { isZone } from './dates.ts';

/** What can be checked of a catalogue without a warehouse: aliases, circles, seasons that overlap, rules that contradict. */
export function checkCatalogue(file: CatalogueFile): CatalogueProblem[] {
  const problems: CatalogueProblem[] = [];
  const say = (path: string, problem: string) => problems.push({ path, problem });
  if (!isZone(file.time_zone))
    say('time_zone', `"${file.time_zone}" is not an IANA time zone such as America/New_York`);
  if (file.schedule && !file.tables[file.schedule.table])
    say('schedule.table', `there is no table ${file.schedule.table}`);
  checkSeasons(file, say);
  for (const [alias, table] of Object.entries(file.tables)) checkTable(file, alias, table, say);
  if (problems.length === 0) {
    const circle = findCircle(file);
    if (circle) say(`tables.${circle[0]}.needs`, `the needs go in a circle: ${circle.join(' -> ')}`);
  }
  return problems;
}

type Say = (path: string, problem: string) => void;

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
    checkOneFigure(rule, `${path}.expect.${i}`, say);
    if (!file.schedule && perGame(rule))
      say(`${path}.expect.${i}`, 'a figure per game needs a `schedule` in this file');
  });
  (table.needs ?? []).forEach((need, i) => {
    const where = `needs.${i}`;
    if (typeof need === 'string') {
      known(need, where);
      return;
    }
    if ((need.table === undefined) === (need.any_of === undefined))
      say(`${path}.${where}`, 'give either `table` or `any_of`');
    for (const name of [need.table, need.fallback, ...(need.any_of ?? [])]) known(name, where);
    checkOneFigure(need, `${path}.${where}`, say);
    if (!file.schedule && perGame(need)) say(`${path}.${where}`, 'a figure per game needs a `schedule` in this file');
    if (need.window === 'season' && !file.seasons?.length) say(`${path}.${where}.window`, '`season` needs `seasons`');
    if (need.at_least_share !== undefined && need.window === undefined) {
      say(`${path}.${where}.at_least_share`, 'has a meaning only together with `window`');
    }
  });
  known(table.quality?.reference?.table, 'quality.reference.table');
}

function perGame(rule: { at_least_per_game?: number | undefined; exactly_per_game?: number | undefined }): boolean {
  return rule.at_least_per_game !== undefined || rule.exactly_per_game !== undefined;
}

function checkOneFigure(rule: Record<string, unknown>, path: string, say: Say): void {
  const given = ['at_least', 'at_least_per_game', 'exactly', 'exactly_per_game', 'share_of'].filter(
    (k) => rule[k] !== undefined,
  );
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
    typeof need === 'string' ? [need] : [need.table, need.fallback, ...(need.any_of ?? [])],
  );
  for (const rule of toList(table.expect)) names.push(rule.share_of, rule.fallback);
  return names.filter((name) => name !== undefined);
}

/** One rule or a list of rules, as a list. */
export function toList<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}
