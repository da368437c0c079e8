/** The `what` of a request: aliases of the catalogue, `phase4`, `all`. A table that is not known is never guessed. */
import type { Catalogue, Table } from '../catalogue/catalogue.ts';
import { findNearest, unmaskLetters } from './nearest.ts';
import { quoteForPeople } from './normalise-text.ts';
import { whenWords } from './read-span.ts';
import type { Problem } from './split-words.ts';

export type What = {
  /** As asked for, in one word: "phase4", "pcf,pdc". */
  readonly what: string;
  /** Aliases without repetition: a list in its own order, a phase and `all` in the catalogue's. */
  readonly tables: readonly string[];
};

/** Reads words (lower case, at least one) as tables; `instead` holds word lists that may be read in their place. */
export function readTables(words: readonly string[], catalogue: Catalogue): What | Problem<readonly string[]> {
  const asked = joinPhases(words);
  const tables = new Set<string>();
  for (const [i, word] of asked.entries()) {
    const found = findTables(word, catalogue);
    if (found.length === 0) return explainUnknown(asked, i, catalogue);
    for (const alias of found) tables.add(alias);
  }
  return { what: [...new Set(asked)].join(','), tables: [...tables] };
}

/** Aliases of the tables that have a processor, in the catalogue's order. */
export function findFillable(catalogue: Catalogue): string[] {
  return [...catalogue.tables.values()].filter((table) => table.processor !== undefined).map((table) => table.alias);
}

/** Aliases for people: "Tables: sched, pgs." with at most twenty of them. */
export function sayTables(aliases: readonly string[], label = 'Tables'): string {
  if (aliases.length === 0) return `${label}: none.`;
  const more = aliases.length > 20 ? ` and ${aliases.length - 20} more` : '';
  return `${label}: ${aliases.slice(0, 20).join(', ')}${more}.`;
}

/** `phase 4` is `phase4`. */
function joinPhases(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    if (joined.at(-1) === 'phase' && /^-?\d+$/.test(word)) joined[joined.length - 1] = `phase${word}`;
    else joined.push(word);
  }
  return joined;
}

function findTables(word: string, catalogue: Catalogue): string[] {
  if (catalogue.tables.has(word)) return [word];
  const tables = [...catalogue.tables.values()];
  if (word === 'all') return tables.map((table) => table.alias);
  const phase = /^phase(-?\d+)$/.exec(word)?.[1];
  return phase === undefined ? [] : tables.filter((t) => t.phase === Number(phase)).map((t) => t.alias);
}

function explainUnknown(words: readonly string[], at: number, catalogue: Catalogue): Problem<readonly string[]> {
  const word = words[at] ?? '';
  const known = sayTables([...catalogue.tables.keys()]);
  const unmasked = unmaskLetters(word);
  if (unmasked && findTables(unmasked.word, catalogue).length > 0) {
    const letter = `"${unmasked.letter}", which only looks like a Latin letter`;
    const problem = `There is no table ${quoteForPeople(word)}: it has ${letter}. ${known}`;
    return { problem, instead: [words.with(at, unmasked.word)] };
  }
  const near = findNearTable(word, catalogue, at > 0);
  const meant = near === undefined ? '' : ` Did you mean ${near}?`;
  return {
    problem: `There is no table ${quoteForPeople(word)}.${meant} ${known}`,
    instead: near === undefined ? [] : [words.with(at, near)],
  };
}

function findNearTable(word: string, catalogue: Catalogue, dates: boolean): string | undefined {
  const names = new Map<string, string>();
  const tables = [...catalogue.tables.values()];
  for (const table of tables) for (const name of namesOf(table)) if (!names.has(name)) names.set(name, table.alias);
  for (const table of tables) if (table.phase !== undefined) names.set(`phase${table.phase}`, `phase${table.phase}`);
  names.set('all', 'all');
  if (dates) for (const name of whenWords) if (!names.has(name)) names.set(name, name);
  const exact = names.get(word);
  if (exact !== undefined) return exact;
  const near = findNearest(word, names.keys());
  return near === undefined ? undefined : names.get(near);
}

/** What people may call a table: alias, title, its name in the warehouse with and without the dataset. */
function namesOf(table: Table): string[] {
  const name = table.table.toLowerCase();
  const parts = name.split('.');
  return [table.alias, name, parts.slice(-2).join('.'), parts.at(-1) ?? name, table.title.toLowerCase()];
}
