/**
 * What makes the workspace survive a restart: JSON lines, one per change, written before the change is told to anyone.
 * A process may die in the middle of a line, so a last line that is no JSON is dropped when the file is read again.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseJson } from './http.ts';
import type { FileInfo, Message } from './wire.ts';

export type JournalRecord =
  | { readonly op: 'put'; readonly message: Message }
  | { readonly op: 'remove'; readonly channel: string; readonly ts: string }
  | { readonly op: 'file'; readonly file: FileInfo };

export type Journal = {
  /** What an earlier process left, oldest first. */
  readonly past: readonly JournalRecord[];
  append(record: JournalRecord): void;
  /** Replaces the whole file by these records: they say the same in fewer lines. */
  rewrite(records: readonly JournalRecord[]): void;
  putFile(id: string, content: Buffer): void;
  getFile(id: string): Buffer | undefined;
  dropFile(id: string): void;
};

/** Opens the journal at `path`; without a path it lives in memory and forgets. */
export function openJournal(path: string | undefined): Journal {
  return path === undefined ? memoryJournal() : fileJournal(path);
}

function memoryJournal(): Journal {
  const files = new Map<string, Buffer>();
  return {
    past: [],
    append: () => undefined,
    rewrite: () => undefined,
    putFile: (id, content) => void files.set(id, content),
    getFile: (id) => files.get(id),
    dropFile: (id) => void files.delete(id),
  };
}

function fileJournal(path: string): Journal {
  const folder = `${path}.files`;
  mkdirSync(dirname(path), { recursive: true });
  return {
    past: existsSync(path) ? readLines(readFileSync(path, 'utf8')) : [],
    append: (record) => appendFileSync(path, `${JSON.stringify(record)}\n`),
    rewrite(records) {
      writeFileSync(`${path}.new`, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
      renameSync(`${path}.new`, path);
    },
    putFile(id, content) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, id), content);
    },
    getFile: (id) => (existsSync(join(folder, id)) ? readFileSync(join(folder, id)) : undefined),
    dropFile: (id) => rmSync(join(folder, id), { force: true }),
  };
}

function readLines(text: string): JournalRecord[] {
  return text.split('\n').flatMap((line) => {
    const value = parseJson(line);
    return isJournalRecord(value) ? [value] : [];
  });
}

/** We wrote the file ourselves, so the kind of a record vouches for its fields. */
function isJournalRecord(value: unknown): value is JournalRecord {
  return typeof value === 'object' && value !== null && 'op' in value && typeof value.op === 'string';
}
