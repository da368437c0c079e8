/**
 * The note in a backfill's thread that it was paused, resumed, canceled or retried. Nobody knows what a stop did to the
 * cells under way unless it is said, so it counts what waits and what ends by itself.
 */
import { engine, type SteerStep, type SteerVerb } from '../core/backfill/steering.ts';
import { lines } from './blocks.ts';
import { fitMessage } from './fit-message.ts';
import type { Message } from './message.ts';
import { count } from './phrases.ts';
import { bold, clip, code, person, type Words } from './words.ts';

const did: Readonly<Record<SteerVerb, string>> = {
  pause: 'Paused',
  resume: 'Resumed',
  cancel: 'Canceled',
  retry: 'Retried',
};

/** For the thread of backfill `id`. What no person did is explained with what a person may do now. */
export function steerNote(step: SteerStep, id: string): Message {
  const who: Words = step.by === engine ? [] : [' by ', person(step.by)];
  const why: Words[] = step.reason === null ? [] : [['Reason: ', clip(step.reason, 300)]];
  const next = step.by === engine ? sayNext(step.verb, id) : [];
  return fitMessage(() => [lines([bold(did[step.verb]), ...who, `: ${sayStep(step)}`], ...why, ...next)]);
}

function sayStep({ verb, waiting = 0, running = 0, stopped = 0, again = 0, stay = 0 }: SteerStep): string {
  const ends = running === 1 ? 'ends by itself' : 'end by themselves';
  const under = running === 0 ? '' : `, ${count(running, 'cell')} under way ${ends}`;
  switch (verb) {
    case 'pause':
      return `${count(waiting, 'cell')} ${waiting === 1 ? 'waits' : 'wait'}${under}.`;
    case 'resume':
      return `${count(waiting, 'cell')} to run.`;
    case 'cancel':
      return `${count(stopped, 'cell')} will not run${under}.`;
    case 'retry': {
      const left = `${count(stay, 'cell')} would end as before and ${stay === 1 ? 'stays' : 'stay'}`;
      return `${count(again, 'cell')} again${stay === 0 ? '' : `; ${left}`}.`;
    }
  }
}

function sayNext(verb: SteerVerb, id: string): Words[] {
  if (verb === 'cancel') return [['What was left out can be run after all: ', code(`/backfill retry ${id}`)]];
  if (verb !== 'pause') return [];
  return [
    ['Go on: ', code(`/backfill resume ${id}`)],
    ['Or end it: ', code(`/backfill cancel ${id}`)],
  ];
}
