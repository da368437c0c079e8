/** Tables and dates of a request, in this order and with nothing between them but their own looks. */
import type { Command } from './help.ts';
import type { Options } from './options.ts';
import type { RequestContext } from './read-span.ts';
import { readTables, sayTables, type What } from './read-tables.ts';
import { findWhenStart, findWhenText, flattenWords } from './split-when.ts';
import { isProblem, type Problem, type Word } from './split-words.ts';
import { readWhen, type When } from './when.ts';
import { type CommandParts, writeCommand } from './write-command.ts';

export type Asking = {
  readonly command: Command;
  readonly verb: string;
  readonly words: readonly Word[];
  readonly options: Options;
};
export type Write = (what: readonly string[], when: string, over?: Partial<CommandParts>) => string;
/** `typed`: the dates in the words of the request. */
export type Asked = { readonly what: What; readonly when: When; readonly typed: string; readonly write: Write };

export type OneTable = Asked & { readonly table: string };

/** Reads `<what> <when>`; `instead` holds whole commands. */
export function readTarget(asking: Asking, context: RequestContext): Asked | Problem<string> {
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

/** Reads `<table> <when>`. */
export function readOneTable(asking: Asking, context: RequestContext): OneTable | Problem<string> {
  const asked = readTarget(asking, context);
  if (isProblem<string>(asked)) return asked;
  const [table, ...more] = asked.what.tables;
  const last = more.at(-1) ?? table;
  if (table !== undefined && more.length === 0) return { ...asked, table };
  const who = asking.verb === '' ? 'A backfill' : `\`${asking.verb}\``;
  const problem = `${who} takes one table, and ${asked.what.what} is ${asked.what.tables.length} tables.`;
  return { problem, instead: last === undefined ? [] : [asked.write([last], asked.typed)] };
}
