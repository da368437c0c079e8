/** The verbs of `/backfill`: to launch one, to look at one, and to steer one that is there. */

import type { SteerVerb } from '../backfill/steering.ts';
import { explainVerb } from './explain-verb.ts';
import type { Options } from './options.ts';
import { type Given, readGiven } from './read-given.ts';
import { readId } from './read-id.ts';
import { readBackfillOptions, readReason } from './read-options.ts';
import type { RequestContext } from './read-span.ts';
import { findFillable, sayTables } from './read-tables.ts';
import { type OneTable, readOneTable } from './read-target.ts';
import { type BackfillRequest, type DecideVerb, decideVerbs, steerVerbs } from './request-kinds.ts';
import { isProblem, joinWords, type Problem } from './split-words.ts';
import { writeCommand } from './write-command.ts';

/** Reads the words after `/backfill`; `instead` holds whole commands. */
export function parseBackfill(text: string, context: RequestContext): BackfillRequest | Problem<string> {
  const given = readGiven(text, '/backfill');
  if (isProblem<string>(given)) return given;
  const verb = given.words[0]?.text.toLowerCase() ?? (given.options.size === 0 ? 'help' : '');
  if (verb === 'help') return { verb };
  if (verb === 'list') return parseList(given);
  if (verb === 'status' || verb === 'handover' || verb === 'follow') return parseLook(verb, given);
  const steer = steerVerbs.find((other) => other === verb) ?? decideVerbs.find((other) => other === verb);
  return steer === undefined ? parseLaunch(given, context) : parseSteer(steer, given);
}

function parseLaunch(given: Given, context: RequestContext): BackfillRequest | Problem<string> {
  const options = readBackfillOptions(given.options);
  if (isProblem<Options>(options)) {
    const instead = options.instead.map((other) => {
      return writeCommand({ command: '/backfill', verb: '', what: [joinWords(given.words)], when: '', options: other });
    });
    return { ...options, instead };
  }
  const asked = readOneTable({ command: '/backfill', verb: '', ...given }, context);
  if (isProblem<string>(asked)) return explainVerb('/backfill', given, context.catalogue) ?? asked;
  return checkLaunch(asked, context) ?? { verb: 'launch', table: asked.table, when: asked.when, options };
}

function parseList(given: Given): BackfillRequest | Problem<string> {
  if (given.words.length === 1) return { verb: 'list' };
  return { problem: '`list` takes no further words.', instead: ['/backfill list'] };
}

function parseLook(verb: 'status' | 'handover' | 'follow', given: Given): BackfillRequest | Problem<string> {
  if (verb === 'status' && given.words.length === 1) return { verb: 'list' };
  const id = readOnlyId(verb, given, `\`${verb}\` takes one id.`);
  return isProblem<string>(id) ? id : { verb, id };
}

function parseSteer(verb: SteerVerb | DecideVerb, given: Given): BackfillRequest | Problem<string> {
  const id = readOnlyId(verb, given, `\`${verb}\` takes one id; why is said with --reason "...".`);
  if (isProblem<string>(id)) return id;
  const reason = readReason(given.options);
  if (!isProblem<Options>(reason)) return { verb, id, reason };
  const parts = { command: '/backfill', verb, what: [id], when: '' } as const;
  return { ...reason, instead: reason.instead.map((options) => writeCommand({ ...parts, options })) };
}

/** The one word after the verb, as an id. `further`: what is said of more words. */
function readOnlyId(verb: string, given: Given, further: string): string | Problem<string> {
  const [word, ...more] = given.words.slice(1);
  const { options } = given;
  const problem = `\`${verb}\` needs the id of a backfill; \`list\` shows them.`;
  if (word === undefined) return { problem, instead: ['/backfill list'] };
  const id = readId(word.text);
  if (id === undefined) {
    return { problem: 'An id has letters, digits, - and _ only; `list` shows them.', instead: ['/backfill list'] };
  }
  if (more.length === 0) return id;
  return { problem: further, instead: [writeCommand({ command: '/backfill', verb, what: [id], when: '', options })] };
}

/** Why a table cannot be filled on these dates; null if it can. Some dates may be due later: they are left out of it. */
function checkLaunch(asked: OneTable, context: RequestContext): Problem<string> | null {
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
