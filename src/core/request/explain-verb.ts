/** A verb with a slip in it looks like a table that is not there, and is no nearer to any table than to the verb. */
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Command } from './help.ts';
import { countSlips, findNearest } from './nearest.ts';
import { quoteForPeople } from './normalise-text.ts';
import { verbs } from './open-command.ts';
import type { Given } from './read-given.ts';
import { joinWords, type Problem, plainWord } from './split-words.ts';
import { writeOptions } from './take-options.ts';

/** The verb that the first word may have been meant as; null where a table is as near. `instead` holds whole commands. */
export function explainVerb(command: Command, given: Given, catalogue: Catalogue): Problem<string> | null {
  const [first, ...rest] = given.words;
  const word = first?.text.toLowerCase() ?? '';
  const verb = findNearest(word, [...verbs[command], 'help']);
  if (verb === undefined || `/${verb}` === command || catalogue.tables.has(word) || /^(all|phase-?\d*)$/.test(word))
    return null;
  const table = findNearest(word, catalogue.tables.keys());
  if (table !== undefined && countSlips(word, table) <= countSlips(word, verb)) return null;
  const words = [plainWord(verb), ...rest, ...writeOptions(given.options)];
  const problem = `There is no table ${quoteForPeople(word)}. Did you mean the verb ${verb}?`;
  return { problem, instead: [`${command} ${joinWords(words)}`] };
}
