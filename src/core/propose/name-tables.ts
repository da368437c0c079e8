/**
 * Aliases made from table names. An alias is a word of a request, so it must not be one of those that mean something
 * else there: a table called `last` could not be asked for beside another one.
 */
import { reservedWords } from '../request/open-command.ts';
import { whenWords } from '../request/read-span.ts';
import { readMonthName } from '../request/suggest-dates.ts';

const longest = 32;
const reserved: ReadonlySet<string> = new Set([
  ...whenWords,
  ...reservedWords,
  ...['from', 'to', 'until', 'this', 'for', 'in', 'on', 'off', 'of', 'and', 'with', 'phase'],
  ...['check', 'serve', 'init', 'audit', 'backcourt', 'null', 'true', 'false', 'yes', 'no', 'constructor'],
]);

/** An alias for each table (`dataset.table`), in the same order: its own name where that is free, then with the dataset. */
export function nameTables(tables: readonly string[]): string[] {
  const taken = new Set<string>();
  return tables.map((table) => {
    const parts = table.split('.');
    const alias = [parts.slice(-1), parts.slice(-2)].map((names) => cleanAlias(names.join('_'))).find(isFree(taken));
    const chosen = alias ?? numbered(cleanAlias(parts.slice(-1).join('_')), taken);
    taken.add(chosen);
    return chosen;
  });
}

function isFree(taken: ReadonlySet<string>): (alias: string) => boolean {
  return (alias) => !taken.has(alias);
}

function cleanAlias(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, '_')
    .replace(/^[^a-z]+/, '')
    .slice(0, longest);
  const alias = plain === '' ? 'table' : plain;
  const isWord = reserved.has(alias) || readMonthName(alias) !== null || /^phase\d+$/.test(alias);
  return isWord ? `${alias}_table`.slice(0, longest) : alias;
}

function numbered(alias: string, taken: ReadonlySet<string>): string {
  for (let n = 2; ; n++) {
    const tried = `${alias.slice(0, longest - 1 - String(n).length)}_${n}`;
    if (!taken.has(tried)) return tried;
  }
}
