/**
 * Dates that another backfill owns, or a request that is under way already. Whoever asked wants the dates filled and not
 * a refusal, so it says who is at it and how far, and offers to run the rest, to come after, or to be told of the end.
 */
import type { BackfillView } from '../core/backfill/backfill.ts';
import type { Overlap, Owner, Roads } from '../core/plan/overlap.ts';
import type { Refusal } from '../fault.ts';
import { buttons, lines, list, note, type Offer, type Part } from './blocks.ts';
import { fitMessage, takeFirst } from './fit-message.ts';
import type { Message } from './message.ts';
import { count, sayDays, sayNumber, sayRange } from './phrases.ts';
import { type Links, sayWhere } from './running-words.ts';
import { sayTimeLeft } from './time-words.ts';
import { bold, clip, code, person, type Words } from './words.ts';

/** Ids of stored offers. */
export type RoadOffers = { readonly rest?: string; readonly after?: string; readonly follow?: string };

export type OverlapContext = {
  readonly overlap: Overlap;
  readonly roads: Roads;
  /** The command as it was understood. */
  readonly asked: string;
  readonly links?: Links;
  readonly offers?: RoadOffers;
};

/** For whoever asked for what another backfill owns. */
export function overlapMessage({ overlap, roads, asked, links, offers }: OverlapContext): Message {
  return fitMessage((room) => {
    const { shown, more } = takeFirst(overlap.owners, Math.min(room.items, 5));
    const rest: Words[] = more > 0 ? [[`and ${count(more, 'more backfill')}`]] : [];
    return [
      lines([bold('Nothing was started.'), ` ${sayPoint(overlap)}`]),
      list([...shown.map((owner) => sayOwner(owner, links)), ...rest]),
      lines(...sayRoads(overlap, roads).map(([what, typed]): Words => [`${what}: `, code(clip(typed, 300))])),
      ...offerRoads(overlap, offers),
      note('Asked: ', code(clip(asked, 200))),
    ];
  });
}

function sayPoint({ owners }: Overlap): string {
  return owners.length === 1
    ? 'Another backfill is working on these dates.'
    : `${sayNumber(owners.length)} other backfills are working on these dates.`;
}

/** "`k3v9x2` of @mira is working on mid 2-4 Jan 2022; 4 of 12 cells are done, about 3 min left, in #data: its progress". */
export function sayOwner(owner: Owner, links: Links = new Map()): Words {
  const tables = owner.cells.map(({ table, dates }) => `${table} ${sayDays(dates)}`);
  const { shown, more } = takeFirst(tables, 6);
  const held = clip(`${shown.join(', ')}${more > 0 ? ` and ${count(more, 'more table')}` : ''}`, 500);
  return [
    code(owner.backfill),
    ' of ',
    person(owner.by),
    ` is working on ${held}; ${sayNumber(owner.done)} of ${count(owner.total, 'cell')} done${sayRest(owner)};`,
    ...sayWhere(owner, links.get(owner.backfill)),
  ];
}

function sayRest({ state, timeLeft }: Pick<Owner, 'state' | 'timeLeft'>): string {
  if (state === 'paused') return ', paused';
  if (state === 'canceling') return ', being canceled';
  return timeLeft === null ? '' : `, ${sayTimeLeft(timeLeft)}`;
}

/** What may be done now, with what to type for it. */
export function sayRoads(overlap: Overlap, roads: Roads): [what: string, typed: string][] {
  const id = overlap.owners[0]?.backfill ?? '';
  const all: [string, string | null][] = [
    [`Run the rest (${countRest(overlap)}) now`, roads.rest],
    [`Run all of it after ${id}, judged anew then`, roads.after],
    [`Only be told when ${id} is over`, roads.follow],
  ];
  return all.flatMap(([what, typed]) => (typed === null ? [] : [[what, typed] as [string, string]]));
}

function countRest({ rest }: Overlap): string {
  return count(new Set(rest.map(({ date }) => date)).size, 'date');
}

