/**
 * The words of a request: one grammar for slash commands, mentions and the command line. Text in, a value or a Refusal
 * out; nothing is guessed, since a backfill of the wrong month is worse than a question.
 */
import { type Refusal, refuse } from '../../fault.ts';
import type { CalendarDate } from '../dates.ts';
import { type Command, exampleCommand } from './help.ts';
import { openCommand } from './open-command.ts';
import {
  acceptOptionNames,
  type BackfillOptions,
  backfillOptionNames,
  dateOptions,
  type OptionNames,
  type Options,
  readBackfillOptions,
  takeOptions,
} from './options.ts';
import type { RequestContext } from './read-span.ts';
import { findFillable, readTables, sayTables, type What } from './read-tables.ts';
import { findWhenStart, findWhenText, flattenWords } from './split-when.ts';
import { isProblem, joinWords, type Problem, type Word } from './split-words.ts';
import { readWhen, type When } from './when.ts';
import { type CommandParts, writeCommand } from './write-command.ts';

export { type BackfillOptions, type Only, onlyChoices } from './options.ts';
export type { RequestContext } from './read-span.ts';
export { quoteArgument } from './split-words.ts';
export type { When } from './when.ts';

export type CoverageRequest =
  | { readonly verb: 'coverage'; readonly what: string; readonly tables: readonly string[]; readonly when: When }
  | { readonly verb: 'why'; readonly table: string; readonly date: CalendarDate }
  | { readonly verb: 'plan'; readonly table: string; readonly when: When }
  | { readonly verb: 'quality'; readonly table: string; readonly when: When }
  | { readonly verb: 'accept'; readonly table: string; readonly when: When; readonly reason: string }
  | { readonly verb: 'accepted' }
  | { readonly verb: 'revoke'; readonly id: string }
  | { readonly verb: 'help' };

export type BackfillRequest =
  | { readonly verb: 'launch'; readonly table: string; readonly when: When; readonly options: BackfillOptions }
  | { readonly verb: 'status'; readonly id: string }
  | { readonly verb: 'list' }
  | { readonly verb: 'help' };

/**
 * Reads what stands after `/coverage`, in a mention, or after `backcourt` on the command line (`coverage`, `why`, `plan`
 * or `quality` first). Never throws; the `try` of a refusal is itself a request that is read.
 */
export function readCoverageRequest(text: string, context: RequestContext): CoverageRequest | Refusal {
  return settle('/coverage', parseCoverage(text, context), context);
}

/** Reads what stands after `/backfill`, or `backcourt backfill` on the command line; as `readCoverageRequest`. */
export function readBackfillRequest(text: string, context: RequestContext): BackfillRequest | Refusal {
  return settle('/backfill', parseBackfill(text, context), context);
}

/** Makes a refusal of a problem, with the first of its suggestions that works, mended further if need be. */
function settle<R>(command: Command, reading: R | Problem<string>, context: RequestContext): R | Refusal {
  if (!isProblem<string>(reading)) return reading;
  return refuse(reading.problem, findWorking(reading.instead, context, 4) ?? exampleCommand(command, context));
}

