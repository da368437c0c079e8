/**
 * A backfill that waits for a second person: its root message until somebody has answered. Whoever is called at night has
 * to see what a yes would do, so it says first why it takes one, then the exact dates and what of them is overwritten.
 */
import type { ShownStep, WhySecond } from '../core/access/shown-plan.ts';
import type { Approval } from '../core/backfill/approval.ts';
import type { Backfill } from '../core/backfill/backfill.ts';
import { writeLaunchOptions } from '../core/request/write-request.ts';
import { buttons, lines, list, note, type Offer, type Part, title } from './blocks.ts';
import { fitMessage, type Room, takeFirst } from './fit-message.ts';
import { sayWho } from './member-words.ts';
import type { Message } from './message.ts';
import { count, sayDays, sayNumber, sayRange } from './phrases.ts';
import { at, bold, clip, code, person, type Words } from './words.ts';

/** Ids of stored offers. */
export type AnswerOffers = { readonly approve?: string; readonly deny?: string };

/** Asks a second person. */
export function approvalMessage(backfill: Backfill, approval: Approval, offers: AnswerOffers = {}): Message {
  const { id, target, from, to, requestedBy, createdAt, options } = backfill;
  const { plan, why, may, expiresAt } = approval;
  const { reason } = options;
  const typed = writeLaunchOptions({ ...options, reason: null });
  return fitMessage((room) => {
    const { shown, more } = takeFirst(plan.steps, Math.min(room.items, 8));
    const rest = plan.steps.slice(shown.length).reduce((sum, step) => sum + step.dates.length, 0);
    return [
      title(`Approval needed: backfill of ${target}, ${sayRange(from, to)}`),
      lines(
        [person(requestedBy), ' asks for the yes of a second person: ', ...sayWhy(why), '.'],
        [reason === null ? 'No reason was given.' : `Reason: ${clip(reason, room.letters)}`],
      ),
      list([
        ...shown.map((step) => sayShownStep(step, room)),
        ...(more > 0 ? [[`and ${count(more, 'more table')} with ${count(rest, 'date')}`]] : []),
      ]),
      ...sayOverridden(plan.overridden, room),
      lines(
        ['Who may answer: ', ...sayWho(may), ...sayBut(may, requestedBy), '.'],
        ['Nothing has run. Without an answer until ', at(expiresAt), ' it does not run.'],
      ),
      answerButtons(offers),
      note(
        'Or type ',
        code(`/backfill approve ${id}`),
        ' or ',
        code(`/backfill deny ${id} --reason "why not"`),
        '; to take it back, ',
        code(`/backfill cancel ${id}`),
        ' · asked ',
        at(createdAt),
        ...(typed === '' ? [] : [' with ', code(clip(typed, 200))]),
      ),
    ];
  });
}

/** Said where the list would have it otherwise. */
function sayBut(may: Approval['may'], asker: string): Words {
  return may === 'everybody' || may.includes(asker) ? [', but not ', person(asker)] : [];
}

/** The yes and the no. */
export function answerButtons({ approve, deny }: AnswerOffers): Part {
  const offers: Offer[] = [
    ...(approve === undefined
      ? []
      : [{ action: 'approve-backfill', text: 'Approve', value: approve, primary: true as const }]),
    ...(deny === undefined ? [] : [{ action: 'deny-backfill', text: 'Deny', value: deny }]),
  ];
  return buttons(...offers);
}

/** Why it takes a second person, as the rest of "asks for the yes of a second person: ...". */
export function sayWhy(why: readonly WhySecond[]): Words {
  return why.flatMap((each, n): Words => [...(n === 0 ? [] : ['; ']), sayOneWhy(each)]);
}

/** The same of what would be asked. */
export function sayTakesSecond(why: readonly WhySecond[]): Words {
  return ['Before it runs it takes the yes of a second person: ', ...sayWhy(why), '.'];
}

