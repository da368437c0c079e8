/**
 * Slack's mrkdwn as a tree. Styles hold within a line and between word boundaries (`2*3*4` is not bold), and everything
 * in angle brackets is Slack's own: links, mentions, dates. Text never becomes HTML; React draws the tree.
 */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly inside: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'emoji'; readonly name: string }
  | { readonly kind: 'link'; readonly url: string; readonly text: string }
  | { readonly kind: 'user' | 'channel'; readonly id: string; readonly label?: string }
  | { readonly kind: 'broadcast'; readonly name: string }
  | { readonly kind: 'date'; readonly seconds: number; readonly format: string; readonly fallback: string };

export type Paragraph =
  | { readonly kind: 'lines'; readonly inside: readonly Inline[] }
  | { readonly kind: 'quote'; readonly inside: readonly Inline[] }
  | { readonly kind: 'pre'; readonly text: string };

const STYLES: Readonly<Record<string, 'bold' | 'italic' | 'strike'>> = { '*': 'bold', _: 'italic', '~': 'strike' };

/** Undoes Slack's three escapes. */
export function unescapeText(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Whether a link may be followed: nothing but the web and mail. */
export function isSafeUrl(url: string): boolean {
  return /^(?:https?:\/\/|mailto:)/i.test(url);
}

/** Reads a mrkdwn text. Never throws; what is not understood stays as text. */
export function readMrkdwn(text: string): Paragraph[] {
  return text.split(/```\n?([\s\S]*?)```\n?/).flatMap((part, index): Paragraph[] => {
    if (index % 2 === 1) return [{ kind: 'pre', text: unescapeText(stripLinks(part)).replace(/\n$/, '') }];
    return part === '' ? [] : readLines(part);
  });
}

/** In preformatted text Slack shows a link as its text. */
function stripLinks(text: string): string {
  return text.replaceAll(/<(https?:[^|>]+)(?:\|([^>]*))?>/g, (_whole, url: string, label?: string) => label ?? url);
}

function readLines(text: string): Paragraph[] {
  const groups: { quoted: boolean; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const quoted = /^(?:>|&gt;)/.test(line);
    const last = groups.at(-1);
    const content = quoted ? line.replace(/^(?:>|&gt;) ?/, '') : line;
    if (last?.quoted === quoted) last.lines.push(content);
    else groups.push({ quoted, lines: [content] });
  }
  const full = groups.filter((group) => group.quoted || group.lines.some((line) => line !== ''));
  return full.map((group) => {
    const content = group.lines.join('\n').replaceAll(/^\n|\n$/g, '');
    return { kind: group.quoted ? 'quote' : 'lines', inside: readInline(content) };
  });
}

/** Reads styles, links, mentions and emoji within one paragraph. */
export function readInline(text: string): Inline[] {
  const found: Inline[] = [];
  let plain = '';
  let at = 0;
  while (at < text.length) {
    const piece = readPiece(text, at);
    if (piece === undefined) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (plain !== '') found.push({ kind: 'text', text: unescapeText(plain) });
    plain = '';
    found.push(piece.node);
    at = piece.end;
  }
  if (plain !== '') found.push({ kind: 'text', text: unescapeText(plain) });
  return found;
}

type Piece = { readonly node: Inline; readonly end: number };

function readPiece(text: string, at: number): Piece | undefined {
  const mark = text[at] ?? '';
  if (mark === '<') return readAngle(text, at);
  if (mark === '`') return readCode(text, at);
  if (mark === ':') return readEmoji(text, at);
  return mark in STYLES ? readStyle(text, at, mark) : undefined;
}

function readCode(text: string, at: number): Piece | undefined {
  const found = /^`([^`\n]+)`/.exec(text.slice(at));
  if (found?.[1] === undefined) return undefined;
  return { node: { kind: 'code', text: unescapeText(stripLinks(found[1])) }, end: at + found[0].length };
}

function readEmoji(text: string, at: number): Piece | undefined {
  const found = /^:([a-z0-9_+-]+):/.exec(text.slice(at));
  return found?.[1] === undefined ? undefined : { node: { kind: 'emoji', name: found[1] }, end: at + found[0].length };
}

function readStyle(text: string, at: number, mark: string): Piece | undefined {
  const kind = STYLES[mark];
  if (kind === undefined || /\w/.test(text[at - 1] ?? '') || /^\s?$/.test(text[at + 1] ?? '')) return undefined;
  for (let end = text.indexOf(mark, at + 2); end > 0; end = text.indexOf(mark, end + 1)) {
    const inside = text.slice(at + 1, end);
    if (inside.includes('\n')) return undefined;
    if (/\s$/.test(inside) || /\w/.test(text[end + 1] ?? '')) continue;
    return { node: { kind, inside: readInline(inside) }, end: end + 1 };
  }
  return undefined;
}

function readAngle(text: string, at: number): Piece | undefined {
  const close = text.indexOf('>', at);
  const inside = close < 0 ? '' : text.slice(at + 1, close);
  if (inside === '' || inside.includes('\n')) return undefined;
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? undefined : unescapeText(inside.slice(bar + 1));
  const node = angleNode(target, label);
  return node === undefined ? undefined : { node, end: close + 1 };
}

function angleNode(target: string, label: string | undefined): Inline | undefined {
  const named = label === undefined ? {} : { label };
  if (/^@[UW]\w+$/.test(target)) return { kind: 'user', id: target.slice(1), ...named };
  if (/^#C\w+$/.test(target)) return { kind: 'channel', id: target.slice(1), ...named };
  const date = /^!date\^(\d+)\^([^^]+)/.exec(target);
  if (date?.[1] !== undefined && date[2] !== undefined) {
    return { kind: 'date', seconds: Number(date[1]), format: date[2], fallback: label ?? '' };
  }
  if (/^!(?:here|channel|everyone)$/.test(target)) return { kind: 'broadcast', name: target.slice(1) };
  if (target.startsWith('!subteam^')) return { kind: 'broadcast', name: label?.replace(/^@/, '') ?? target.slice(9) };
  const url = unescapeText(target);
  return isSafeUrl(url) ? { kind: 'link', url, text: label ?? url } : undefined;
}
