/**
 * A hand-over note as plain Markdown, to be pasted into a ticket: lists and code spans only, since every tracker knows
 * those, and dates as they can be typed. What may be long comes last: a chat cuts it there.
 */

import type { Handover, HandoverCoverage, HandoverRan, HandoverStep } from '../core/backfill/handover.ts';
import type { Remains } from '../core/backfill/remains.ts';
import { engine } from '../core/backfill/steering.ts';
import { type CalendarDate, groupRuns } from '../core/dates.ts';
import { cellStateWords, count, reasonWords, sayCauseOf, sayNumber, sayRange, statusWords } from './phrases.ts';
import { sayDuration } from './time-words.ts';
import { clip, sayInstant } from './words.ts';

/** Lines of the note. `type`: a command of the chat as it is typed where the note is read. */
export function handoverLines(handover: Handover, type: (command: string) => string): string[] {
  const { id, target, from, to, next } = handover;
  return [
    `# Hand-over of backfill ${id}: ${target}, ${sayRange(from, to)}`,
    '',
    sayStand(handover),
    ...section('Asked', [...sayAsked(handover), ...handover.steps.map(sayStep)]),
    ...section('Ran', handover.ran.length === 0 ? ['Nothing of it ran.'] : handover.ran.map(sayRan)),
    ...section('Coverage of the asked dates', handover.coverage.map(sayCoverage)),
    ...section(
      'Next',
      next.length === 0
        ? ['Nothing is left to do.']
        : next.map((each) => `${code(type(each.command))}: ${plain(each.why)}`),
    ),
    ...section('Remains', sayRemains(handover)),
    ...section(
      'Failed',
      handover.failures.map((failure) => sayFailure(failure, handover)),
    ),
    ...section('Left alone', handover.leftAlone.map(sayLeftAlone)),
  ];
}

function section(heading: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ['', `## ${heading}`, '', ...items.map((item) => `- ${item}`)];
}

function sayStand({ state, result, progress, tookMs, asOf }: Handover): string {
  const { done, total, running } = progress;
  const look = `As of ${sayTime(asOf)}.`;
  if (result === null) {
    const under = running === 0 ? '' : `, ${sayNumber(running)} of them running now`;
    return `**It is not over: ${state.replace('_', ' ')}, ${sayNumber(done)} of ${count(total, 'cell')} final, ${sayNumber(total - done)} open${under}.** ${look}`;
  }
  return `**${result.replaceAll('_', ' ')}**${tookMs === null ? '' : ` in ${sayDuration(tookMs)}`}. ${look}`;
}

function sayAsked({ asked }: Handover): string[] {
  const from = asked.from === null ? '' : `, ${plain(asked.from)}`;
  const reason = asked.reason === null ? 'none was given' : plain(asked.reason);
  return [
    `by ${sayWho(asked.by, asked.name)}, ${sayTime(asked.at)}${from}`,
    `${asked.pressed ? 'button' : 'command'}: ${code(asked.typed)}`,
    `reason: ${reason}`,
    ...(asked.overrides.length === 0 ? [] : [`overrides: ${asked.overrides.map(code).join(', ')}`]),
  ];
}

function sayStep({ at, by, name, action, reason, result }: HandoverStep): string {
  const more = [reason, result?.replaceAll('_', ' ')].filter((text) => text !== null && text !== undefined);
  const what = more.length === 0 ? '' : `: ${more.map(plain).join('; ')}`;
  return `${sayTime(at)} ${plain(action)} by ${sayWho(by, name)}${what}`;
}

function sayWho(by: string, name: string | null): string {
  if (by === engine) return 'Backcourt itself';
  return name === null || name === by ? plain(by) : `${plain(name)} (${plain(by)})`;
}

function sayTime(iso: string): string {
  return sayInstant(Date.parse(iso));
}

