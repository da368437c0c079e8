/** What the workspace keeps on disk, also when it died in the middle of a line. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBook } from '../../workspace/server/book.ts';
import { openJournal } from '../../workspace/server/journal.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  path = join(folder, 'deeper', 'state.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () => openBook({ now: () => 1_700_000_000_000 }, openJournal(path));
const post = (book: ReturnType<typeof open>, text: string) =>
  book.put({ ts: book.stamp(), channel: 'C1', user: 'U1', text });
const lines = () => readFileSync(path, 'utf8').trimEnd().split('\n').length;

describe('the journal', () => {
  it('loses the half-written line of a crash and nothing else', () => {
    const book = open();
    post(book, 'one');
    post(book, 'two');
    appendFileSync(path, '{"op":"put","message":{"ts":"17');
    const again = open();
    expect(again.list('C1').map((message) => message.text)).toEqual(['one', 'two']);
    post(again, 'three');
    expect(open().list('C1')).toHaveLength(3);
  });

  it('does not grow with every edit for ever', () => {
    const book = open();
    const message = post(book, 'progress');
    for (let n = 0; n < 2_500; n += 1) book.put({ ...message, text: `progress ${n}` });
    expect(lines()).toBeLessThan(2_001);
    expect(
      open()
        .list('C1')
        .map((found) => found.text),
    ).toEqual(['progress 2499']);
    expect(lines()).toBe(1);
  });

  it('keeps the newest messages and files of a workspace that runs for months, and drops the others', () => {
    const book = open();
    for (let n = 0; n < 205; n += 1)
      book.putFile(
        { id: `F${n}`, name: 'a.png', title: 'a', mimetype: 'image/png', size: 1, path: '/f' },
        Buffer.from('x'),
      );
    for (let n = 0; n < 4_100; n += 1) post(book, `message ${n}`);
    const left = open();
    const kept = left.list('C1').map((message) => message.text);
    expect(kept.length).toBeLessThan(4_000);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, n) => `message ${4_100 - kept.length + n}`));
    expect([left.readFile('F0'), left.readFile('F204')?.toString()]).toEqual([undefined, 'x']);
  });

  it('never writes a message that is for one person', () => {
    const book = open();
    book.put({ ts: book.stamp(), channel: 'C1', user: 'U1', text: 'psst', onlyFor: 'U1' });
    post(book, 'for all');
    expect(readFileSync(path, 'utf8')).not.toContain('psst');
  });
});
