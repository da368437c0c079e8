/**
 * What travels between the workspace's server and its page: types only, so that both sides import them. The page holds
 * no truth of its own: it draws the last snapshot and the changes that came after it.
 */
import type { KnownBlock } from '@slack/web-api';

/** A person who can be chosen as the one who types, or the app's bot user, or Slackbot. */
export type Person = {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly isBot: boolean;
  /** What they do, shown where one chooses whom to be. */
  readonly title?: string;
  /** Sees only the channels that they are in. */
  readonly isGuest?: boolean;
};

/** A channel, or with `im` the direct messages of a person with the app, which are named after the person. */
export type Channel = {
  readonly id: string;
  readonly name: string;
  readonly topic: string;
  readonly kind: 'public' | 'private' | 'im';
  readonly members: readonly string[];
  readonly isArchived: boolean;
};

/** A message shortcut as the manifest declares it. */
export type ShortcutHint = { readonly callbackId: string; readonly name: string };

/** A user group. */
export type Group = { readonly id: string; readonly name: string; readonly users: readonly string[] };

/** A slash command as the manifest declares it. */
export type CommandHint = { readonly command: string; readonly description: string; readonly usageHint: string };

export type FileInfo = {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  readonly size: number;
  /** Path on this server. */
  readonly path: string;
};

export type Metadata = { readonly event_type: string; readonly event_payload: Record<string, unknown> };

/** A message. With `onlyFor` it is ephemeral: one person sees it, no history holds it, a restart forgets it. */
export type Message = {
  readonly ts: string;
  readonly channel: string;
  readonly user: string;
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
  /** ts of the thread's first message; absent on that one. */
  readonly thread?: string;
  readonly metadata?: Metadata;
  readonly edited?: { readonly user: string; readonly ts: string };
  readonly files?: readonly FileInfo[];
  readonly onlyFor?: string;
};

/** A modal or a Home tab as the page draws it. `private_metadata` and the like stay on the server. */
export type ViewOnPage = {
  readonly id: string;
  readonly hash: string;
  readonly title: string;
  readonly submit?: string;
  readonly close: string;
  readonly blocks: readonly KnownBlock[];
};

export type Snapshot = {
  readonly type: 'snapshot';
  readonly team: { readonly id: string; readonly name: string };
  readonly me: string;
  readonly bot: string;
  readonly people: readonly Person[];
  readonly groups: readonly Group[];
  readonly channels: readonly Channel[];
  readonly commands: readonly CommandHint[];
  readonly shortcuts: readonly ShortcutHint[];
  readonly messages: readonly Message[];
  /** The stack of open modals, the last on top. */
  readonly modals: readonly ViewOnPage[];
  readonly home?: ViewOnPage;
};

export type StreamEvent =
  | Snapshot
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'gone'; readonly channel: string; readonly ts: string }
  | { readonly type: 'modals'; readonly user: string; readonly modals: readonly ViewOnPage[] }
  | { readonly type: 'home'; readonly user: string; readonly home: ViewOnPage }
  | { readonly type: 'channel'; readonly channel: Channel }
  | { readonly type: 'commands'; readonly commands: readonly CommandHint[] };

/** What a person chose or typed in one element; null is nothing. The server turns it into Slack's shape. */
export type Choice = string | readonly string[] | null;

/** block_id -> action_id -> choice. */
export type Choices = Readonly<Record<string, Readonly<Record<string, Choice>>>>;

/** What the page is told after it acted: `errors` are by block_id (a form that the app sent back). */
export type ActAnswer = {
  readonly ok: boolean;
  readonly error?: string;
  readonly errors?: Readonly<Record<string, string>>;
};
