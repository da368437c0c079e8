/** A request parted into verb, words and options: which options there are depends on the verb, and both may come first. */
import type { Command } from './help.ts';
import { openCommand } from './open-command.ts';
import {
  acceptOptionNames,
  allOptionNames,
  backfillOptionNames,
  dateOptions,
  type OptionNames,
  type Options,
  reasonOptionNames,
  ruleOptionNames,
} from './options.ts';
import { decideVerbs, steerVerbs } from './request-kinds.ts';
import { isProblem, joinWords, type Problem, plainWord, type Word } from './split-words.ts';
import { takeOptions } from './take-options.ts';

/** `words`: with the verb. */
export type Given = { readonly words: readonly Word[]; readonly options: Options };

/** The options of the verbs of both commands; all other first words are a table, and those of the command itself. */
const namesByVerb: Readonly<Record<Command, ReadonlyMap<string, OptionNames>>> = {
  '/coverage': new Map<string, OptionNames>([
    ['why', ruleOptionNames],
    ['plan', ruleOptionNames],
    ['quality', dateOptions],
    ['accept', acceptOptionNames],
    ...['accepted', 'revoke', 'watch', 'watches'].map((verb) => [verb, {}] as const),
  ]),
  '/backfill': new Map<string, OptionNames>([
    ...[...steerVerbs, ...decideVerbs].map((verb) => [verb, reasonOptionNames] as const),
    ...['list', 'status', 'handover', 'follow'].map((verb) => [verb, {}] as const),
  ]),
};

/** Reads words and options; `instead` holds whole commands. */
export function readGiven(text: string, command: Command): Given | Problem<string> {
  const words = openCommand(text, command);
  if (isProblem<string>(words)) return words;
  if (words.some(({ text, quoted }) => !quoted && /^(--help|-h)$/i.test(text))) {
    return { words: [plainWord('help')], options: new Map() };
  }
  const verb = findVerb(words);
  const names = verb === 'help' ? allOptionNames : namesByVerb[command].get(verb);
  const taker = {
    who: names === undefined ? command : `\`${verb}\``,
    names: names ?? (command === '/backfill' ? backfillOptionNames : ruleOptionNames),
  };
  const given = takeOptions(words, taker);
  if (!isProblem<readonly Word[]>(given)) return given;
  return { ...given, instead: given.instead.map((other) => `${command} ${joinWords(other)}`) };
}

/** The first word that is neither an option nor the value of one. */
function findVerb(words: readonly Word[]): string {
  const given = takeOptions(words, { who: '', names: allOptionNames });
  const first = isProblem<readonly Word[]>(given) ? words[0] : given.words[0];
  return first?.text.toLowerCase() ?? '';
}
