/** The Home tab of one person: what needs them comes first, then what runs, what is watched, what ended, how to begin. */
import type { HomeView, KnownBlock } from '@slack/web-api';
import type { BackfillView } from '../core/backfill/backfill.ts';
import type { SteerVerb } from '../core/backfill/steering.ts';
import type { CalendarDate } from '../core/dates.ts';
import { type AnswerOffers, answerButtons } from './approval-message.ts';
import { buttons, lines, list, note, type Part, title } from './blocks.ts';
import { fitMessage, takeFirst } from './fit-message.ts';
import { count, sayDays } from './phrases.ts';
import { type SteerOffers, steerButtons } from './progress-message.ts';
import { sayView } from './status-message.ts';
import { at, bold, code, type Words } from './words.ts';

export type HomeBackfill = { readonly view: BackfillView; readonly offers: SteerOffers & AnswerOffers };
/** `holes`: null while nobody has read the table. */
export type WatchedTable = { readonly table: string; readonly holes: readonly CalendarDate[] | null };

export type Home = {
  /** The direct messages with this person: what is pressed here is answered there. */
  readonly channel: string;
  readonly waiting: readonly HomeBackfill[];
  readonly running: readonly HomeBackfill[];
  readonly recent: readonly BackfillView[];
  readonly watched: readonly WatchedTable[];
  /** A command that works for this person. */
  readonly example: string;
  readonly mayFill: boolean;
  readonly now: number;
};

/** Rows of each part: a view has 100 blocks at most, and nobody reads more. */
const most = { waiting: 6, running: 6, watched: 12, recent: 6 } as const;

/** The whole tab. Each part is fitted for itself, so that a long one leaves the others as they are. */
export function homeView(home: Home): HomeView {
  const parts = [waitingPart(home), runningPart(home), watchedPart(home), recentPart(home), beginPart(home)];
  return { type: 'home', private_metadata: home.channel, blocks: parts.flat() };
}

function block(...parts: Part[]): KnownBlock[] {
  return [...fitMessage(() => parts).blocks];
}

function waitingPart({ waiting }: Home): KnownBlock[] {
  if (waiting.length === 0) return block(title('Needs you'), lines(['Nothing waits for your yes or no.']));
  const { shown, more } = takeFirst(waiting, most.waiting);
  return [
    ...block(title('Needs you')),
    ...shown.flatMap(({ view, offers }) => block(lines(sayView(view)), answerButtons(offers))),
    ...sayMore(more, 'approval'),
  ];
}

function runningPart({ running }: Home): KnownBlock[] {
  if (running.length === 0) return block(title('Your backfills'), lines(['None of yours is running.']));
  const { shown, more } = takeFirst(running, most.running);
  return [
    ...block(title('Your backfills')),
    ...shown.flatMap(({ view, offers }) => block(lines(sayView(view)), steerButtons(steeringOf(offers)))),
    ...sayMore(more, 'backfill'),
  ];
}

/** Nobody answers their own question. */
function steeringOf(offers: HomeBackfill['offers']): SteerOffers {
  const verbs: readonly SteerVerb[] = ['pause', 'resume', 'cancel', 'retry'];
  return Object.fromEntries(verbs.flatMap((verb) => (offers[verb] === undefined ? [] : [[verb, offers[verb]]])));
}

function watchedPart({ watched }: Home): KnownBlock[] {
  if (watched.length === 0) {
    return block(title('Watched'), lines(['Nothing is watched. Begin in a channel: ', code('/coverage watch all')]));
  }
  const { shown, more } = takeFirst(watched, most.watched);
  return [...block(title('Watched'), list(shown.map(sayWatched))), ...sayMore(more, 'table')];
}

function sayWatched({ table, holes }: WatchedTable): Words {
  if (holes === null) return [bold(table), ': not looked at yet'];
  if (holes.length === 0) return [bold(table), ': no holes'];
  return [bold(table), `: ${count(holes.length, 'hole')}: ${sayDays(holes)}`];
}

function recentPart({ recent }: Home): KnownBlock[] {
  if (recent.length === 0) return [];
  return block(title('Recent'), list(takeFirst(recent, most.recent).shown.map(sayView)));
}

function beginPart({ example, mayFill, now }: Home): KnownBlock[] {
  const form = mayFill ? [buttons({ action: 'open-form', text: 'New backfill ...', value: 'new' })] : [];
  return block(
    title('Begin'),
    lines(['In any channel: ', code(example), ', and ', code('/coverage help'), ' for all that you may do.']),
    ...form,
    note('As of ', at(now), '. What is pressed here is answered in your messages with Backcourt.'),
  );
}

function sayMore(more: number, what: string): KnownBlock[] {
  return more === 0 ? [] : block(lines([`and ${count(more, `more ${what}`)}: `, code('/backfill list')]));
}
