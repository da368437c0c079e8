/** The answer to `/backfill list` and `/backfill status`: what runs, how far it is, whose it is. */
import type { BackfillView } from '../core/backfill.ts';
import type { BackfillState } from '../core/reports.ts';
import { lines, list, type Part } from './blocks.ts';
import { fitMessage, takeFirst } from './fit-message.ts';
import type { Message } from './message.ts';
import { count, sayNumber, sayRange, sayTimeLeft } from './phrases.ts';
import { progressMessage, sayElapsed, sayResult } from './progress-message.ts';
import { at, bold, code, person, type Words } from './words.ts';

/** One backfill as its own message shows it; several as a list, as given (newest first). */
export function statusMessage(views: readonly BackfillView[]): Message {
  const only = views[0];
  if (only === undefined)
    return fitMessage(() => [lines(['No backfills yet. See how one is launched: ', code('/backfill help')])]);
  if (views.length === 1) return progressMessage(only);
  return fitMessage((room) => statusParts(views, room.items));
}

function statusParts(views: readonly BackfillView[], most: number): Part[] {
  const active = views.filter((view) => view.backfill.finishedAt === null).length;
  const { shown, more } = takeFirst(views, most);
  return [
    lines([bold(count(active, 'active backfill')), `, ${sayNumber(views.length - active)} finished.`]),
    list([...shown.map(sayView), ...(more > 0 ? [[`and ${sayNumber(more)} more`]] : [])]),
    lines(['One in full: ', code(`/backfill status ${views[0]?.backfill.id ?? ''}`)]),
  ];
}

const stateWords: Readonly<Record<BackfillState, string>> = {
  preflight: 'checking',
  waiting_approval: 'waiting for approval',
  running: 'running',
  paused: 'paused',
  finishing: 'finishing',
  canceling: 'canceling',
  canceled: 'canceled',
  done: 'done',
};

function sayView(view: BackfillView): Words {
  const { backfill, progress } = view;
  const left = progress.timeLeft !== null && backfill.finishedAt === null ? `, ${sayTimeLeft(progress.timeLeft)}` : '';
  return [
    code(backfill.id),
    ' ',
    bold(`${backfill.target} ${sayRange(backfill.from, backfill.to)}`),
    `: ${stateWords[backfill.state]}, ${sayResult(view)}${sayElapsed(view)}${left}; by `,
    person(backfill.requestedBy),
    ', ',
    at(backfill.createdAt),
  ];
}
