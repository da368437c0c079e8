/**
 * Text as small pieces, written once and shown twice: as rich text (where Slack interprets nothing) and as the mrkdwn
 * of the fallback (where it interprets `<!channel>`, so that everything which is not ours is escaped). No message puts
 * a person's text together with markup in any other way.
 */
import type { RichTextElement } from '@slack/web-api';

/**
 * A piece of text: plain, bold, struck out, code, a person (Slack id or name), a user group or a channel of Slack, a link
 * that we made, or an instant in epoch milliseconds.
 */
export type Word =
  | string
  | { readonly bold: string }
  | { readonly strike: string }
  | { readonly code: string }
  | { readonly person: string }
  | { readonly group: string }
  | { readonly channel: string }
  | { readonly link: string; readonly text: string }
  | { readonly at: number };
export type Words = readonly Word[];

export const bold = (text: string): Word => ({ bold: text });
export const strike = (text: string): Word => ({ strike: text });
export const code = (text: string): Word => ({ code: text });
export const person = (name: string): Word => ({ person: name });
export const group = (id: string): Word => ({ group: id });
export const channel = (id: string): Word => ({ channel: id });
export const link = (url: string, text: string): Word => ({ link: url, text });
export const at = (epochMs: number): Word => ({ at: epochMs });

const slackId = /^[UW][A-Z0-9]{6,20}$/;
const groupId = /^S[A-Z0-9]{6,20}$/;
const channelId = /^[CDG][A-Z0-9]{6,20}$/;
const webAddress = /^https?:\/\/[^\s<>|"`]{1,500}$/;
const nameLength = 60;

/**
 * Takes out what a terminal or a browser would obey instead of show: control characters, direction overrides, half
 * surrogates. Tabs and line ends inside become spaces, unless `lines` keeps the latter.
 */
export function cleanText(text: string, lines: 'keep' | 'fold' = 'fold'): string {
  const folded = lines === 'fold' ? text.replace(/[\t\r\n]+/g, ' ') : text.replace(/\t/g, ' ');
  return folded
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[^\P{Cc}\n]/gu, '')
    .replace(/[\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '');
}

/** Cleans text and cuts it to `max` characters; the cut shows as an ellipsis. */
export function clip(text: string, max: number): string {
  const clean = cleanText(text);
  const letters = [...clean];
  return letters.length <= max ? clean : `${letters.slice(0, Math.max(0, max - 1)).join('')}…`;
}

/** Escapes text for mrkdwn: no mention, link, or formatting of the writer's survives. */
export function escapeMrkdwn(text: string): string {
  return cleanText(text, 'keep')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/`/g, 'ˋ')
    .replace(/\*/g, '∗')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, 'ˍ')
    .replace(/~/g, '∼');
}

/** Escapes text that stands inside a code span, where only the backtick and the three entities mean anything. */
function escapeCode(text: string): string {
  return cleanText(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/`/g, 'ˋ');
}

/** An instant as text without a zone of the reader's: `2022-01-08 02:14 UTC`. */
export function sayInstant(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Words for a terminal, where nothing stands for a mention or a link. */
export function toPlain(words: Words): string {
  return cleanText(words.map(wordToPlain).join(''));
}

function wordToPlain(word: Word): string {
  if (typeof word === 'string') return word;
  if ('bold' in word) return word.bold;
  if ('strike' in word) return word.strike;
  if ('code' in word) return word.code;
  if ('person' in word) return word.person;
  if ('group' in word) return word.group;
  if ('channel' in word) return word.channel;
  return 'link' in word ? `${word.text} (${word.link})` : sayInstant(word.at);
}

/** Words as mrkdwn, for the fallback text and for context blocks. */
export function toMrkdwn(words: Words): string {
  return words.map(wordToMrkdwn).join('');
}

function wordToMrkdwn(word: Word): string {
  if (typeof word === 'string') return escapeMrkdwn(word);
  if ('bold' in word) return `*${escapeMrkdwn(word.bold)}*`;
  if ('strike' in word) return `~${escapeMrkdwn(word.strike)}~`;
  if ('code' in word) return `\`${escapeCode(word.code)}\``;
  if ('person' in word)
    return slackId.test(word.person) ? `<@${word.person}>` : escapeMrkdwn(clip(word.person, nameLength));
  if ('group' in word)
    return groupId.test(word.group) ? `<!subteam^${word.group}>` : escapeMrkdwn(clip(word.group, nameLength));
  if ('channel' in word)
    return channelId.test(word.channel) ? `<#${word.channel}>` : escapeMrkdwn(clip(word.channel, nameLength));
  if ('link' in word) {
    const text = escapeMrkdwn(clip(word.text, nameLength)).replace(/\|/g, '¦');
    return webAddress.test(word.link) ? `<${word.link.replace(/&/g, '&amp;')}|${text}>` : text;
  }
  return sayInstant(word.at);
}

/** Words as rich text elements; pieces without a letter are left out, since Slack refuses empty ones. */
export function toRichText(words: Words): RichTextElement[] {
  return words.map(wordToRichText).filter((element) => element.type !== 'text' || element.text !== '');
}

function wordToRichText(word: Word): RichTextElement {
  if (typeof word === 'string') return { type: 'text', text: cleanText(word, 'keep') };
  if ('bold' in word) return { type: 'text', text: cleanText(word.bold), style: { bold: true } };
  if ('strike' in word) return { type: 'text', text: cleanText(word.strike), style: { strike: true } };
  if ('code' in word) return { type: 'text', text: cleanText(word.code), style: { code: true } };
  if ('person' in word) {
    return slackId.test(word.person)
      ? { type: 'user', user_id: word.person }
      : { type: 'text', text: clip(word.person, nameLength) };
  }
  if ('group' in word) {
    return groupId.test(word.group)
      ? { type: 'usergroup', usergroup_id: word.group }
      : { type: 'text', text: clip(word.group, nameLength) };
  }
  if ('channel' in word) {
    return channelId.test(word.channel)
      ? { type: 'channel', channel_id: word.channel }
      : { type: 'text', text: clip(word.channel, nameLength) };
  }
  if ('link' in word) {
    const text = clip(word.text, nameLength);
    return webAddress.test(word.link) ? { type: 'link', url: word.link, text } : { type: 'text', text };
  }
  const timestamp = Math.floor(word.at / 1000);
  return { type: 'date', timestamp, format: '{date_short_pretty} {time}', fallback: sayInstant(word.at) };
}
