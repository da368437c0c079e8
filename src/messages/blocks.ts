/**
 * Builders of the few blocks that we post. A message is written as parts, and the fallback text follows from the same
 * parts, so that what a phone's notification says cannot differ from what the message shows.
 */
import type { Button, KnownBlock, RichTextBlock } from '@slack/web-api';
import { limits } from './limits.ts';
import type { Message } from './message.ts';
import { cleanText, clip, escapeMrkdwn, toMrkdwn, toRichText, type Words } from './words.ts';

export { escapeMrkdwn } from './words.ts';

export type ListItem = { readonly words: Words; readonly indent?: number };
/** An uploaded picture, and the sentence that stands for it. */
export type ShownPicture = { readonly file: string; readonly alt: string };
/** `value` is the id of a stored offer, never an instruction. */
export type Offer = { readonly action: string; readonly text: string; readonly value: string; readonly primary?: true };

/** What a message is made of. Grids, pictures and tables are shown only; the rest also goes into the fallback text. */
export type Part =
  | { readonly kind: 'title'; readonly text: string }
  | { readonly kind: 'lines'; readonly lines: readonly Words[] }
  | { readonly kind: 'list'; readonly items: readonly ListItem[]; readonly ordered?: boolean }
  | { readonly kind: 'grid'; readonly text: string }
  | ({ readonly kind: 'picture' } & ShownPicture)
  | {
      readonly kind: 'table';
      readonly rows: readonly (readonly string[])[];
      readonly right?: readonly number[];
      /** Columns whose text may take several lines; all but the first and the `right` ones, if not given. */
      readonly wrap?: readonly number[];
    }
  | { readonly kind: 'note'; readonly words: Words }
  | { readonly kind: 'buttons'; readonly offers: readonly Offer[] };

export const title = (text: string): Part => ({ kind: 'title', text });
export const lines = (...all: Words[]): Part => ({ kind: 'lines', lines: all });
export const list = (items: readonly Words[], ordered = false): Part => ({
  kind: 'list',
  items: items.map((words) => ({ words })),
  ordered,
});
export const grid = (text: string): Part => ({ kind: 'grid', text });
export const picture = (shown: ShownPicture): Part => ({ kind: 'picture', ...shown });
export const note = (...words: Words): Part => ({ kind: 'note', words });
export const buttons = (...offers: Offer[]): Part => ({ kind: 'buttons', offers });

/** Parts to a message. It may be too large: `fitMessage` sees to that. */
export function compose(parts: readonly Part[]): Message {
  const shown = parts.filter((part) => !isEmpty(part));
  return { text: fallbackText(shown), blocks: shown.map(toBlock) };
}

function isEmpty(part: Part): boolean {
  if (part.kind === 'lines') return part.lines.every((words) => toMrkdwn(words).trim() === '');
  if (part.kind === 'list') return part.items.length === 0;
  if (part.kind === 'grid') return part.text.trim() === '';
  if (part.kind === 'table') return part.rows.length < 2;
  if (part.kind === 'buttons') return part.offers.length === 0;
  return part.kind === 'note' && toMrkdwn(part.words).trim() === '';
}

function toBlock(part: Part): KnownBlock {
  switch (part.kind) {
    case 'title':
      return { type: 'header', text: { type: 'plain_text', text: clip(part.text, limits.header), emoji: false } };
    case 'lines':
      return richText([{ type: 'rich_text_section', elements: toRichText(joinLines(part.lines)) }]);
    case 'list':
      return richText(part.items.map((item) => listElement(item, part.ordered === true)).reduce(mergeLists, []));
    case 'grid':
      return richText([
        { type: 'rich_text_preformatted', elements: [{ type: 'text', text: cleanText(part.text, 'keep') }] },
      ]);
    case 'picture':
      return { type: 'image', slack_file: { id: part.file }, alt_text: clip(part.alt, limits.altText) };
    case 'table':
      return {
        type: 'table',
        rows: part.rows.map((row) => row.map((cell) => ({ type: 'raw_text', text: cleanText(cell) || '-' }))),
        column_settings: (part.rows[0] ?? []).map((_, column) => ({
          align: part.right?.includes(column) ? 'right' : 'left',
          is_wrapped: part.wrap?.includes(column) ?? (!part.right?.includes(column) && column > 0),
        })),
      };
    case 'note':
      return { type: 'context', elements: [{ type: 'mrkdwn', text: toMrkdwn(part.words) }] };
    case 'buttons':
      return { type: 'actions', elements: part.offers.map(toButton) };
  }
}

type ListElement = Extract<RichTextBlock['elements'][number], { type: 'rich_text_list' }>;

function listElement(item: ListItem, ordered: boolean): ListElement {
  return {
    type: 'rich_text_list',
    style: ordered ? 'ordered' : 'bullet',
    indent: Math.min(item.indent ?? 0, 8),
    elements: [{ type: 'rich_text_section', elements: toRichText(item.words) }],
  };
}

/** Neighbours of the same depth share one list, otherwise an ordered one would count 1, 1, 1. */
function mergeLists(all: ListElement[], next: ListElement): ListElement[] {
  const last = all.at(-1);
  if (last === undefined || last.indent !== next.indent) return [...all, next];
  last.elements.push(...next.elements);
  return all;
}

function richText(elements: RichTextBlock['elements']): RichTextBlock {
  return { type: 'rich_text', elements };
}

function toButton(offer: Offer): Button {
  return {
    type: 'button',
    action_id: offer.action,
    text: { type: 'plain_text', text: clip(offer.text, limits.buttonText), emoji: false },
    value: offer.value,
    ...(offer.primary ? { style: 'primary' as const } : {}),
  };
}

function joinLines(all: readonly Words[]): Words {
  return all.flatMap((words, index) => (index === 0 ? words : ['\n', ...words]));
}

function fallbackText(parts: readonly Part[]): string {
  const said = parts.map(partText).filter((text) => text !== '');
  return cutLines(said.join('\n'), limits.text);
}

function partText(part: Part): string {
  if (part.kind === 'title') return `*${escapeMrkdwn(clip(part.text, limits.header))}*`;
  if (part.kind === 'lines') return part.lines.map(toMrkdwn).join('\n');
  if (part.kind === 'note') return toMrkdwn(part.words);
  if (part.kind !== 'list') return '';
  return part.items
    .map(
      (item, index) =>
        `${'  '.repeat(item.indent ?? 0)}${part.ordered ? `${index + 1}.` : '•'} ${toMrkdwn(item.words)}`,
    )
    .join('\n');
}

/** Cuts at a line end, since half a line may be half an escape. */
function cutLines(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = text
    .slice(0, max - 2)
    .split('\n')
    .slice(0, -1);
  return kept.length === 0 ? `${text.slice(0, max - 40).replace(/[`<&][^`>;]*$/, '')}…` : `${kept.join('\n')}\n…`;
}
