/** How a request begins: whom it addresses and which command it is, before any word of it is read. */
import type { Command } from './help.ts';
import { hasControls, longestRequest, normaliseText, stripControls } from './normalise-text.ts';
import { decideVerbs, steerVerbs } from './request-kinds.ts';
import { isProblem, type Problem, splitWords, type Word } from './split-words.ts';

/** Verbs that belong to one command, and are looked for after the other one too. */
export const verbs: Readonly<Record<Command, readonly string[]>> = {
  '/coverage': ['coverage', 'why', 'plan', 'quality', 'accept', 'accepted', 'revoke', 'watch', 'watches'],
  '/backfill': ['backfill', 'status', 'list', ...steerVerbs, ...decideVerbs, 'handover', 'follow'],
};

/** Words that no table can be named after: a request that begins with one is never of the table. */
export const reservedWords: ReadonlySet<string> = new Set([...Object.values(verbs).flat(), 'help', 'all']);

/** The words after the command; `instead` holds whole commands. */
export function openCommand(text: string, command: Command): readonly Word[] | Problem<string> {
  if (text.length > longestRequest) {
    const problem = `The request has ${text.length} characters, and at most ${longestRequest} are read. Give a range instead of a list, or several requests.`;
    return { problem, instead: [] };
  }
  if (hasControls(text)) {
    const instead = [`${command} ${dropAddress(normaliseText(stripControls(text)), command)}`];
    return { problem: 'The request has control characters in it.', instead };
  }
  const body = dropAddress(normaliseText(text), command);
  const other: Command = command === '/coverage' ? '/backfill' : '/coverage';
  const verb = /^\/?([a-z]+)(?= |$)/i.exec(body)?.[1]?.toLowerCase();
  if (verb !== undefined && verbs[other].includes(verb)) {
    const rest = body.startsWith('/') || `/${verb}` === other ? body.replace(/^\S+ ?/, '') : body;
    return { problem: `${verb} belongs to ${other}.`, instead: [`${other} ${rest}`] };
  }
  const words = splitWords(body);
  if (!isProblem<string>(words)) return words;
  return { ...words, instead: words.instead.map((body) => `${command} ${body}`) };
}

/** Drops a mention or the program's name, and the command itself. */
function dropAddress(text: string, command: Command): string {
  const body = text.replace(/^(?:<@[^>]*>|@?backcourt(?= |:|,|$))[:,]?\s*/i, '');
  return body.replace(new RegExp(`^/?${command.slice(1)}(?: |$)`, 'i'), '');
}