function sayOneWhy(why: WhySecond): string {
  switch (why.kind) {
    case 'protected': {
      const { shown, more } = takeFirst(why.tables, 5);
      const named = `${shown.join(', ')}${more > 0 ? ` and ${count(more, 'more table')}` : ''}`;
      return `${named} ${why.tables.length === 1 ? 'is' : 'are'} protected`;
    }
    case 'overwrites': {
      const of = why.table === null ? '' : ` of ${why.table}`;
      const limit = why.above === 0 ? '' : `, which takes one above ${sayNumber(why.above)}`;
      return `${count(why.dates, 'date')}${of} that ${why.dates === 1 ? 'has' : 'have'} rows would be overwritten${limit}`;
    }
    case 'skip-preflight':
      return `--skip-preflight would run ${count(why.dates, 'blocked date')}`;
  }
}

/** "**pcf** 1-7 Jan 2022 (7 dates); 3 of them have rows, which are overwritten: 2-4 Jan 2022". */
export function sayShownStep({ table, dates, overwritten }: ShownStep, room: Pick<Room, 'letters'>): Words {
  const days = clip(sayDays(dates), room.letters);
  const start: Words = [bold(table), ` ${days} (${count(dates.length, 'date')})`];
  if (overwritten.length === 0) return [...start, ': no rows there yet'];
  if (overwritten.length === dates.length)
    return [
      ...start,
      ': ',
      bold(dates.length === 1 ? 'has rows, which are overwritten' : 'all have rows, which are overwritten'),
    ];
  const said = `${sayNumber(overwritten.length)} ${overwritten.length === 1 ? 'has' : 'have'} rows, which are overwritten`;
  return [...start, ': ', bold(said), `, ${clip(sayDays(overwritten), room.letters)}`];
}

function sayOverridden(dates: readonly string[], room: Room): Part[] {
  if (dates.length === 0) return [];
  const what =
    dates.length === 1 ? 'runs although what it needs is not there' : 'run although what they need is not there';
  return [lines([bold(`${sayNumber(dates.length)} blocked`), ` ${what}: ${clip(sayDays(dates), room.letters * 2)}`])];
}

/** For the thread: what was answered, and what happens now. Calls whoever asked. */
export function answeredNote({ id, requestedBy }: Backfill, decision: NonNullable<Approval['decision']>): Message {
  const { kind, by, reason } = decision;
  return fitMessage((room) => {
    const why: Words[] = reason === null ? [] : [['Reason: ', clip(reason, room.letters)]];
    switch (kind) {
      case 'approved':
        return [lines([bold('Approved'), ' by ', person(by), '. ', person(requestedBy), ', it runs now.'], ...why)];
      case 'denied':
        return [
          lines(
            [
              bold('Denied'),
              ' by ',
              person(by),
              '. ',
              person(requestedBy),
              ', it does not run, and nothing was changed.',
            ],
            ...why,
          ),
        ];
      case 'expired':
        return [
          lines(
            [bold('Not approved in time.'), ' ', person(requestedBy), ', nobody answered, so it does not run.'],
            ['Ask again with the same command if it is still wanted; see it: ', code(`/backfill status ${id}`)],
          ),
        ];
    }
  });
}

/** For the thread: an approval did not count. Calls those who may give one that does. */
export function changedNote(approval: Approval, by: string): Message {
  return fitMessage(() => [
    lines(
      [
        bold('The plan has changed'),
        ' since it was asked, so the approval by ',
        person(by),
        ' does not count. Nothing has run.',
      ],
      [...sayWho(approval.may), ': the message above shows the plan as it is now, and waits for a new answer.'],
    ),
  ]);
}

/** How the waiting ended, for a backfill that never ran, as the first line of its message. */
export function sayNotApproved({ decision }: Approval): Words {
  if (decision === null || decision.kind === 'approved') return [];
  if (decision.kind === 'expired') return [bold('Not started'), ': nobody approved it in time. Nothing has run.'];
  const why = decision.reason === null ? '' : `: ${clip(decision.reason, 300)}`;
  return [bold('Not started'), ', denied by ', person(decision.by), `${why}. Nothing has run.`];
}
