/**
 * One reply in the thread per cause, not per date: its dates join as they fail, and the reply is edited. Thirty replies
 * that say the same make people mute the channel.
 */
import type { BackfillView, FailureGroup } from '../core/backfill.ts';
import type { Reason } from '../core/verdict.ts';
import { reasons } from '../core/verdict.ts';
import { lines, list, note } from './blocks.ts';
import { fitMessage } from './fit-message.ts';
import type { Message } from './message.ts';
import { count, reasonWords, sayDays, typeDatesBriefly } from './phrases.ts';
import { bold, clip, code, person, type Words } from './words.ts';

/** Failed or blocked dates with one cause. `mention` calls the person who asked: once per backfill is enough. */
export function failureMessage(
  group: FailureGroup,
  view: BackfillView,
  options: { readonly mention?: boolean } = {},
): Message {
  return fitMessage((room) => [
    lines(sayPoint(group, view, options.mention === true), [bold('What happened:'), ' ', sayReason(group.reason)]),
    ...(group.detail.trim() === '' ? [] : [lines([bold('In detail:'), ' ', clip(group.detail, room.letters * 2)])]),
    lines(...sayNext(group).map((words, index): Words => (index === 0 ? [bold('Next:'), ' ', ...words] : words))),
    list(group.dates.length > 6 ? [[`Dates: ${clip(group.dates.join(', '), room.letters * 3)}`]] : []),
    note(...sayErrorIds(group.errorIds, room.items), `backfill ${view.backfill.id}`),
  ]);
}

function sayPoint(group: FailureGroup, view: BackfillView, mention: boolean): Words {
  const verb = group.state === 'failed' ? 'failed' : 'did not run';
  return [
    ...(mention ? [person(view.backfill.requestedBy), ': '] : []),
    bold(`${group.table} ${verb} on ${count(group.dates.length, 'date')}: ${sayDays(group.dates)}`),
  ];
}

function sayReason(reason: string): string {
  const known = reasons.find((each): each is Reason => each === reason);
  if (known === undefined) return clip(reason, 120);
  const text = advice[known] ?? '';
  return `${reasonWords[known]}.${text}`;
}

/** What a reason means for the rows, where that is not plain. */
const advice: Partial<Record<Reason, string>> = {
  empty_success: ' HTTP 200 is not evidence: the table was read afterwards and has no rows.',
  rows_short: ' The rows that were written are there, but they do not count as complete.',
  duplicates: ' Every row that is counted twice is wrong downstream; the processor has to replace the date.',
  run_failed: ' No fresh rows were found afterwards.',
};

function sayNext(group: FailureGroup): Words[] {
  const dates = typeDatesBriefly(group.dates);
  const first = group.dates[0] ?? '';
  const why: Words = ['see ', code(`/coverage why ${group.table} ${first}`)];
  if (group.state === 'blocked') {
    return [why, ['When that is mended: ', code(`/backfill ${group.table} ${dates} --with-upstream`)]];
  }
  return [
    [
      'look into the service that fills it, then ',
      code(`/backfill ${group.table} ${dates}`),
      ' (what is complete is left alone)',
    ],
    ['Why a date is as it is: ', code(`/coverage why ${group.table} ${first}`)],
  ];
}

/** Ids that also stand in the log. */
function sayErrorIds(ids: readonly string[], most: number): Words {
  if (ids.length === 0) return [];
  const shown = ids.slice(0, most).map((id) => clip(id, 40));
  const more = ids.length > shown.length ? ` and ${ids.length - shown.length} more` : '';
  return [`In the log: ${shown.join(', ')}${more} · `];
}
