/**
 * A message that is too large is refused whole, so nobody would hear anything: it is built again with less detail until
 * it passes, and at the very last as bare text. It never fails.
 */
import { compose, type Part } from './blocks.ts';
import { limits, lintMessage } from './limits.ts';
import type { Message } from './message.ts';
import { clip } from './words.ts';

/** How much detail there is room for. */
export type Room = {
  /** Rows of a table, without its heading. */
  readonly rows: number;
  /** Items of a list. */
  readonly items: number;
  /** Characters of text that somebody else wrote. */
  readonly letters: number;
  /** Whether a grid with one mark per date has room. */
  readonly grid: boolean;
};

const rooms: readonly Room[] = [
  { rows: 30, items: 15, letters: 300, grid: true },
  { rows: 20, items: 12, letters: 200, grid: true },
  { rows: 12, items: 8, letters: 120, grid: true },
  { rows: 6, items: 5, letters: 80, grid: true },
  { rows: 6, items: 5, letters: 80, grid: false },
  { rows: 0, items: 3, letters: 60, grid: false },
];

/** Builds with the most detail that Slack accepts. `build` must say by itself how much it left out. */
export function fitMessage(build: (room: Room) => readonly Part[]): Message {
  let parts: readonly Part[] = [];
  for (const room of rooms) {
    parts = build(room);
    const message = compose(parts);
    if (lintMessage(message).length === 0) return message;
  }
  return bareMessage(compose(parts).text);
}

/** The fallback text as plain words: its markup and escapes are taken back, since rich text would show them. */
function bareMessage(fallback: string): Message {
  const plain = fallback
    .replace(/<@([A-Z0-9]+)>/g, '$1')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
  const words = [clip(plain, limits.section - 800) || 'The answer is too large to show.'];
  return compose([{ kind: 'lines', lines: [words] }]);
}

/** The first `max` of a list and how many are left. */
export function takeFirst<T>(all: readonly T[], max: number): { readonly shown: readonly T[]; readonly more: number } {
  return { shown: all.slice(0, max), more: Math.max(0, all.length - max) };
}
