/**
 * The form of a backfill as words: what was chosen is written as the command that says the same and read by the one
 * grammar, so that a form can ask for nothing that a command cannot, and is refused in the same words.
 */
import { groupRuns } from '../dates.ts';
import { normaliseText } from './normalise-text.ts';
import type { BackfillOptions, Options } from './options.ts';
import type { BackfillRequest } from './request-kinds.ts';
import { joinWords } from './split-words.ts';
import { writeOptions } from './take-options.ts';
import { writeDates } from './when.ts';
import { nameOptions } from './write-request.ts';

/** Options that are chosen by ticking them. */
export const ticks = ['with-upstream', 'ready-only', 'newest-first', 'rest', 'no-resume', 'skip-preflight'] as const;
export type Tick = (typeof ticks)[number];
/** Options that are typed. */
export const typedFields = ['sample', 'stop-on-failure', 'concurrency', 'reason'] as const;
export type TypedField = (typeof typedFields)[number];

/** What stands in the form; empty where nothing was chosen. Dates in words go before the two that were picked. */
export type FormValues = {
  readonly table: string;
  readonly from: string;
  readonly to: string;
  readonly words: string;
  readonly only: readonly string[];
  readonly ticked: readonly string[];
  readonly typed: Readonly<Partial<Record<TypedField, string>>>;
  /** The id of the backfill to wait for; it comes from a button and cannot be typed here. */
  readonly after: string;
};

export type FormField = 'table' | 'from' | 'words' | 'only' | 'ticked' | TypedField;

export const emptyForm: FormValues = {
  table: '',
  from: '',
  to: '',
  words: '',
  only: [],
  ticked: [],
  typed: {},
  after: '',
};

/** The words after `/backfill` that say what the form says. */
export function writeForm(values: FormValues): string {
  const words = normaliseText(values.words);
  const ends = [values.from, values.to].every((date) => date !== '');
  const picked = ends ? `${values.from}..${values.to}` : values.to === '' ? values.from : `..${values.to}`;
  return [values.table, words === '' ? picked : words, joinWords(writeOptions(optionsOf(values)))]
    .filter((part) => part !== '')
    .join(' ');
}

function optionsOf({ only, ticked, typed, after }: FormValues): Options {
  const chosen: [string, string][] = [
    ...ticks.filter((name) => ticked.includes(name)).map((name): [string, string] => [name, '']),
    ...(only.length > 0 ? [['only', only.join(',')] as [string, string]] : []),
    ...typedFields.flatMap((name): [string, string][] => {
      const text = normaliseText(typed[name] ?? '');
      return text === '' ? [] : [[name, text]];
    }),
    ...(after === '' ? [] : [['after', after] as [string, string]]),
  ];
  return new Map(chosen);
}

/** A request as the form would show it. */
export function fillForm(request: Extract<BackfillRequest, { verb: 'launch' }>): FormValues {
  const { dates } = request.when;
  const [run, ...more] = groupRuns(dates);
  const named = nameOptions(request.options);
  const one = more.length === 0 && run !== undefined;
  return {
    table: request.table,
    from: one ? run.from : '',
    to: one ? run.to : '',
    words: one ? '' : writeDates(dates),
    only: onlyOf(request.options),
    ticked: ticks.filter((name) => named.has(name)),
    typed: Object.fromEntries(
      typedFields.flatMap((name) => {
        const value = named.get(name);
        return value === undefined ? [] : [[name, name === 'stop-on-failure' && value === '' ? '1' : value]];
      }),
    ),
    after: request.options.after ?? '',
  };
}

/** The same with the blocked dates run as they are, in place of what would mend or leave them. Its reason is to be typed. */
export function fillOverride(request: Extract<BackfillRequest, { verb: 'launch' }>): FormValues {
  const values = fillForm(request);
  const kept = values.ticked.filter((name) => name !== 'with-upstream' && name !== 'ready-only');
  return { ...values, ticked: [...kept, 'skip-preflight'] };
}

function onlyOf({ only, noResume }: BackfillOptions): readonly string[] {
  return noResume || only === null ? [] : only;
}

/** The field that a refusal is about, as far as its words tell; else the dates, which are where most slips are. */
export function fieldOf(message: string, values: FormValues): FormField {
  if (values.table === '' || /^There is no table|has no processor/.test(message)) return 'table';
  const options = [...message.matchAll(/--([a-z-]+)/g)].map(([, name]) => name ?? '');
  if (/needs --reason/.test(message)) return 'reason';
  const [first] = options;
  const typed = typedFields.find((name) => name === first);
  if (typed !== undefined) return typed;
  if (first === 'only') return 'only';
  if (first !== undefined && !message.includes('not a date')) return 'ticked';
  return values.words.trim() === '' ? 'from' : 'words';
}
