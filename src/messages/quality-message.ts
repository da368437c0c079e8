/**
 * The answer to `/coverage quality`: what looks wrong first, then flags, duplicates, NULLs, and what is missing by name.
 * Shares mean little alone (a month with 18.8 % ready rows can be normal), so what looks wrong is what the dates around
 * have not.
 */
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import type { Quality } from '../core/quality/quality-report.ts';
import { lines, list, note, type Part } from './blocks.ts';
import { fitMessage, type Room } from './fit-message.ts';
import type { Message } from './message.ts';
import { count, sayDays, sayNumber, sayShare, typeDatesBriefly } from './phrases.ts';
import { sayDuplicates, sayMissing, sayRows, sayTotals, tabulate } from './quality-words.ts';
import { countWrong, sayRemarks } from './remark-words.ts';
import { bold, clip, code, type Words } from './words.ts';

/** Quality of one table over dates. `asked` is the command as it was understood. */
export function qualityMessage(
  quality: Quality,
  context: { readonly catalogue: Catalogue; readonly asked: string },
): Message {
  const ready = context.catalogue.tables.get(quality.table)?.quality.ready;
  const dates = typeDatesBriefly(quality.dates.map((date) => date.date));
  const json = `backcourt quality ${quality.table} ${dates} --json`;
  return fitMessage((room) => [
    lines(...sayPoint(quality), ...sayReady(quality, ready)),
    list([...sayOthers(quality, room, 1), ...countFindings(quality, room)]),
    dateTable(quality, ready, room),
    ...(quality.dates.length > room.rows
      ? [lines([`${sayNumber(quality.dates.length - room.rows)} more dates: `, code(clip(json, 300))])]
      : []),
    note('Asked: ', code(clip(context.asked, 200))),
  ]);
}

/** What looks wrong, with the worst of it; then what is there. One line where nothing looks wrong. */
function sayPoint(quality: Quality): Words[] {
  const { table, dates } = quality;
  const wrong = countWrong(quality);
  const head: Words = [bold(table), `, ${sayDays(dates.map((date) => date.date))}: `];
  if (wrong === null) return [[...head, sayRows(quality)]];
  return [[...head, bold(wrong), `: ${sayRemarks(quality)[0]}.`], [sayRows(quality)]];
}

function sayReady(quality: Quality, ready: string | undefined): Words[] {
  const rows = ready === undefined ? undefined : quality.total.flags[ready];
  if (rows === undefined) return [];
  const { total } = quality;
  return [[`Production ready: ${sayNumber(rows)} of ${count(total.rows, 'row')} (${sayShare(rows, total.rows)}).`]];
}

/** What looks wrong, duplicates, missing entities, NULL rates and flags as a list, the worst first. */
export function qualityFindings(quality: Quality, room: Room): Words[] {
  return [...sayOthers(quality, room, 0), ...countFindings(quality, room)];
}

/** Remarks from the one at `from`, as many as there is room for. */
function sayOthers(quality: Quality, room: Room, from: number): Words[] {
  const said = sayRemarks(quality).slice(from);
  const more = said.length - room.items;
  const shown = said.slice(0, room.items).map((text): Words => [bold('Looks wrong:'), ' ', clip(text, room.letters)]);
  return more > 0 ? [...shown, [`and ${count(more, 'more finding')} like these`]] : shown;
}

function countFindings(quality: Quality, room: Room): Words[] {
  return [
    ...sayDuplicates(quality),
    ...sayMissing(quality, room.items),
    ...sayTotals(quality).map((text): Words => [text]),
  ];
}

function dateTable(quality: Quality, ready: string | undefined, room: Room): Part {
  const { heads, rows } = tabulate(quality, ready);
  return {
    kind: 'table',
    rows: [heads, ...rows.slice(0, room.rows)],
    right: ready === undefined ? [1, 2, 3] : [1, 2, 3, 4],
  };
}
