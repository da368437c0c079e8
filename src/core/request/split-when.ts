/** Where the tables of a request end and its dates begin: nothing stands between them but their own looks. */
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Options } from './options.ts';
import { whenWords } from './read-span.ts';
import { type Problem, plainWord, type Word } from './split-words.ts';
import { readMonthName } from './suggest-dates.ts';

/** Words that can only begin dates, once a table is named; not all of them are read, but none of them is a table. */
const openers: ReadonlySet<string> = new Set([...whenWords, 'from', 'this']);

/** Words in lower case, without quotes: what had quotes is split once more, since they mean something in options only. */
export function flattenWords(words: readonly Word[]): Word[] {
  return words.flatMap((word) => {
    const parts = word.text.toLowerCase().split(/([ ,]+)/);
    return parts.flatMap((text, i): Word[] => {
      if (i % 2 === 1 || text === '') return [];
      return [{ ...plainWord(text), comma: i === 0 ? word.comma : (parts[i - 1] ?? '').includes(',') }];
    });
  });
}

/** Index of the first word of the dates; the number of words where there are none. */
export function findWhenStart(words: readonly Word[], catalogue: Catalogue): number {
  const start = words.findIndex(({ text }, i) => {
    if (i === 0 && catalogue.tables.has(text)) return false;
    if (words[i - 1]?.text === 'phase' && /^\d+$/.test(text)) return false;
    if (/^(\d|\.\.)/.test(text) || openers.has(text)) return true;
    if (readMonthName(text) === null) return false;
    return /^\d/.test(words[i + 1]?.text ?? '') || !catalogue.tables.has(text);
  });
  return start < 0 ? words.length : start;
}

/**
 * The text of the dates, from words or from `--dates`, `--from` and `--to`, which say the same; null where there are
 * none. `instead` holds texts of dates.
 */
export function findWhenText(words: readonly Word[], options: Options): string | null | Problem<string> {
  const typed = words.map((word, i) => `${i === 0 ? '' : word.comma ? ',' : ' '}${word.text}`).join('');
  const [dates, from, to] = [options.get('dates'), options.get('from'), options.get('to')];
  const range = from === undefined && to === undefined ? undefined : `${from ?? ''}..${to ?? ''}`;
  const given = [words.length > 0 ? typed : undefined, dates, range].filter((text) => text !== undefined);
  if (given.length > 1) return { problem: 'The dates are given twice.', instead: given };
  if (`${from ?? ''}${to ?? ''}`.includes(',')) return { problem: '--from and --to take one date each.', instead: [] };
  return given[0] ?? null;
}
