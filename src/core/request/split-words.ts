/**
 * Words of a command line: separated by spaces or commas, with quotes around what belongs together. A comma is kept as a
 * mark on the word after it, since `a, b` is one list and `a b` may be a range.
 */
import { normaliseText } from './normalise-text.ts';

/** Something that cannot be read, and what may have been meant, in the terms of the asked function, best guess first. */
export type Problem<T> = { readonly problem: string; readonly instead: readonly T[] };

export type Word = {
  readonly text: string;
  /** It had quotes: spaces and commas in it mean nothing. */
  readonly quoted: boolean;
  /** A comma stands between it and the word before. */
  readonly comma: boolean;
};

/** Whether a returned value is a Problem. */
export function isProblem<T>(value: unknown): value is Problem<T> {
  return typeof value === 'object' && value !== null && 'problem' in value && 'instead' in value;
}

/** A word without quotes and comma. */
export function plainWord(text: string): Word {
  return { text, quoted: false, comma: false };
}

/**
 * Splits normalised text. A quote opens at the start of a word or after `=`, so that an apostrophe is just a letter;
 * inside double quotes a backslash keeps the next character as it is.
 */
export function splitWords(text: string): Word[] | Problem<string> {
  const words: Word[] = [];
  let comma = false;
  let at = 0;
  while (at < text.length) {
    const c = text.charAt(at);
    if (c === ' ' || c === ',') {
      comma ||= c === ',';
      at += 1;
      continue;
    }
    const word = takeWord(text, at);
    if (word === null) {
      return {
        problem: 'A quote is opened and not closed.',
        instead: [text.replace(/["'](?!.*["'])/, ''), unquoted(text)],
      };
    }
    words.push({ text: word.text, quoted: word.quoted, comma: comma && words.length > 0 });
    comma = false;
    at = word.end;
  }
  return words;
}

function unquoted(text: string): string {
  return text.replace(/["']/g, '');
}

type Taken = { readonly text: string; readonly quoted: boolean; readonly end: number };

/** One word from `start` on; null where its quote does not end. */
function takeWord(text: string, start: number): Taken | null {
  let word = '';
  let quoted = false;
  let at = start;
  while (at < text.length) {
    const c = text.charAt(at);
    if (c === ' ' || c === ',') break;
    const opens = (c === '"' || c === "'") && (at === start || text.charAt(at - 1) === '=');
    if (!opens) {
      word += c;
      at += 1;
      continue;
    }
    const inside = takeQuoted(text, at);
    if (inside === null) return null;
    word += inside.text;
    quoted = true;
    at = inside.end;
  }
  return { text: word, quoted, end: at };
}

function takeQuoted(text: string, start: number): Taken | null {
  const quote = text.charAt(start);
  let inside = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const c = text.charAt(at);
    if (c === quote) return { text: inside, quoted: true, end: at + 1 };
    if (c === '\\' && quote === '"' && at + 1 < text.length) at += 1;
    inside += text.charAt(at);
  }
  return null;
}

/** An argument as it may be joined with others by spaces and be split again into the same words. */
export function quoteArgument(text: string): string {
  const plain = normaliseText(text);
  if (/^[^\s"',\\]+$/.test(plain)) return plain;
  return `"${plain.replace(/[\\"]/g, '\\$&')}"`;
}

/** Words as text that splits into the same words. */
export function joinWords(words: readonly Word[]): string {
  return words.map((word, i) => `${i === 0 ? '' : word.comma ? ',' : ' '}${writeWord(word)}`).join('');
}

function writeWord(word: Word): string {
  const option = /^(--[a-z-]+=)(.*)$/s.exec(word.text);
  if (option?.[1] !== undefined && word.quoted) return `${option[1]}${quoteArgument(option[2] ?? '')}`;
  return word.quoted ? quoteArgument(word.text) : word.text;
}
