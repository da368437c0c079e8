/**
 * The daily digest of a channel, and what is said when a watch begins, ends or is listed. People mute what repeats
 * itself: a hole is told once, with what to mend first, and the message that told of it says when it has closed.
 */
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import type { Coverage } from '../core/coverage/coverage-report.ts';
import { type CalendarDate, sayDates } from '../core/dates.ts';
import { countCells, type Digest, type DigestGroup, datesOf, type TableRuns } from '../core/watch/digest.ts';
import { readKept } from '../core/watch/kept-state.ts';
import { holesOf, usualWatchTime } from '../core/watch/watch.ts';
import { buttons, grid, lines, list, note, type Offer, type Part } from './blocks.ts';
import { drawTables, sayPoint } from './coverage-words.ts';
import { fitMessage, type Room, takeFirst } from './fit-message.ts';
import { inMendingOrder, sayCauseGroup, sayHeldGroup } from './group-causes.ts';
import type { Message } from './message.ts';
import { count, sayDays, sayNumber } from './phrases.ts';
import { at, bold, clip, code, person, type Words } from './words.ts';

/** A digest that has news, as posted; with what it told of and is closed by now. */
export function digestMessage(digest: Digest, { catalogue }: { catalogue: Catalogue }): Message {
  return fitMessage((room) => digestParts(digest, catalogue, room));
}

function digestParts(digest: Digest, catalogue: Catalogue, room: Room): Part[] {
  const groups = takeFirst(digest.groups, Math.min(room.items, 8));
  return [
    lines(sayDigest(digest), ...sayClosed(digest, room)),
    list(digest.unread.slice(0, room.items).map((each) => sayUnread(each, room))),
    list([
      ...groups.shown.map((group) => sayGroup(group, catalogue)),
      ...(groups.more > 0 ? [[`and ${count(groups.more, 'more cause')}`]] : []),
    ]),
    list([
      ...digest.first.map(
        ({ table, complete, expected }): Words => [
          bold(table),
          `: looked at for the first time, ${sayNumber(complete)} of ${count(expected, 'expected date')} complete`,
        ],
      ),
      ...sayTables('Mended', digest.mended, room),
      ...sayTables('Not expected any more', digest.dropped, room),
    ]),
    ...digestButtons(digest),
    note(
      `Watched here: ${clip(digest.tables.join(', '), 200)}, every date since ${sayDates([digest.from])} · looked `,
      at(Date.parse(digest.asOf)),
    ),
  ];
}

function sayDigest(digest: Digest): Words {
  const opened = countCells(digest.opened);
  const mended = countCells(digest.mended);
  const { stillOpen } = digest;
  const where = digest.opened.map((each) => `${each.table} ${sayNumber(countCells([each]))}`).join(', ');
  const rest = [
    ...(mended > 0 ? [`${sayNumber(mended)} mended`] : []),
    ...(stillOpen.cells > 0 && stillOpen.since !== null
      ? [`still open: ${count(stillOpen.cells, 'hole')}, told of since ${sayDates([stillOpen.since])}`]
      : []),
  ];
  return [
    bold(`Watch, ${sayDates([digest.day])}: ${opened > 0 ? count(opened, 'new hole') : sayNone(digest)}`),
    opened > 0 ? ` (${clip(where, 200)})` : '',
    ...rest.map((words) => `; ${words}`),
    '.',
  ];
}

function sayNone({ unread }: Digest): string {
  return unread.length > 0 ? 'no new holes in what could be read' : 'no new holes';
}

/** Said in the message that told of the holes, so that nobody begins to mend what is mended. */
function sayClosed(digest: Digest, room: Room): Words[] {
  const opened = countCells(digest.opened);
  const closed = countCells(digest.closed);
  const last = digest.closed.at(-1);
  if (last === undefined) return [];
  if (closed >= opened) return [[bold('All closed'), `, the last of them by ${sayDates([last.day])}.`]];
  const said = takeFirst(digest.closed, Math.min(room.items, 6));
  const each = said.shown.map(({ table, runs, day }) => `${table} ${sayDays(datesOf(runs))} (seen ${sayDates([day])})`);
  const more = said.more > 0 ? ` and ${sayNumber(said.more)} more` : '';
  return [[bold(`${sayNumber(closed)} of ${sayNumber(opened)} closed`), `: ${each.join('; ')}${more}.`]];
}

function sayGroup(group: DigestGroup, catalogue: Catalogue): Words {
  const cells = group.cells.flatMap(({ table, runs }) => datesOf(runs).map((date) => ({ table, date })));
  return sayHeldGroup({ ...group, dates: datesOf(group.dates), cells }, catalogue);
}

function sayUnread({ table, problem }: Digest['unread'][number], room: Room): Words {
  return [
    bold(table),
    ` could not be read, so it stands as it was last known, and so does what is built on it: ${clip(problem, room.letters)}`,
  ];
}

function sayTables(what: string, tables: readonly TableRuns[], room: Room): Words[] {
  if (tables.length === 0) return [];
  const { shown, more } = takeFirst(tables, room.items);
  const said = shown.map(({ table, runs }) => `${table} ${sayDays(datesOf(runs))}`).join('; ');
  return [[bold(what), `: ${said}${more > 0 ? ` and ${count(more, 'more table')}` : ''}`]];
}

