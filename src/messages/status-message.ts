/** The answer to `/backfill list` and `/backfill status`: what runs, how far it is, whose it is. */
import type { BackfillView } from '../core/backfill/backfill.ts';
import type { BackfillState } from '../core/backfill/backfill-report.ts';
import { lines, list, type Part } from './blocks.ts';
import { fitMessage, type Room, takeFirst } from './fit-message.ts';
import type { Message } from './message.ts';
import { count, sayNumber, sayRange } from './phrases.ts';
import { progressMessage, sayElapsed, sayResult } from './progress-message.ts';
import { sayTimeLeft } from './time-words.ts';
import { sayUnposted, type Unposted } from './unposted-words.ts';
import { at, bold, code, person, type Words } from './words.ts';

/** One backfill as its own message shows it; several as a list, as given (newest first). */
export function statusMessage(views: readonly BackfillView[], unposted: readonly Unposted[] = []): Message {
  const only = views[0];
  if (only === undefined)
    return fitMessage((room) => [
      lines(['No backfills yet. See how one is launched: ', code('/backfill help')]),
      unpostedPart(unposted, room),
    ]);
  if (views.length === 1 && unposted.length === 0) return progressMessage(only);
  return fitMessage((room) => [...statusParts(views, room.items), unpostedPart(unposted, room)]);
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

function unpostedPart(unposted: readonly Unposted[], room: Room): Part {
  return list(takeFirst(unposted, room.items).shown.map(sayUnposted));
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

/** One backfill in a line. */
export function sayView(view: BackfillView): Words {
  const { backfill, progress } = view;
  const left = progress.timeLeft !== null && backfill.finishedAt === null ? `, ${sayTimeLeft(progress.timeLeft)}` : '';
  const asks = backfill.state === 'waiting_approval' ? 'waits for a second person to approve it' : null;
  const waits = backfill.waitsFor === null ? asks : `waits for ${backfill.waitsFor}`;
  const far = `${stateWords[backfill.state]}, ${sayResult(view)}${sayElapsed(view)}${left}`;
  return [
    code(backfill.id),
    ' ',
    bold(`${backfill.target} ${sayRange(backfill.from, backfill.to)}`),
    `: ${waits ?? far}; by `,
    person(backfill.requestedBy),
    ', ',
    at(backfill.createdAt),
  ];
}
