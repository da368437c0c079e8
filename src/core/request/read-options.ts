/** The values of options: of a launch, a reason, and the date whose rules are meant. */
import { type CalendarDate, isDate } from '../dates.ts';
import { findNearest } from './nearest.ts';
import { quoteForPeople } from './normalise-text.ts';
import { type BackfillOptions, type Only, type Options, onlyChoices, type StopOnFailure } from './options.ts';
import { readId } from './read-id.ts';
import type { RequestContext } from './read-span.ts';
import { isProblem, type Problem } from './split-words.ts';
import { readWhen } from './when.ts';

const longestReason = 500;

/** Reads the options of a launch; `instead` holds options that may be read in their place. */
export function readBackfillOptions(options: Options): BackfillOptions | Problem<Options> {
  const only = readOnly(options);
  if (isProblem<Options>(only)) return only;
  const concurrency = readCount(options, 'concurrency', 1000, '4');
  if (isProblem<Options>(concurrency)) return concurrency;
  const sample = readCount(options, 'sample', 100, '5');
  if (isProblem<Options>(sample)) return sample;
  const stopOnFailure = readStop(options);
  if (isProblem<Options>(stopOnFailure)) return stopOnFailure;
  const after = readAfter(options);
  if (isProblem<Options>(after)) return after;
  const reason = readReason(options);
  if (isProblem<Options>(reason)) return reason;
  return (
    findContradiction(options) ?? {
      only,
      withUpstream: options.has('with-upstream'),
      readyOnly: options.has('ready-only'),
      noResume: only?.includes('all') ?? false,
      dryRun: options.has('dry-run'),
      newestFirst: options.has('newest-first'),
      concurrency,
      reason,
      sample,
      stopOnFailure,
      skipPreflight: options.has('skip-preflight'),
      rest: options.has('rest'),
      after,
    }
  );
}

/** `--reason`; null where none is given. */
export function readReason(options: Options): string | null | Problem<Options> {
  const reason = options.get('reason');
  if (reason === undefined) return null;
  if (reason !== '' && reason.length <= longestReason) return reason;
  const shorter = Array.from(reason).slice(0, 200).join('').trim();
  return explainValue(options, 'reason', `words, at most ${longestReason} characters`, [shorter || 'late data']);
}

/** `--rules-as-of`: the date whose rules judge, not in the future; undefined where none is given. */
export function readRulesAsOf(options: Options, context: RequestContext): CalendarDate | undefined | Problem<Options> {
  const name = 'rules-as-of';
  const given = options.get(name);
  if (given === undefined) return undefined;
  const without = new Map(options);
  without.delete(name);
  if (!isDate(given)) {
    const dates = guessDates(given, context).filter((date) => date <= context.today);
    const said = explainValue(options, name, `one date, as YYYY-MM-DD`, dates);
    return { ...said, instead: [...said.instead, without] };
  }
  if (given <= context.today) return given;
  const problem = `--${name} takes a date that has come, and ${given} is after today (${context.today}): nobody knows the rules of then.`;
  return { problem, instead: [without] };
}

/** The dates that somebody may have meant, ISO. */
function guessDates(text: string, context: RequestContext): CalendarDate[] {
  const read = readWhen(text, context);
  return isProblem<string>(read) ? read.instead.filter(isDate) : [read.from];
}

function readCount(options: Options, name: string, most: number, example: string): number | null | Problem<Options> {
  const given = options.get(name);
  if (given === undefined) return null;
  const count = /^\d{1,4}$/.test(given) ? Number(given) : 0;
  if (count >= 1 && count <= most) return count;
  return explainValue(options, name, `a number from 1 to ${most}`, [count > most ? String(most) : example]);
}

/** `--stop-on-failure`, `=3` or `=10%`; bare it is the first failure. */
function readStop(options: Options): StopOnFailure | null | Problem<Options> {
  const given = options.get('stop-on-failure');
  if (given === undefined) return null;
  if (given === '') return { kind: 'count', n: 1 };
  const [, figure, percent] = /^(\d{1,6})(%?)$/.exec(given) ?? [];
  const n = Number(figure ?? 0);
  if (n >= 1 && percent === '') return { kind: 'count', n };
  if (n >= 1 && n <= 100) return { kind: 'share', percent: n };
  const near = n > 100 ? '100%' : given.includes('%') ? '10%' : '';
  return explainValue(options, 'stop-on-failure', 'a number of failures, or a share from 1% to 100%', [near]);
}

function readAfter(options: Options): string | null | Problem<Options> {
  const given = options.get('after');
  if (given === undefined) return null;
  const id = readId(given);
  if (id !== undefined) return id;
  const instead = new Map(options);
  instead.delete('after');
  const problem = `--after takes the id of a backfill, not ${quoteForPeople(given)}; \`list\` shows them.`;
  return { problem, instead: [instead] };
}

/** Pairs of options of which each takes back what the other says, and an override without its reason. */
function findContradiction(options: Options): Problem<Options> | null {
  const clashes: readonly (readonly [string, string, string])[] = [
    ['skip-preflight', 'with-upstream', 'one runs the blocked dates as they are, the other mends what blocks them'],
    ['skip-preflight', 'ready-only', 'one runs the blocked dates, the other leaves them'],
    ['after', 'rest', 'one waits for the dates of another backfill, the other leaves them to it'],
  ];
  const clash = clashes.find(([a, b]) => options.has(a) && options.has(b));
  if (clash !== undefined) {
    const [a, b, why] = clash;
    const problem = `--${a} and --${b} contradict each other: ${why}. Give one of the two.`;
    const instead = [a, b].map((name) => new Map([...options].filter(([other]) => other !== name)));
    return { problem, instead };
  }
  if (!options.has('skip-preflight') || (options.get('reason') ?? '') !== '') return null;
  const instead = new Map(options).set('reason', 'why the blocked dates may run');
  return { problem: '--skip-preflight needs --reason "...", for those who see the rows later.', instead: [instead] };
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
