/**
 * Options in a text: `--name`, `--name value` or `--name=value`, anywhere among the words. An option that is not known is
 * refused, never skipped: a run without `--dry-run` is not the run that was asked for.
 */
import { findNearest } from './nearest.ts';
import { quoteForPeople } from './normalise-text.ts';
import { allOptionNames, type OptionNames, type Options } from './options.ts';
import { isProblem, joinWords, type Problem, plainWord, type Word } from './split-words.ts';

/** What takes the options: a verb in words, and their names. */
export type Taker = { readonly who: string; readonly names: OptionNames };

/** Parts words into options and the others; `instead` holds whole word lists. */
export function takeOptions(
  words: readonly Word[],
  taker: Taker,
): { readonly words: readonly Word[]; readonly options: Options } | Problem<readonly Word[]> {
  const others: Word[] = [];
  const options = new Map<string, string>();
  for (let at = 0; at < words.length; ) {
    const word = words[at];
    if (word === undefined) break;
    if (!/^-+[A-Za-z]/.test(word.text) && !word.text.startsWith('--')) {
      others.push(word);
      at += 1;
      continue;
    }
    const taken = takeOption(words, at, taker);
    if (isProblem<readonly Word[]>(taken)) return taken;
    if (options.has(taken.name)) {
      const instead = [words.toSpliced(at, taken.end - at)];
      return { problem: `--${taken.name} is given twice.`, instead };
    }
    options.set(taken.name, taken.value);
    const stray = explainStray(words, taken, others.length > 0);
    if (stray) return stray;
    at = taken.end;
  }
  return { words: others, options };
}

/** Options as they are typed. */
export function writeOptions(options: Options): Word[] {
  return [...options].flatMap(([name, value]) => {
    const kind = allOptionNames[name];
    if (value === '' && kind !== 'value') return [plainWord(`--${name}`)];
    const plain = /^[^\s"',\\-][^\s"',\\]*(,[^\s"',\\]+)*$/.test(value);
    if (kind === 'optional') return [{ text: `--${name}=${value}`, quoted: !plain, comma: false }];
    return [plainWord(`--${name}`), { text: value, quoted: !plain, comma: false }];
  });
}

type Taken = { readonly name: string; readonly value: string; readonly at: number; readonly end: number };

function takeOption(words: readonly Word[], at: number, { who, names }: Taker): Taken | Problem<readonly Word[]> {
  const { dashes, name, given } = partOption(words[at]);
  const kind = Object.hasOwn(names, name) && dashes === '--' ? names[name] : undefined;
  return kind === undefined ? explainOption(words, at, name, { who, names }) : takeKnown(words, at, name, kind, given);
}

/** `given`: what stands after `=`; undefined without one. */
function partOption(word: Word | undefined): { dashes: string; name: string; given: string | undefined } {
  const [, dashes = '', name = '', equals, given = ''] = /^(-+)([^=]*)(=)?(.*)$/s.exec(word?.text ?? '') ?? [];
  return { dashes, name: name.toLowerCase(), given: equals === undefined ? undefined : given };
}

function takeKnown(
  words: readonly Word[],
  at: number,
  name: string,
  kind: OptionNames[string],
  given: string | undefined,
): Taken | Problem<readonly Word[]> {
  if (kind === 'optional') return takeOptional(words, at, name, given);
  if (kind === 'flag') {
    if (given === undefined) return { name, value: '', at, end: at + 1 };
    return { problem: `--${name} takes no value.`, instead: [words.with(at, plainWord(`--${name}`))] };
  }
  const next = words[at + 1];
  if (given === undefined && (next === undefined || (next.text.startsWith('--') && !next.quoted))) {
    return { problem: `--${name} needs a value.`, instead: [words.toSpliced(at, 1)] };
  }
  let value = given ?? next?.text ?? '';
  let end = given === undefined ? at + 2 : at + 1;
  // `a, b` is one value: it was typed with a comma.
  for (let more = words[end]; more?.comma && !more.text.startsWith('--'); more = words[end]) {
    value += `,${more.text}`;
    end += 1;
  }
  return { name, value: value.trim(), at, end };
}

/** A value after `=`, or a figure as the next word: neither a table nor dates begin with one. */
function takeOptional(
  words: readonly Word[],
  at: number,
  name: string,
  given: string | undefined,
): Taken | Problem<readonly Word[]> {
  if (given === '') {
    return { problem: `--${name}= needs a value after the sign.`, instead: [words.with(at, plainWord(`--${name}`))] };
  }
  if (given !== undefined) return { name, value: given.trim(), at, end: at + 1 };
  const next = words[at + 1];
  const figure = next !== undefined && !next.comma && /^\d{1,6}%?$/.test(next.text) ? next.text : undefined;
  return { name, value: figure ?? '', at, end: figure === undefined ? at + 1 : at + 2 };
}

function explainOption(words: readonly Word[], at: number, name: string, taker: Taker): Problem<readonly Word[]> {
  const { names, who } = taker;
  const known = Object.keys(names);
  const without = words.toSpliced(at, sizeOf(words, at));
  if (known.length === 0) return { problem: `${who} takes no options.`, instead: [without] };
  const list = known.map((n) => `--${n}`).join(', ');
  const here = Object.hasOwn(names, name);
  if (!here && Object.hasOwn(allOptionNames, name)) {
    return { problem: `--${name} belongs to ${ownerOf(name)}. Options of ${who}: ${list}.`, instead: [without] };
  }
  const near = here ? name : (known.find((n) => name.length > 2 && n.startsWith(name)) ?? findNearest(name, known));
  const said = quoteForPeople(words[at]?.text ?? '');
  if (near === undefined) return { problem: `There is no option ${said}. Options: ${list}.`, instead: [without] };
  const value = /=(.*)$/s.exec(words[at]?.text ?? '')?.[0] ?? '';
  const meant = { text: `--${near}${value}`, quoted: value !== '', comma: false };
  return { problem: `There is no option ${said}. Did you mean --${near}?`, instead: [words.with(at, meant), without] };
}

/** How many words an option takes up: one that is known elsewhere has its value with it, which is nobody's date. */
function sizeOf(words: readonly Word[], at: number): number {
  const { name, given } = partOption(words[at]);
  const kind = Object.hasOwn(allOptionNames, name) ? allOptionNames[name] : undefined;
  if (kind === undefined) return 1;
  const taken = takeKnown(words, at, name, kind, given);
  return isProblem<readonly Word[]>(taken) ? 1 : taken.end - at;
}

/** Who takes an option that is not taken here. */
function ownerOf(name: string): string {
  if (name === 'rules-as-of') return '/coverage, why and plan';
  if (name === 'reason') return '/backfill and accept';
  return '/backfill with a table and dates';
}

/** A reason of several words without quotes: what is after its first word is not a date. */
function explainStray(words: readonly Word[], taken: Taken, hasWords: boolean): Problem<readonly Word[]> | null {
  if (taken.name !== 'reason' || !hasWords || words.slice(taken.at, taken.end).some((word) => word.quoted)) return null;
  const next = words.findIndex((word, i) => i >= taken.end && word.text.startsWith('--'));
  const end = next < 0 ? words.length : next;
  if (end === taken.end) return null;
  const reason = `${taken.value} ${joinWords(words.slice(taken.end, end))}`;
  const instead = words.toSpliced(taken.at, end - taken.at, plainWord('--reason'), {
    text: reason,
    quoted: true,
    comma: false,
  });
  return { problem: 'A reason of several words needs quotes around it.', instead: [instead] };
}
