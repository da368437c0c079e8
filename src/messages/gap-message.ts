/** Accepted gaps: one that was accepted or taken back just now, and all that hold. */
import type { AcceptedGap } from '../core/coverage/coverage-report.ts';
import { lines, list, note } from './blocks.ts';
import { fitMessage, takeFirst } from './fit-message.ts';
import type { Message } from './message.ts';
import { count, sayDays, sayNumber } from './phrases.ts';
import { at, bold, clip, code, person, type Words } from './words.ts';

/** Said in the channel: what is no longer counted as a hole, who said so, and how it is taken back. */
export function acceptedMessage(gap: AcceptedGap): Message {
  return fitMessage((room) => [
    lines(
      [bold(gap.table), `: ${count(gap.dates.length, 'date')} accepted as a gap, ${sayDays(gap.dates)}.`],
      ['They are not expected any more, unless rows come after all.'],
      [bold('Reason: '), clip(gap.reason, room.letters * 4)],
    ),
    note('By ', person(gap.acceptedBy), '. Take it back: ', code(`/coverage revoke ${gap.id}`)),
  ]);
}

/** Said in the channel: these dates are judged again. */
export function revokedMessage(gap: AcceptedGap, by: string): Message {
  return fitMessage(() => [
    lines([bold(gap.table), `, ${sayDays(gap.dates)}: no longer an accepted gap; the dates are judged as any others.`]),
    note('By ', person(by), ' · was ', code(gap.id)),
  ]);
}

/** All accepted gaps that hold. */
export function gapsMessage(gaps: readonly AcceptedGap[]): Message {
  if (gaps.length === 0) return fitMessage(() => [lines(['No gaps have been accepted.'])]);
  return fitMessage((room) => {
    const { shown, more } = takeFirst(gaps, room.items);
    const items = shown.map(
      (gap): Words => [
        bold(gap.table),
        ` ${sayDays(gap.dates)}: ${clip(gap.reason, room.letters)} (`,
        person(gap.acceptedBy),
        ', ',
        at(gap.acceptedAt),
        ', ',
        code(gap.id),
        ')',
      ],
    );
    return [
      lines([bold(count(gaps.length, 'accepted gap'))]),
      list([...items, ...(more > 0 ? [[`and ${sayNumber(more)} more`] as Words] : [])]),
    ];
  });
}
