/** Draws mrkdwn and Slack's text objects. */
import { Fragment, type ReactNode } from 'react';
import type { TextObject } from './blocks/slack-types.ts';
import { emojiOf, withEmoji } from './emoji.ts';
import { type Inline, type Paragraph, readMrkdwn } from './mrkdwn.ts';
import { ChannelMention, UserMention } from './names.tsx';
import { formatDate, fullTimeOf } from './times.ts';

/** A mrkdwn text. */
export function Mrkdwn({ text }: { text: string }) {
  return <>{keyed(readMrkdwn(text), paragraph)}</>;
}

/** A text object: mrkdwn is formatted, plain text only has its emoji replaced. */
export function SlackText({ value }: { value: TextObject }) {
  return value.type === 'mrkdwn' ? <Mrkdwn text={value.text} /> : withEmoji(value.text);
}

/** Draws a list whose items have no identity but their place. */
export function keyed<T>(items: readonly T[], draw: (item: T) => ReactNode): ReactNode[] {
  let place = 0;
  return items.map((item) => {
    place += 1;
    return <Fragment key={place}>{draw(item)}</Fragment>;
  });
}

function paragraph(part: Paragraph): ReactNode {
  if (part.kind === 'pre') return <pre className="pre">{part.text}</pre>;
  if (part.kind === 'quote') return <blockquote className="quote">{keyed(part.inside, inline)}</blockquote>;
  return <span className="lines">{keyed(part.inside, inline)}</span>;
}

function inline(node: Inline): ReactNode {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'bold':
      return <strong>{keyed(node.inside, inline)}</strong>;
    case 'italic':
      return <em>{keyed(node.inside, inline)}</em>;
    case 'strike':
      return <s>{keyed(node.inside, inline)}</s>;
    case 'code':
      return <code className="code">{node.text}</code>;
    case 'emoji':
      return <Emoji name={node.name} />;
    case 'link':
      return <Link url={node.url}>{node.text}</Link>;
    case 'user':
      return <UserMention id={node.id} label={node.label} />;
    case 'channel':
      return <ChannelMention id={node.id} label={node.label} />;
    case 'broadcast':
      return <span className="mention mention-me">@{node.name}</span>;
    case 'date':
      return <SlackDate seconds={node.seconds} format={node.format} />;
  }
}

/** An emoji by its name; unknown ones stay written out. */
export function Emoji({ name }: { name: string }) {
  const found = emojiOf(name);
  if (found === undefined) return <>:{name}:</>;
  return (
    <span role="img" aria-label={name.replaceAll('_', ' ')}>
      {found}
    </span>
  );
}

/** A link that leaves this page. */
export function Link({ url, children }: { url: string; children: ReactNode }) {
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}

/** A date in the reader's own words. */
export function SlackDate({ seconds, format }: { seconds: number; format: string }) {
  return <time title={fullTimeOf(new Date(seconds * 1000))}>{formatDate(seconds, format, new Date())}</time>;
}
