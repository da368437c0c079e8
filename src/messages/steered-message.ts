/** That a backfill was paused, resumed, canceled or retried: what stopped, what still ends by itself, what runs again. */
import type { Stay } from '../core/backfill/retry.ts';
import { engine, type Steering, type SteerVerb } from '../core/backfill/steering.ts';
import { lines, list } from './blocks.ts';
import { fitMessage, takeFirst } from './fit-message.ts';
import type { Message } from './message.ts';
import { count, sayDays, sayNumber } from './phrases.ts';
import { bold, clip, code, person, type Words } from './words.ts';

type Cell = { readonly table: string; readonly date: string };
export type SteeredView = {
  readonly verb: SteerVerb;
  readonly id: string;
  readonly steering: Steering | null;
  /** It was so before, and nothing was changed. */
  readonly already: boolean;
  readonly stopped: number;
  readonly waiting: number;
  readonly running: number;
  readonly again: readonly Cell[];
  readonly stay: readonly Stay[];
};

/** For the asker alone; the message of the backfill itself tells the others. */
export function steeredMessage(steered: SteeredView): Message {
  return fitMessage((room) => {
    const { shown, more } = takeFirst(steered.stay, room.items);
    const items = shown.map((cell): Words => sayStay(cell, room.letters));
    const rest: Words[] = more > 0 ? [[`and ${sayNumber(more)} more`]] : [];
    const said = lines(...saySteered(steered, (verb) => `/backfill ${verb} ${steered.id}`));
    return items.length === 0 ? [said] : [said, lines(['What stays as it is:']), list([...items, ...rest])];
  });
}

/** The sentences of it. `type`: how a verb is typed for this backfill. */
export function saySteered(steered: SteeredView, type: (verb: SteerVerb) => string): Words[] {
  const { verb, id, stopped, waiting, running } = steered;
  if (steered.already) return [sayAlready(steered)];
  const ends = running === 1 ? 'ends by itself' : 'end by themselves';
  const rest = running === 0 ? '.' : `, and ${count(running, 'cell')} under way ${ends}.`;
  switch (verb) {
    case 'pause':
      return [
        ['Backfill ', code(id), ` is paused: ${count(waiting, 'cell')} ${waiting === 1 ? 'waits' : 'wait'}${rest}`],
        ['Go on with: ', code(type('resume'))],
      ];
    case 'resume':
      return [['Backfill ', code(id), ` goes on: ${count(waiting, 'cell')} to run${rest}`]];
    case 'cancel':
      return [
        ['Backfill ', code(id), ` is canceled: ${count(stopped, 'cell')} will not run${rest}`],
        ['Rows that were written stay. Take up what was left with: ', code(type('retry'))],
      ];
    case 'retry':
      return [
        ['Backfill ', code(id), ` runs ${count(steered.again.length, 'cell')} again: ${sayCells(steered.again)}.`],
      ];
  }
}

/** A cell that a retry leaves, and why. */
export function sayStay({ table, date, why }: Stay, letters: number): Words {
  return [bold(`${table} ${date}`), `: ${clip(why, letters * 2)}`];
}

const did = { pause: 'paused', resume: 'resumed', cancel: 'canceled', retry: 'retried' } as const;

function sayAlready({ verb, id, steering }: SteeredView): Words {
  const start: Words = ['Backfill ', code(id)];
  if (steering === null) return [...start, ' is under way; nothing was changed.'];
  const who: Words = steering.by === engine ? ['Backcourt itself'] : [person(steering.by)];
  const why = steering.reason === null ? '' : ` (${clip(steering.reason, 200)})`;
  return [...start, ` was ${did[verb]} already, by `, ...who, `${why}; nothing was changed.`];
}

function sayCells(cells: readonly Cell[]): string {
  const tables = [...new Set(cells.map(({ table }) => table))];
  const dates = (table: string) => cells.filter((cell) => cell.table === table).map(({ date }) => date);
  return clip(tables.map((table) => `${table} ${sayDays(dates(table))}`).join('; '), 1000);
}
