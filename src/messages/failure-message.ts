/**
 * One reply in the thread per cause, not per date: its dates join as they fail, and the reply is edited. Thirty replies
 * that say the same make people mute the channel.
 */
import type { BackfillView, FailureGroup } from '../core/backfill/backfill.ts';
import { sayDates } from '../core/dates.ts';
import type { Reason } from '../core/verdict.ts';
import { reasons } from '../core/verdict.ts';
import { lines, list, note, type Part } from './blocks.ts';
import { fitMessage, takeFirst } from './fit-message.ts';
import type { Message } from './message.ts';
import { count, reasonWords, sayDays, typeDatesBriefly } from './phrases.ts';
import { at, bold, clip, code, person, strike, type Words } from './words.ts';

/**
 * Failed or blocked dates with one cause; struck out once all of them are mended. `mention` calls the person who asked:
 * once per backfill is enough.
 */
export function failureMessage(
  group: FailureGroup,
  view: BackfillView,
  options: { readonly mention?: boolean } = {},
): Message {
  const ended = new Set(group.ended?.map(({ date }) => date));
  const open = { ...group, dates: group.dates.filter((date) => !ended.has(date)) };
  const id = `backfill ${view.backfill.id}`;
  if (open.dates.length === 0) {
    return fitMessage((room) => [
      lines([...sayMention(view, options), strike(sayPoint(group))], ...sayEnded(group, view, room.items)),
      note(...sayErrorIds(group.errorIds, room.items), id),
    ]);
  }
  return fitMessage((room) => [
    lines([...sayMention(view, options), bold(sayPoint(open))], [bold('What happened:'), ' ', sayReason(group.reason)]),
    ...sayDetail(group, room.letters * 2),
    lines(...sayNext(open).map((words, index): Words => (index === 0 ? [bold('Next:'), ' ', ...words] : words))),
    lines(...sayEnded(group, view, room.items)),
    list(open.dates.length > 6 ? [[`Dates: ${clip(sayDates(open.dates), room.letters * 3)}`]] : []),
    note(...sayErrorIds(group.errorIds, room.items), id),
  ]);
}

function sayMention(view: BackfillView, options: { readonly mention?: boolean }): Words {
  return options.mention === true ? [person(view.backfill.requestedBy), ': '] : [];
}

function sayPoint(group: FailureGroup): string {
  const verb = group.state === 'failed' ? 'failed' : 'did not run';
  return `${group.table} ${verb} on ${count(group.dates.length, 'date')}: ${sayDays(group.dates)}`;
}

/** What the first of its dates was told by; the others were told the like. */
function sayDetail({ detail, dates, ended }: FailureGroup, most: number): Part[] {
  if (detail.trim() === '') return [];
  const others = dates.length > 1 || ended?.length ? ' (the first of them; the others likewise)' : '';
  return [lines([bold('In detail:'), ' ', clip(detail, most), others])];
}

/** What became of dates that are not open any more, by the backfill that mended them. */
function sayEnded({ ended = [] }: FailureGroup, view: BackfillView, most: number): Words[] {
  const { shown, more } = takeFirst([...new Set(ended.map(({ by }) => by))], most);
  const said = shown.map((by): Words => {
    const own = ended.filter((each) => each.by === by);
    const days = sayDays(own.map(({ date }) => date));
    if (by === null) return [`${days}: failed again with another cause, which this thread tells too.`];
    const where = by === view.backfill.id ? 'a retry of this backfill' : `backfill ${clip(by, 40)}`;
    return [bold('Mended'), ` by ${where} on `, at(Math.max(...own.map((each) => each.at))), `: ${days}.`];
  });
  return more > 0 ? [...said, [`The other dates by ${count(more, 'more backfill')}.`]] : said;
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
