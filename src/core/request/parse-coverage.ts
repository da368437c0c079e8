/** The verbs of `/coverage`. */
import type { CalendarDate } from '../dates.ts';
import { explainVerb } from './explain-verb.ts';
import type { Options } from './options.ts';
import { type Given, readGiven } from './read-given.ts';
import { readId } from './read-id.ts';
import { readRulesAsOf } from './read-options.ts';
import type { RequestContext } from './read-span.ts';
import { readTables, sayTables } from './read-tables.ts';
import { type Asked, type Asking, readOneTable, readTarget } from './read-target.ts';
import type { CoverageRequest } from './request-kinds.ts';
import { findWhenStart, flattenWords } from './split-when.ts';
import { isProblem, type Problem, type Word } from './split-words.ts';

/** Reads the words after `/coverage`; `instead` holds whole commands. */
export function parseCoverage(text: string, context: RequestContext): CoverageRequest | Problem<string> {
  const given = readGiven(text, '/coverage');
  if (isProblem<string>(given)) return given;
  const [first, ...rest] = given.words;
  const verb = first?.text.toLowerCase() ?? (given.options.size === 0 ? 'help' : '');
  switch (verb) {
    case 'help':
      return { verb };
    case 'accepted':
      return rest.length === 0 ? { verb } : { problem: '`accepted` takes no words.', instead: ['/coverage accepted'] };
    case 'watches':
      return rest.length === 0 ? { verb } : { problem: '`watches` takes no words.', instead: ['/coverage watch'] };
    case 'revoke':
      return parseRevoke(rest);
    case 'accept':
      return parseAccept(rest, given.options, context);
    case 'watch':
      return parseWatch(rest, context);
    case 'why':
    case 'plan':
    case 'quality':
      return parseOneTable({ command: '/coverage', verb, words: rest, options: given.options }, verb, context);
    default:
      return parseTables(given, context);
  }
}

function parseTables(given: Given, context: RequestContext): CoverageRequest | Problem<string> {
  const asked = readTarget({ command: '/coverage', verb: '', ...given }, context);
  if (isProblem<string>(asked)) return explainVerb('/coverage', given, context.catalogue) ?? asked;
  const rules = readRules(asked, [asked.what.what], given.options, context);
  return isProblem<string>(rules) ? rules : { verb: 'coverage', ...asked.what, when: asked.when, ...rules };
}

function parseOneTable(
  asking: Asking,
  verb: 'why' | 'plan' | 'quality',
  context: RequestContext,
): CoverageRequest | Problem<string> {
  const asked = readOneTable(asking, context);
  if (isProblem<string>(asked)) return asked;
  const { table, when } = asked;
  if (verb === 'quality') return { verb, table, when };
  const rules = readRules(asked, [table], asking.options, context);
  if (isProblem<string>(rules)) return rules;
  if (verb === 'plan') return { verb, table, when, ...rules };
  if (when.dates.length === 1) return { verb, table, date: when.from, ...rules };
  const instead = [asked.write([table], when.from)];
  return { problem: `\`why\` explains one date, and ${when.said} are several.`, instead };
}

function readRules(
  asked: Asked,
  what: readonly string[],
  options: Options,
  context: RequestContext,
): { rulesAsOf?: CalendarDate } | Problem<string> {
  const rulesAsOf = readRulesAsOf(options, context);
  if (!isProblem<Options>(rulesAsOf)) return rulesAsOf === undefined ? {} : { rulesAsOf };
  return {
    ...rulesAsOf,
    instead: rulesAsOf.instead.map((other) => asked.write(what, asked.typed, { options: other })),
  };
}

/** `watch <what> [off]`; bare it lists. Dates have no place in it: a digest is of the day. */
function parseWatch(words: readonly Word[], context: RequestContext): CoverageRequest | Problem<string> {
  const asked = flattenWords(words).map((word) => word.text);
  if (asked.length === 0) return { verb: 'watches' };
  const last = asked.at(-1);
  const off = last === 'off';
  const names = off || last === 'on' ? asked.slice(0, -1) : asked;
  const write = (tables: readonly string[]) => `/coverage watch ${tables.join(',')}${off ? ' off' : ''}`;
  const known = sayTables([...context.catalogue.tables.keys()]);
  if (names.length === 0) return { problem: `Which table? ${known}`, instead: ['/coverage watch'] };
  if (last === 'on') return { problem: '`watch` takes tables, and `off` to end it.', instead: [write(names)] };
  const start = findWhenStart(flattenWords(words).slice(0, names.length), context.catalogue);
  if (start < names.length) {
    const instead = start === 0 ? ['/coverage watch'] : [write(names.slice(0, start))];
    return { problem: '`watch` takes tables and no dates: it says every day what changed.', instead };
  }
  const what = readTables(names, context.catalogue);
  return isProblem<readonly string[]>(what)
    ? { ...what, instead: what.instead.map(write) }
    : { verb: 'watch', ...what, off };
}

function parseAccept(
  words: readonly Word[],
  options: Options,
  context: RequestContext,
): CoverageRequest | Problem<string> {
  const asked = readOneTable({ command: '/coverage', verb: 'accept', words, options }, context);
  if (isProblem<string>(asked)) return asked;
  const reason = options.get('reason')?.trim() ?? '';
  if (reason !== '' && reason.length <= 500) return { verb: 'accept', table: asked.table, when: asked.when, reason };
  const instead = [
    asked.write([asked.table], asked.typed, { options: new Map([['reason', 'why it stays as it is']]) }),
  ];
  if (reason === '') return { problem: 'An accepted gap needs a reason, for those who ask in a year.', instead };
  return { problem: `A reason has at most 500 characters, and this one has ${reason.length}.`, instead };
}

function parseRevoke(words: readonly Word[]): CoverageRequest | Problem<string> {
  const [id, ...more] = words.map((word) => readId(word.text));
  if (id !== undefined && more.length === 0) return { verb: 'revoke', id };
  const problem = '`revoke` takes the id of an accepted gap; `accepted` lists them.';
  return { problem, instead: id === undefined ? ['/coverage accepted'] : [`/coverage revoke ${id}`] };
}
