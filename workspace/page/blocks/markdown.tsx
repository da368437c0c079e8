/** Draws a markdown block: headings, lists, code, quotes, bold, italics and links, which is what bots write. */
import type { ReactNode } from 'react';
import { isSafeUrl } from '../mrkdwn.ts';
import { keyed, Link } from '../mrkdwn-view.tsx';

export function Markdown({ text }: { text: string }) {
  return <div className="rich-text">{keyed(splitParts(text), part)}</div>;
}

/** Blank lines part, and fenced code stays whole. */
function splitParts(text: string): string[] {
  return text.split(/(```[\s\S]*?```)|\n{2,}/).filter((piece): piece is string => piece !== undefined && piece !== '');
}

function part(text: string): ReactNode {
  if (text.startsWith('```')) return <pre className="pre">{text.replace(/^```\w*\n?|\n?```$/g, '')}</pre>;
  const lines = text.split('\n').filter((line) => line !== '');
  const heading = /^#{1,6} +(.*)$/.exec(lines[0] ?? '');
  if (heading?.[1] !== undefined) {
    return (
      <>
        <div className="markdown-heading">{inlines(heading[1])}</div>
        {lines.length > 1 ? part(lines.slice(1).join('\n')) : null}
      </>
    );
  }
  if (lines.every((line) => /^[-*] /.test(line))) return <ul>{items(lines, /^[-*] /)}</ul>;
  if (lines.every((line) => /^\d+\. /.test(line))) return <ol>{items(lines, /^\d+\. /)}</ol>;
  if (lines.every((line) => line.startsWith('>'))) {
    return (
      <blockquote className="quote">{inlines(lines.map((line) => line.replace(/^> ?/, '')).join('\n'))}</blockquote>
    );
  }
  return <div className="lines">{inlines(lines.join('\n'))}</div>;
}

function items(lines: readonly string[], mark: RegExp): ReactNode[] {
  return keyed(lines, (line) => <li>{inlines(line.replace(mark, ''))}</li>);
}

const INLINE = /(`[^`\n]+`|\*\*[^*\n]+\*\*|_[^_\n]+_|\*[^*\n]+\*|~~[^~\n]+~~|\[[^\]\n]+\]\([^)\s]+\))/;

function inlines(text: string): ReactNode[] {
  return keyed(text.split(INLINE), inline);
}

function inline(piece: string): ReactNode {
  if (/^`.+`$/.test(piece)) return <code className="code">{piece.slice(1, -1)}</code>;
  if (/^\*\*.+\*\*$/.test(piece)) return <strong>{piece.slice(2, -2)}</strong>;
  if (/^~~.+~~$/.test(piece)) return <s>{piece.slice(2, -2)}</s>;
  if (/^(?:_.+_|\*.+\*)$/.test(piece)) return <em>{piece.slice(1, -1)}</em>;
  const link = /^\[(.+)\]\((.+)\)$/.exec(piece);
  if (link?.[1] !== undefined && link[2] !== undefined && isSafeUrl(link[2]))
    return <Link url={link[2]}>{link[1]}</Link>;
  return piece;
}