function offerRoads(overlap: Overlap, offers: RoadOffers = {}): Part[] {
  const id = overlap.owners[0]?.backfill ?? '';
  const all: [action: string, text: string, value: string | undefined][] = [
    ['run-rest', `Run the rest (${countRest(overlap)})`, offers.rest],
    ['queue-after', `Queue after ${id}`, offers.after],
    ['follow-backfill', `Follow ${id}`, offers.follow],
  ];
  const offered = all.flatMap(([action, text, value]): Offer[] =>
    value === undefined ? [] : [{ action, text, value }],
  );
  return offered.length === 0 ? [] : [buttons(...offered)];
}

/** The same was asked before: whose it is and how far, instead of a second one. */
export function sameMessage(view: BackfillView, where: Pick<Owner, 'channel' | 'ts'>, url?: string): Message {
  const { id, requestedBy: by, target, from, to, state, waitsFor } = view.backfill;
  const { done, total, timeLeft } = view.progress;
  const far = sayRest({ state, timeLeft });
  const asks = state === 'waiting_approval';
  const stands = asks
    ? 'it waits for a second person to approve it'
    : waitsFor === null
      ? `${sayNumber(done)} of ${count(total, 'cell')} done${far}`
      : `waits for ${waitsFor}`;
  return fitMessage(() => [
    lines([
      bold('The same backfill is under way already'),
      `: ${target}, ${sayRange(from, to)}, as `,
      code(id),
      ' by ',
      person(by),
      `; ${stands};`,
      ...sayWhere({ backfill: id, by, ...where }, url),
    ]),
    lines(['Nothing was started a second time.'], ...(asks ? [['Approve it: ', code(`/backfill approve ${id}`)]] : [])),
  ]);
}

/** What a launch with `--rest` leaves to others, as lines for its own message. */
export function sayLeftTo(skipped: readonly { readonly date: string; readonly heldBy?: string }[]): Words[] {
  const dates = new Map<string, string[]>();
  for (const { date, heldBy } of skipped) {
    if (heldBy !== undefined) dates.set(heldBy, [...(dates.get(heldBy) ?? []), date]);
  }
  return [...dates].slice(0, 5).map(([id, days]): Words => [`Left to `, code(id), `: ${clip(sayDays(days), 300)}`]);
}

/** That somebody will be told of an end. */
export function followedMessage(kind: 'followed' | 'already' | 'over', { backfill }: BackfillView): Message {
  const { id, channel, result } = backfill;
  const place = channel === null ? 'here' : 'in its thread';
  const said: Record<typeof kind, Words> = {
    followed: ['You will be told ', place, ' when backfill ', code(id), ' is over.'],
    already: ['You follow backfill ', code(id), ` already, and will be told ${place} when it is over.`],
    over: ['Backfill ', code(id), ` is over: ${(result ?? backfill.state).replaceAll('_', ' ')}.`],
  };
  const look: Words[] = kind === 'over' ? [['See it: ', code(`/backfill status ${id}`)]] : [];
  return fitMessage(() => [lines(said[kind], ...look)]);
}

/** For those who followed a backfill: it is over. */
export function overMessage({ backfill }: BackfillView, people: readonly string[]): Message {
  const { id, target, from, to, result, channel } = backfill;
  const names = people.flatMap((name, n): Words => (n === 0 ? [person(name)] : [', ', person(name)]));
  const summary = channel === null ? '' : result === 'refused' ? '' : ' The summary is in this thread.';
  const said = `is over: ${(result ?? backfill.state).replaceAll('_', ' ')}.${summary}`;
  return fitMessage(() => [lines([...names, ': backfill ', code(id), ` of ${target}, ${sayRange(from, to)}, `, said])]);
}

/** For the thread of a backfill that waited, and that cannot be done now that its turn has come. */
export function refusedLaterMessage(refusal: Refusal, asker: string): Message {
  return fitMessage((room) => [
    lines(
      [person(asker), ', the turn of this backfill has come, and it was not started.'],
      [clip(refusal.message, room.letters * 4)],
    ),
    ...(refusal.try === undefined ? [] : [lines(['Try: ', code(clip(refusal.try, room.letters * 4))])]),
  ]);
}
