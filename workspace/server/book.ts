/**
 * The workspace's memory: messages, files, and who is told when something changes. Slack's `ts` is both a time and an
 * id, so every id here comes from one stamp that only grows, also when the clock stands still or goes back.
 */
import type { Journal, JournalRecord } from './journal.ts';
import type { FileInfo, Message, StreamEvent } from './wire.ts';

export type Book = {
  /** A new `ts`: seconds, a dot, six digits; greater than every one before. */
  stamp(): string;
  /** Stores a message, new or changed, and tells the listeners. */
  put(message: Message): Message;
  /** Removes a message; false when there is none. */
  remove(channel: string, ts: string): boolean;
  /** Any message, ephemeral ones too. */
  find(channel: string, ts: string): Message | undefined;
  /** All of a channel, oldest first, ephemeral ones too. */
  list(channel: string): readonly Message[];
  putFile(file: FileInfo, content: Buffer): void;
  findFile(id: string): FileInfo | undefined;
  readFile(id: string): Buffer | undefined;
  tell(event: StreamEvent): void;
  /** Calls `listener` at every change until the returned function is called. */
  listen(listener: (event: StreamEvent) => void): () => void;
};

/** A message that is edited for hours leaves a line per edit; after so many lines the journal is written anew. */
const REWRITE_AFTER = 2_000;
/** A workspace that runs for months keeps the newest of both, so that it does not grow. */
const MESSAGES_KEPT = 2_000;
const FILES_KEPT = 200;

/** Opens the book from what the journal remembers. */
export function openBook(clock: { now(): number }, journal: Journal): Book {
  const messages = new Map<string, Message>();
  const files = new Map<string, FileInfo>();
  replay(journal.past, messages, files);
  journal.rewrite(allRecords(messages, files));
  const stamp = stampFrom(clock, [...messages.values()]);
  const listeners = new Set<(event: StreamEvent) => void>();
  let written = 0;
  const remember = (record: JournalRecord) => {
    journal.append(record);
    written += 1;
    if (written < REWRITE_AFTER) return;
    for (const id of dropOldest(files, FILES_KEPT)) journal.dropFile(id);
    dropOldest(messages, MESSAGES_KEPT);
    journal.rewrite(allRecords(messages, files));
    written = 0;
  };
  const tell = (event: StreamEvent) => {
    for (const listener of listeners) listener(event);
  };
  return {
    stamp,
    tell,
    put(message) {
      messages.set(keyOf(message.channel, message.ts), message);
      if (message.onlyFor === undefined) remember({ op: 'put', message });
      tell({ type: 'message', message });
      return message;
    },
    remove(channel, ts) {
      const key = keyOf(channel, ts);
      const found = messages.get(key);
      if (found === undefined) return false;
      messages.delete(key);
      if (found.onlyFor === undefined) remember({ op: 'remove', channel, ts });
      tell({ type: 'gone', channel, ts });
      return true;
    },
    find: (channel, ts) => messages.get(keyOf(channel, ts)),
    list: (channel) => [...messages.values()].filter((message) => message.channel === channel).sort(byTs),
    putFile(file, content) {
      journal.putFile(file.id, content);
      files.set(file.id, file);
      remember({ op: 'file', file });
    },
    findFile: (id) => files.get(id),
    readFile: (id) => journal.getFile(id),
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Drops what was put first until so many are left; returns the keys of what is gone. */
function dropOldest(map: Map<string, unknown>, kept: number): string[] {
  const gone = [...map.keys()].slice(0, Math.max(0, map.size - kept));
  for (const key of gone) map.delete(key);
  return gone;
}

/** Orders by ts as numbers of microseconds; as text the order is the same for the next 250 years. */
export function byTs(a: { readonly ts: string }, b: { readonly ts: string }): number {
  return a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0;
}

const keyOf = (channel: string, ts: string): string => `${channel} ${ts}`;

function stampFrom(clock: { now(): number }, known: readonly Message[]): () => string {
  let last = Math.max(0, ...known.map((message) => toMicros(message.edited?.ts ?? message.ts)));
  return () => {
    last = Math.max(last + 1, Math.floor(clock.now() * 1000));
    return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, '0')}`;
  };
}

/** Microseconds since 1970 fit a double exactly until the year 2255. */
function toMicros(ts: string): number {
  return Number(ts.replace('.', ''));
}

function replay(past: readonly JournalRecord[], messages: Map<string, Message>, files: Map<string, FileInfo>): void {
  for (const record of past) {
    if (record.op === 'put') messages.set(keyOf(record.message.channel, record.message.ts), record.message);
    if (record.op === 'remove') messages.delete(keyOf(record.channel, record.ts));
    if (record.op === 'file') files.set(record.file.id, record.file);
  }
}

function allRecords(messages: Map<string, Message>, files: Map<string, FileInfo>): JournalRecord[] {
  const shared = [...messages.values()].filter((message) => message.onlyFor === undefined);
  return [
    ...[...files.values()].map((file): JournalRecord => ({ op: 'file', file })),
    ...shared.map((message): JournalRecord => ({ op: 'put', message })),
  ];
}
