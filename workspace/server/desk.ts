/** What the Web API's methods and the page's acts share: the workspace's parts, put together once at the start. */
import type { AppLine } from './app-requests.ts';
import type { Book } from './book.ts';
import type { Cast } from './cast.ts';
import type { FaultDesk, Pace } from './faults.ts';
import type { Places } from './places.ts';
import type { SocketDesk } from './socket-mode.ts';
import type { ResponseDesk, Triggers } from './tickets.ts';
import type { ViewDesk } from './views.ts';
import type { CommandHint, Message, ShortcutHint } from './wire.ts';

export type Desk = {
  readonly cast: Cast;
  readonly clock: { now(): number };
  readonly book: Book;
  readonly places: Places;
  readonly views: ViewDesk;
  readonly triggers: Triggers;
  readonly responses: ResponseDesk;
  readonly faults: FaultDesk;
  readonly pace: Pace;
  readonly app: AppLine;
  readonly botToken: string;
  /** The token of Socket Mode; undefined: this app has none. */
  readonly appToken: string | undefined;
  readonly socket: SocketDesk;
  /** Commands that the page offers and that a person may send. */
  commands(): readonly CommandHint[];
  /** Entries of the menu of a message. */
  readonly shortcuts: readonly ShortcutHint[];
  /** `http://127.0.0.1:3000`, known once the server listens. */
  origin(): string;
};

/** A message that everybody may see. */
export function findShared(desk: Desk, channel: string, ts: string): Message | undefined {
  const found = desk.book.find(channel, ts);
  return found?.onlyFor === undefined ? found : undefined;
}

/** Posts a message that only `user` sees. From the app, unless another author is given. */
export function whisper(
  desk: Desk,
  to: { readonly channel: string; readonly user: string; readonly thread?: string | undefined },
  content: Pick<Message, 'text' | 'blocks'>,
  author: string = desk.cast.app.user,
): Message {
  return desk.book.put({
    ts: desk.book.stamp(),
    channel: to.channel,
    user: author,
    ...content,
    ...(to.thread !== undefined && { thread: to.thread }),
    onlyFor: to.user,
  });
}
