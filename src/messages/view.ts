/** Views as Slack takes them (forms and Home tabs), and what they share: short words, and Slack's limits on them. */
import type { HomeView, KnownBlock, ModalView, PlainTextElement } from '@slack/web-api';
import { cleanText, clip } from './words.ts';

export type View = ModalView | HomeView;

/** Slack's own limit of a title and of the buttons at the foot of a form. */
const titleLength = 24;

/** A text in which Slack interprets nothing. */
export function plain(text: string, max = 2_000): PlainTextElement {
  return { type: 'plain_text', text: clip(text, max), emoji: false };
}

/** A form without a question: something to read, and perhaps a button that goes on with it. */
export function readingView(
  title: string,
  blocks: readonly KnownBlock[],
  more: Partial<Pick<ModalView, 'callback_id' | 'external_id' | 'private_metadata'>> & {
    readonly submit?: string;
    readonly close?: string;
  } = {},
): ModalView {
  const { submit, close, ...ids } = more;
  return {
    type: 'modal',
    title: plain(title, titleLength),
    close: plain(close ?? 'Close', titleLength),
    ...(submit === undefined ? {} : { submit: plain(submit, titleLength) }),
    ...ids,
    // Tables are for messages only, and a press in a form names no channel to answer in.
    blocks: blocks.filter((block) => block.type !== 'table' && block.type !== 'actions'),
  };
}

/** What stands in a form until its content is known. */
export function waitingView(title: string, says: string, more: Parameters<typeof readingView>[2] = {}): ModalView {
  return readingView(title, [{ type: 'section', text: plain(cleanText(says)) }], more);
}
