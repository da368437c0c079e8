/** Slack's block types as the page draws them, from the SDK's own declarations. */
import type { KnownBlock } from '@slack/web-api';

/** A block of one type: `BlockOf<'section'>`. */
export type BlockOf<T extends KnownBlock['type']> = Extract<KnownBlock, { type: T }>;

type ActionElement = BlockOf<'actions'>['elements'][number];
type InputElement = BlockOf<'input'>['element'];
type Accessory = NonNullable<BlockOf<'section'>['accessory']>;

/** Anything that stands in an actions block, in an input, or beside a section. */
export type AnyElement = ActionElement | InputElement | Accessory;

/** An element of one type: `ElementOf<'button'>`. */
export type ElementOf<T extends AnyElement['type']> = Extract<AnyElement, { type: T }>;

export type TextObject = NonNullable<BlockOf<'section'>['text']>;
export type Confirmation = NonNullable<ElementOf<'button'>['confirm']>;
export type SlackOption = ElementOf<'checkboxes'>['options'][number];

type RichTextPart = BlockOf<'rich_text'>['elements'][number];
export type RichTextPartOf<T extends RichTextPart['type']> = Extract<RichTextPart, { type: T }>;
export type RichTextInline = RichTextPartOf<'rich_text_section'>['elements'][number];