function findWorking(commands: readonly string[], context: RequestContext, depth: number): string | undefined {
  for (const command of commands) {
    const backfill = command.startsWith('/backfill');
    const reading = backfill ? parseBackfill(command, context) : parseCoverage(command, context);
    if (!isProblem<string>(reading)) return command;
    const deeper = depth > 0 ? findWorking(reading.instead, context, depth - 1) : undefined;
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

type Given = { readonly words: readonly Word[]; readonly options: Options };

function readGiven(text: string, command: Command): Given | Problem<string> {
  const words = openCommand(text, command);
  if (isProblem<string>(words)) return words;
  const given = takeOptions(words, optionNamesOf(command, words[0]?.text));
  if (!isProblem<readonly Word[]>(given)) return given;
  return { ...given, instead: given.instead.map((other) => `${command} ${joinWords(other)}`) };
}

function optionNamesOf(command: Command, verb: string | undefined): OptionNames {
  if (command === '/backfill') return backfillOptionNames;
  return verb?.toLowerCase() === 'accept' ? acceptOptionNames : dateOptions;
}

function parseCoverage(text: string, context: RequestContext): CoverageRequest | Problem<string> {
  const given = readGiven(text, '/coverage');
  if (isProblem<string>(given)) return given;
  const [first, ...rest] = given.words;
  const verb = first?.text.toLowerCase() ?? (given.options.size === 0 ? 'help' : '');
  if (verb === 'help') return { verb };
  if (verb === 'accepted' && rest.length === 0) return { verb };
  if (verb === 'revoke') return parseRevoke(rest);
  if (verb === 'accept') return parseAccept(rest, given.options, context);
  if (verb !== 'why' && verb !== 'plan' && verb !== 'quality') {
    const asked = readTarget({ command: '/coverage', verb: '', ...given }, context);
    return isProblem<string>(asked) ? asked : { verb: 'coverage', ...asked.what, when: asked.when };
  }
  const asked = readOneTable({ command: '/coverage', verb, words: rest, options: given.options }, context);
  if (isProblem<string>(asked)) return asked;
  if (verb !== 'why') return { verb, table: asked.table, when: asked.when };
  if (asked.when.dates.length === 1) return { verb, table: asked.table, date: asked.when.from };
  const instead = [asked.write([asked.table], asked.when.from)];
  return { problem: `\`why\` explains one date, and ${asked.when.said} are several.`, instead };
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
  const [id, ...more] = words.map((word) => word.text.toLowerCase().replace(/^#/, ''));
  if (id !== undefined && more.length === 0 && /^[a-z0-9]{1,40}$/.test(id)) return { verb: 'revoke', id };
  return {
    problem: '`revoke` takes the id of an accepted gap; `accepted` lists them.',
    instead: ['/coverage accepted'],
  };
}

function parseBackfill(text: string, context: RequestContext): BackfillRequest | Problem<string> {
  const given = readGiven(text, '/backfill');
  if (isProblem<string>(given)) return given;
  const verb = given.words[0]?.text.toLowerCase() ?? (given.options.size === 0 ? 'help' : '');
  if (verb === 'help') return { verb };
  if (verb === 'list' || verb === 'status') return parseLookup(verb, given);
  const options = readBackfillOptions(given.options);
  if (isProblem<Options>(options)) {
    const instead = options.instead.map((other) => {
      return writeCommand({ command: '/backfill', verb: '', what: [joinWords(given.words)], when: '', options: other });
    });
    return { ...options, instead };
  }
  const asked = readOneTable({ command: '/backfill', verb: '', ...given }, context);
  if (isProblem<string>(asked)) return asked;
  return checkLaunch(asked, context) ?? { verb: 'launch', table: asked.table, when: asked.when, options };
}

function parseLookup(verb: 'list' | 'status', given: Given): BackfillRequest | Problem<string> {
  const [id, ...more] = given.words.slice(1).map((word) => word.text.toLowerCase().replace(/^#/, ''));
  const instead = [
    verb === 'list' || id === undefined ? `/backfill ${verb}` : `/backfill status ${id}`,
    '/backfill list',
  ];
  if (given.options.size > 0) return { problem: `\`${verb}\` takes no options.`, instead };
  if (id === undefined) return { verb: 'list' };
  if (verb === 'list') return { problem: '`list` takes no further words.', instead };
  if (more.length > 0) return { problem: '`status` takes one id.', instead };
  return /^[a-z0-9][a-z0-9_-]{0,63}$/.test(id)
    ? { verb, id }
    : { problem: 'An id has letters, digits, - and _ only; `list` shows them.', instead: ['/backfill list'] };
}

type Asking = {
  readonly command: Command;
  readonly verb: string;
  readonly words: readonly Word[];
  readonly options: Options;
};
type Write = (what: readonly string[], when: string, over?: Partial<CommandParts>) => string;
/** `typed`: the dates in the words of the request. */
type Asked = { readonly what: What; readonly when: When; readonly typed: string; readonly write: Write };

/** Reads `<what> <when>`. */
function readTarget(asking: Asking, context: RequestContext): Asked | Problem<string> {
  const { command, verb, options } = asking;
  const write: Write = (what, when, over) => writeCommand({ command, verb, what, when, options, ...over });
  const words = flattenWords(asking.words);
  const start = findWhenStart(words, context.catalogue);
  const names = words.slice(0, start).map((word) => word.text);
  if (start === 0) return explainOrder(words, write, context);
  const text = findWhenText(words.slice(start), options);
  const what = readTables(names, context.catalogue);
  if (isProblem<readonly string[]>(what)) {
    const when = isProblem<string>(text) ? '' : (text ?? '');
    return { ...what, instead: what.instead.map((other) => write(other, when)) };
  }
  const typed = text ?? askWhen(what);
  const when = isProblem<string>(typed) ? typed : readWhen(typed, context);
  if (isProblem<string>(when)) {
    const mixed = words.slice(start).some((word) => context.catalogue.tables.has(word.text));
    if (mixed) return explainOrder(words, write, context);
    return { ...when, instead: when.instead.map((other) => write([what.what], other)) };
  }
  if (isProblem<string>(typed)) return typed;
  return { what, when, typed, write };
}

function askWhen(what: What): Problem<string> {
  return { problem: `Which dates of ${what.what}? They are given after the table.`, instead: ['yesterday'] };
}

/** Dates stand where a table should: the tables may come after them. */
function explainOrder(words: readonly Word[], write: Write, context: RequestContext): Problem<string> {
  const { tables } = context.catalogue;
  const known = sayTables([...tables.keys()]);
  if (words.length === 0) return { problem: `Which table? ${known}`, instead: [] };
  const names = words.filter((word) => tables.has(word.text)).map((word) => word.text);
  const dates = words.filter((word) => !tables.has(word.text));
  const when = findWhenText(dates, new Map());
  const instead = names.length > 0 && typeof when === 'string' ? [write(names, when)] : [];
  return { problem: `The table comes first, then the dates. ${known}`, instead };
}

function readOneTable(asking: Asking, context: RequestContext): (Asked & { readonly table: string }) | Problem<string> {
  const asked = readTarget(asking, context);
  if (isProblem<string>(asked)) return asked;
  const [table, ...more] = asked.what.tables;
  const last = more.at(-1) ?? table;
  if (table !== undefined && more.length === 0) return { ...asked, table };
  const who = asking.verb === '' ? 'A backfill' : `\`${asking.verb}\``;
  const problem = `${who} takes one table, and ${asked.what.what} is ${asked.what.tables.length} tables.`;
  return { problem, instead: last === undefined ? [] : [asked.write([last], asked.typed)] };
}

/** Why a table cannot be filled on these dates; null if it can. Some dates may be due later: they are left out of it. */
function checkLaunch(asked: Asked & { readonly table: string }, context: RequestContext): Problem<string> | null {
  const { catalogue, today } = context;
  const { table, when, typed, write } = asked;
  if (catalogue.tables.get(table)?.processor === undefined) {
    const others = sayTables(findFillable(catalogue), 'Tables that can be filled');
    const instead = [write([table], typed, { command: '/coverage', options: new Map() })];
    return { problem: `${table} has no processor: it is filled elsewhere. ${others}`, instead };
  }
  if (when.from < today) return null;
  const problem = `${when.said} cannot be filled yet: it is ${today} in ${catalogue.timeZone}, and a date must be over.`;
  return { problem, instead: [write([table], 'yesterday')] };
}