function digestButtons({ offers, opened, closed }: Digest): Part[] {
  if (countCells(closed) >= countCells(opened)) return [];
  const shown: Offer[] = [
    ...(offers.plan === undefined
      ? []
      : [{ action: 'plan-repair', text: 'Plan repair', value: offers.plan, primary: true as const }]),
    ...(offers.fill === undefined
      ? []
      : [{ action: 'repair-upstream', text: `Fill ${offers.fill.table}`, value: offers.fill.id }]),
  ];
  return shown.length === 0 ? [] : [buttons(...shown)];
}

/** Posted where nothing could be read for an hour; the digest takes its place. */
export function unreadDigestMessage(day: CalendarDate, problem: string): Message {
  return fitMessage((room) => [
    lines(
      [bold(`Watch, ${sayDates([day])}: nothing could be read`), `: ${clip(problem, room.letters)}.`],
      ['What is watched here may have changed. It is tried again, and this message will say what was found.'],
    ),
  ]);
}

/** What becomes of that message where nothing could be read until the next digest was due. */
export function passedOverMessage(day: CalendarDate, next: CalendarDate): Message {
  return fitMessage(() => [
    lines([
      bold(`Watch, ${sayDates([day])}: nothing could be read all day`),
      `. What changed is in the digest of ${sayDates([next])}.`,
    ]),
  ]);
}

type Watching = {
  readonly table: string;
  readonly watchedBy: string;
  readonly watchedAt: number;
  readonly kept: string | null;
};

/** Said in the channel when a watch begins: where the tables stand, and when the next word comes. */
export function watchStartedMessage(
  started: { readonly coverage: Coverage; readonly added: readonly string[]; readonly watches: readonly Watching[] },
  { catalogue, asked }: { catalogue: Catalogue; asked: string },
): Message {
  const { coverage, added } = started;
  const thing = coverage.tables.length === 1 ? 'date' : 'cell';
  const all = new Set(coverage.tables.map(({ table }) => table));
  return fitMessage((room) => {
    const causes = takeFirst(inMendingOrder(coverage), Math.min(room.items, 5));
    return [
      lines(
        [
          bold(added.length > 0 ? `Watched here from now on: ${clip(added.join(', '), 200)}` : 'Watched here already'),
          `. ${sayWhen(catalogue)} this channel learns what changed on any date since ${sayDates([coverage.from])}; a day without change is silent.`,
        ],
        ...sayPoint(coverage),
      ),
      list(coverage.unread.slice(0, room.items).map((each) => sayUnread(each, room))),
      list([
        ...causes.shown.map((group, n) => sayCauseGroup(group, { catalogue, thing, first: n === 0, asked: all })),
        ...(causes.more > 0 ? [[`and ${count(causes.more, 'more cause')}`]] : []),
      ]),
      ...(coverage.tables.length > 1 ? [grid(drawTables(coverage.tables, room.items + 5))] : []),
      lines(['End it: ', code(clip(`${asked} off`, 200))]),
    ];
  });
}

/** Said in the channel when a watch ends. */
export function watchEndedMessage(removed: readonly string[], watches: readonly Watching[], by: string): Message {
  const left = watches.map(({ table }) => table).join(', ');
  return fitMessage(() => [
    lines([bold(`Not watched here any more: ${clip(removed.join(', '), 200)}`), '.']),
    note('By ', person(by), left === '' ? ' · nothing is watched here now' : ` · still watched: ${clip(left, 200)}`),
  ]);
}

/** What a channel watches, and how many holes it was told of that are open. */
export function watchesMessage(
  watches: readonly Watching[],
  { catalogue, lastDay }: { catalogue: Catalogue; lastDay: CalendarDate | undefined },
): Message {
  if (watches.length === 0) {
    const example = [...catalogue.tables.keys()].at(-1) ?? 'all';
    return fitMessage(() => [lines(['Nothing is watched here. Begin: ', code(`/coverage watch ${example}`)])]);
  }
  return fitMessage((room) => {
    const { shown, more } = takeFirst(watches, room.items);
    return [
      lines([
        bold(count(watches.length, 'table')),
        ` watched here. ${sayWhen(catalogue)} this channel learns what changed; a day without change is silent.`,
        lastDay === undefined ? '' : ` Last looked for the digest of ${sayDates([lastDay])}.`,
      ]),
      list([...shown.map(sayWatching), ...(more > 0 ? [[`and ${sayNumber(more)} more`]] : [])]),
    ];
  });
}

function sayWatching({ table, watchedBy, watchedAt, kept }: Watching): Words {
  const open = holesOf(readKept(kept ?? '')).length;
  const state = kept === null ? 'not read yet' : open === 0 ? 'no holes' : count(open, 'hole');
  return [bold(table), `: ${state}; by `, person(watchedBy), ', ', at(watchedAt)];
}

function sayWhen({ watchAt, timeZone }: Catalogue): string {
  return `Every day at ${watchAt ?? usualWatchTime} (${timeZone})`;
}
