/** The chat port: posts and edits messages. Pacing and durability are the outbox's; this only speaks. */
import type { Finding } from '../finding.ts';
import type { Message } from '../messages/message.ts';

/** Where a message stands once it is posted. */
export type Posted = { readonly channel: string; readonly ts: string };

export type ChatResult =
  | { readonly kind: 'ok'; readonly posted: Posted }
  /** Not done; try again after so many milliseconds. */
  | { readonly kind: 'later'; readonly after: number; readonly detail: string }
  /** Perhaps done: the answer was lost. Look for `key` before posting again. */
  | { readonly kind: 'ambiguous'; readonly detail: string }
  /** The message we would edit is gone. */
  | { readonly kind: 'gone'; readonly detail: string }
  /** Slack refused these blocks; the text alone may pass. */
  | { readonly kind: 'bad_blocks'; readonly detail: string }
  /** Will never be done. */
  | { readonly kind: 'refused'; readonly detail: string };

/** A picture to be shown in a message: PNG, with one sentence for who does not see it. */
export type Picture = {
  readonly name: string;
  readonly title: string;
  readonly alt: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
};

/** `file` is the id that an image block names. */
export type UploadResult = { readonly kind: 'ok'; readonly file: string } | Exclude<ChatResult, { kind: 'ok' }>;

/** Who is in a user group; `unread`: nobody can say now, which is never the same as nobody. */
export type GroupRead =
  | { readonly kind: 'ok'; readonly members: ReadonlySet<string> }
  | { readonly kind: 'unread'; readonly detail: string };

export type Chat = {
  /** Posts; `key` travels as metadata so that a lost answer can be found again. Never throws for what Slack answers. */
  post(message: Message, to: { channel: string; thread?: string; key: string }): Promise<ChatResult>;
  /** Replaces a posted message. */
  update(message: Message, at: Posted): Promise<ChatResult>;
  /** Finds a message of ours by its key in recent history. */
  find(key: string, channel: string, thread?: string): Promise<Posted | undefined>;
  /** Shows a message to one person only. */
  whisper(message: Message, to: { channel: string; user: string; thread?: string }): Promise<ChatResult>;
  /** The address of a posted message, for people to open; undefined when Slack does not tell. Never throws. */
  link(at: Posted): Promise<string | undefined>;
  /** Uploads a picture that nobody sees until a message shows it. Repeating it does no harm. Never throws. */
  upload(picture: Picture): Promise<UploadResult>;
  /** The members of a user group, as they were a minute ago at most. Answers within seconds. Never throws. */
  members(group: string): Promise<GroupRead>;
  /** Whether the token, its rights and these channels are right. Never throws for what Slack answers. */
  check?(channels: readonly string[]): Promise<Finding[]>;
};
