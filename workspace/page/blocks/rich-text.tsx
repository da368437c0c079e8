/** Draws rich_text: sections, lists, quotes, preformatted text, and what stands inside them. */
import type { CSSProperties, ReactNode } from 'react';
import { isSafeUrl } from '../mrkdwn.ts';
import { Emoji, keyed, Link, SlackDate } from '../mrkdwn-view.tsx';
import { ChannelMention, GroupMention, UserMention } from '../names.tsx';
import type { BlockOf, RichTextInline, RichTextPartOf } from './slack-types.ts';

export function RichText({ block }: { block: BlockOf<'rich_text'> }) {
  return <div className="rich-text">{keyed(block.elements, richPart)}</div>;
}

function richPart(part: BlockOf<'rich_text'>['elements'][number]): ReactNode {
  switch (part.type) {
    case 'rich_text_section':
      return <div className="lines">{keyed(part.elements, richInline)}</div>;
    case 'rich_text_list':
      return <RichList list={part} />;
    case 'rich_text_quote':
      return <blockquote className="quote">{keyed(part.elements, richInline)}</blockquote>;
    case 'rich_text_preformatted':
      return <pre className="pre">{keyed(part.elements, richInline)}</pre>;
  }
}

function RichList({ list }: { list: RichTextPartOf<'rich_text_list'> }) {
  const style: CSSProperties = { marginInlineStart: `${(list.indent ?? 0) * 24}px` };
  const items = keyed(list.elements, (item) => <li>{keyed(item.elements, richInline)}</li>);
  return list.style === 'ordered' ? <ol style={style}>{items}</ol> : <ul style={style}>{items}</ul>;
}

function richInline(element: RichTextInline): ReactNode {
  return styled(element.style, bare(element));
}

function bare(element: RichTextInline): ReactNode {
  switch (element.type) {
    case 'text':
      return element.text;
    case 'link':
      return isSafeUrl(element.url) ? <Link url={element.url}>{element.text ?? element.url}</Link> : element.url;
    case 'user':
      return <UserMention id={element.user_id} />;
    case 'channel':
      return <ChannelMention id={element.channel_id} />;
    case 'usergroup':
      return <GroupMention id={element.usergroup_id} />;
    case 'broadcast':
      return <span className="mention mention-me">@{element.range}</span>;
    case 'emoji':
      return <Emoji name={element.name} />;
    case 'date':
      return <SlackDate seconds={element.timestamp} format={element.format} />;
    case 'color':
      return element.value;
    default:
      return <span className="unknown-inline">{element.type}</span>;
  }
}

function styled(style: RichTextInline['style'], inside: ReactNode): ReactNode {
  let drawn = inside;
  if (style?.code === true) drawn = <code className="code">{drawn}</code>;
  if (style?.bold === true) drawn = <strong>{drawn}</strong>;
  if (style?.italic === true) drawn = <em>{drawn}</em>;
  if (style?.strike === true) drawn = <s>{drawn}</s>;
  if (style?.underline === true) drawn = <u>{drawn}</u>;
  return drawn;
}