function sayRan({ table, states, rowsWritten, attempts, ms }: HandoverRan): string {
  const said = states.map(
    ({ state, dates }) => `${count(dates.length, 'date')} ${cellStateWords[state]} (${typed(dates)})`,
  );
  const took = attempts === 0 ? 'no attempt' : `${count(attempts, 'attempt')}, ${sayDuration(ms)} together`;
  return `${table}: ${said.join('; ')}; ${count(rowsWritten, 'row')} written; ${took}`;
}

function sayFailure(failure: Handover['failures'][number], handover: Handover): string {
  const { table, state, reason, detail, dates, errorIds } = failure;
  const words = reasonWords[reason as keyof typeof reasonWords] ?? reason;
  const ids = errorIds.length === 0 ? '' : ` (in the log: ${errorIds.slice(0, 5).map(code).join(', ')})`;
  const why = [words, detail].filter((text) => text !== '').map(plain);
  return `${table} ${state} on ${typed(dates)}: ${why.join(': ')}${ids}${sayMended(failure, handover)}`;
}

/** The backfill stays as it ended, whoever mends its cells. */
function sayMended({ table, dates }: Handover['failures'][number], { remains, accepted, unread }: Handover): string {
  if (unread.length > 0) return '';
  const bad = [...remains, ...accepted].filter((each) => each.table === table);
  const open = new Set(bad.flatMap((each) => each.dates));
  const mended = dates.filter((date) => !open.has(date));
  if (mended.length === 0) return '';
  return mended.length === dates.length ? '; mended since' : `; mended since: ${typed(mended)}`;
}

function sayLeftAlone({ status, reason, dates }: Handover['leftAlone'][number]): string {
  const what = status === 'not_expected' && reason !== null ? reasonWords[reason] : statusWords[status];
  return `${what} at the launch: ${typed(dates)}`;
}

function sayCoverage({ table, before, after, now }: HandoverCoverage): string {
  const say = (name: string, figures: { complete: number; expected: number } | null) =>
    figures === null ? [] : [`${name} ${sayNumber(figures.complete)} of ${sayNumber(figures.expected)} complete`];
  return `${table}: ${[...say('before', before), ...say('at its end', after), ...say('now', now)].join('; ')}`;
}

function sayRemains({ remains, accepted, unread }: Handover): string[] {
  const open = [
    ...remains.map(sayRemaining),
    ...unread.map(({ table, problem }) => `${table} could not be read: ${plain(problem)}`),
  ];
  const gaps = accepted.map(({ table, dates }) => `${table}: accepted as a gap ${typed(dates)}`);
  return [...(open.length === 0 ? ['Nothing: every date is complete, or expected to be empty.'] : open), ...gaps];
}

function sayRemaining({ table, status, reason, dates, causes, heldBy }: Remains): string {
  const start = `${table} ${statusWords[status]} on ${typed(dates)}`;
  if (heldBy !== null) return `${start}: backfill ${plain(heldBy)} fills them`;
  const own = causes.length === 1 && causes[0]?.table === table;
  if (causes.length > 0 && !own)
    return `${start}: ${causes.map((cause) => sayCauseOf(cause.table, cause.reason, cause.dates)).join('; ')}`;
  return reason === null ? start : `${start}: ${reasonWords[reason]}`;
}

/** Dates as they can be typed, with room to break a line. */
function typed(dates: readonly CalendarDate[]): string {
  return groupRuns(dates)
    .map(({ from, to }) => (from === to ? from : `${from}..${to}`))
    .join(', ');
}

/** Text of somebody else's: what Markdown would obey is said instead. */
function plain(text: string): string {
  return clip(text, 500)
    .replace(/[\\`*[\]<>|~]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_');
}

/** A code span; one with backticks inside stands between longer ones. */
function code(text: string): string {
  const clean = clip(text, 4000);
  const longest = Math.max(0, ...[...clean.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `\`${clean}\`` : `${fence} ${clean} ${fence}`;
}
