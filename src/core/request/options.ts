/**
 * Options: `--name`, `--name value` or `--name=value`, anywhere among the words. An option that is not known is refused,
 * never skipped: a run without `--dry-run` is not the run that was asked for.
 */
import { findNearest } from './nearest.ts';
import { quoteForPeople } from './normalise-text.ts';
import { isProblem, joinWords, type Problem, plainWord, type Word } from './split-words.ts';

export const onlyChoices = ['missing', 'failed', 'thin', 'over', 'tainted', 'stale', 'all'] as const;
export type Only = (typeof onlyChoices)[number];

export type BackfillOptions = {
  /** Null: the default of rule R11. */
  readonly only: readonly Only[] | null;
  readonly withUpstream: boolean;
  readonly readyOnly: boolean;
  readonly noResume: boolean;
  readonly dryRun: boolean;
  readonly newestFirst: boolean;
  /** Null: the limit of the processor's service. */
  readonly concurrency: number | null;
  readonly reason: string | null;
};

/** The options of a launch without any option. */
export const noOptions: BackfillOptions = {
  only: null,
  withUpstream: false,
  readyOnly: false,
  noResume: false,
  dryRun: false,
  newestFirst: false,
  concurrency: null,
  reason: null,
};

/** Whether an option takes a value, by name. */
export type OptionNames = Readonly<Record<string, 'value' | 'flag'>>;

export const dateOptions: OptionNames = { dates: 'value', from: 'value', to: 'value' };
export const acceptOptionNames: OptionNames = { ...dateOptions, reason: 'value' };
export const backfillOptionNames: OptionNames = {
  ...dateOptions,
  'with-upstream': 'flag',
  'ready-only': 'flag',
  only: 'value',
  'no-resume': 'flag',
  'dry-run': 'flag',
  concurrency: 'value',
  'newest-first': 'flag',
  reason: 'value',
};

/** Options by name; a flag has an empty value. */
export type Options = ReadonlyMap<string, string>;

const longestReason = 500;

/** Parts words into options and the others; `instead` holds whole word lists. */
export function takeOptions(
  words: readonly Word[],
  names: OptionNames,
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
    const taken = takeOption(words, at, names);
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
    if (value === '' && backfillOptionNames[name] === 'flag') return [plainWord(`--${name}`)];
    const plain = /^[^\s"',\\-][^\s"',\\]*(,[^\s"',\\]+)*$/.test(value);
    return [plainWord(`--${name}`), { text: value, quoted: !plain, comma: false }];
  });
}

type Taken = { readonly name: string; readonly value: string; readonly at: number; readonly end: number };

function takeOption(words: readonly Word[], at: number, names: OptionNames): Taken | Problem<readonly Word[]> {
  const text = words[at]?.text ?? '';
  const [, dashes = '', name = '', equals, given = ''] = /^(-+)([^=]*)(=)?(.*)$/s.exec(text) ?? [];
  const kind = Object.hasOwn(names, name.toLowerCase()) && dashes === '--' ? names[name.toLowerCase()] : undefined;
  if (kind === undefined) return explainOption(words, at, name.toLowerCase(), names);
  const known = name.toLowerCase();
  if (kind === 'flag') {
    if (equals === undefined) return { name: known, value: '', at, end: at + 1 };
    return { problem: `--${known} takes no value.`, instead: [words.with(at, plainWord(`--${known}`))] };
  }
  const next = words[at + 1];
  const apart = equals === undefined;
  if (apart && (next === undefined || (next.text.startsWith('--') && !next.quoted))) {
    return { problem: `--${known} needs a value.`, instead: [words.toSpliced(at, 1)] };
  }
  let value = apart ? (next?.text ?? '') : given;
  let end = apart ? at + 2 : at + 1;
  // `a, b` is one value: it was typed with a comma.
  for (let more = words[end]; more?.comma && !more.text.startsWith('--'); more = words[end]) {
    value += `,${more.text}`;
    end += 1;
  }
  return { name: known, value: value.trim(), at, end };
}

function explainOption(words: readonly Word[], at: number, name: string, names: OptionNames): Problem<readonly Word[]> {
  const near = Object.hasOwn(names, name) ? name : findNearest(name, Object.keys(names));
  const without = words.toSpliced(at, 1);
  const said = quoteForPeople(words[at]?.text ?? '');
  if (near === undefined) {
    const known = Object.keys(names).map((n) => `--${n}`);
    const why = Object.hasOwn(backfillOptionNames, name)
      ? `--${name} belongs to /backfill`
      : `There is no option ${said}`;
    return { problem: `${why}. Options: ${known.join(', ')}.`, instead: [without] };
  }
  const value = /=(.*)$/s.exec(words[at]?.text ?? '')?.[0] ?? '';
  const meant = { text: `--${near}${value}`, quoted: value !== '', comma: false };
  return { problem: `There is no option ${said}. Did you mean --${near}?`, instead: [words.with(at, meant), without] };
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

/** Reads the options of a launch; `instead` holds options that may be read in their place. */
export function readBackfillOptions(options: Options): BackfillOptions | Problem<Options> {
  const only = readOnly(options);
  if (isProblem<Options>(only)) return only;
  const concurrency = options.get('concurrency');
  if (
    concurrency !== undefined &&
    (!/^\d{1,4}$/.test(concurrency) || Number(concurrency) < 1 || Number(concurrency) > 1000)
  ) {
    return explainValue(options, 'concurrency', 'a number from 1 to 1000', ['4']);
  }
  const reason = options.get('reason');
  if (reason !== undefined && (reason === '' || reason.length > longestReason)) {
    const shorter = Array.from(reason).slice(0, 200).join('').trim();
    return explainValue(options, 'reason', `words, at most ${longestReason} characters`, [shorter || 'late data']);
  }
  return {
    only,
    withUpstream: options.has('with-upstream'),
    readyOnly: options.has('ready-only'),
    noResume: only?.includes('all') ?? false,
    dryRun: options.has('dry-run'),
    newestFirst: options.has('newest-first'),
    concurrency: concurrency === undefined ? null : Number(concurrency),
    reason: reason ?? null,
  };
}

/** `--only` and `--no-resume`, which is `--only all`. */
function readOnly(options: Options): readonly Only[] | null | Problem<Options> {
  const given = options.get('only');
  const noResume = options.has('no-resume');
  if (given === undefined) return noResume ? ['all'] : null;
  const words = given
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  const unknown = words.find((word) => !onlyChoices.some((choice) => choice === word));
  if (unknown !== undefined || words.length === 0) {
    const near = findNearest(unknown ?? '', onlyChoices) ?? 'missing';
    const instead = words.length === 0 ? near : words.map((word) => (word === unknown ? near : word)).join(',');
    return explainValue(options, 'only', `some of ${onlyChoices.join(', ')}`, [instead]);
  }
  if (words.includes('all')) return ['all'];
  if (noResume) {
    const instead = new Map(options);
    instead.delete('no-resume');
    return { problem: '--no-resume takes every cell and --only takes some: give one of the two.', instead: [instead] };
  }
  return onlyChoices.filter((choice) => words.includes(choice));
}

function explainValue(options: Options, name: string, takes: string, values: readonly string[]): Problem<Options> {
  return {
    problem: `--${name} takes ${takes}, not ${quoteForPeople(options.get(name) ?? '')}.`,
    instead: values.map((value) => new Map(options).set(name, value)),
  };
}
