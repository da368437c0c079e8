/**
 * A message as a person reads it, without Slack: for golden texts. Headings get a rule, tables are aligned, buttons stand
 * in brackets with the id that they carry. A block or piece that it does not know is an error, not a blank.
 */
import type { KnownBlock, RichTextBlock, RichTextElement } from '@slack/web-api';
import type { Message } from '../../src/messages/message.ts';

/** Blocks as plain text, then the fallback text as a notification shows it. */
export function renderText(message: Message): string {
  const shown = message.blocks.map(renderBlock).join('\n\n');
  return `${shown}\n\n--- notification ---\n${message.text}\n`;
}

/** Only what the blocks show. */
export function renderBlocks(message: Message): string {
  return message.blocks.map(renderBlock).join('\n\n');
}

function renderBlock(block: KnownBlock): string {
  switch (block.type) {
    case 'header':
      return `${block.text.text}\n${'='.repeat([...block.text.text].length)}`;
    case 'rich_text':
      return block.elements.map(renderSection).join('\n');
    case 'table':
      return renderTable(
        block.rows.map((row) => row.map((cell) => (cell.type === 'raw_text' ? cell.text : unknownPiece(cell.type)))),
      );
    case 'image':
      return `[picture: ${block.alt_text}]`;
    case 'context':
      return block.elements
        .map((element) => `(${'text' in element ? element.text : unknownPiece(element.type)})`)
        .join('\n');
    case 'actions':
      return block.elements
        .map((element) =>
          element.type === 'button' ? `[ ${element.text.text} -> ${element.value} ]` : unknownPiece(element.type),
        )
        .join('  ');
    default:
      return unknownPiece(block.type);
  }
}

function renderSection(element: RichTextBlock['elements'][number]): string {
  if (element.type === 'rich_text_section') return renderPieces(element.elements);
  if (element.type === 'rich_text_preformatted') return indent(renderPieces(element.elements), '    ');
  if (element.type !== 'rich_text_list') return unknownPiece(element.type);
  return element.elements
    .map((item, index) => {
      const mark = element.style === 'ordered' ? `${index + 1}.` : '•';
      return `${'  '.repeat(element.indent ?? 0)}${mark} ${renderPieces(item.elements)}`;
    })
    .join('\n');
}

function renderPieces(pieces: readonly RichTextElement[]): string {
  return pieces.map(renderPiece).join('');
}

function renderPiece(piece: RichTextElement): string {
  if (piece.type === 'text') {
    if (piece.style?.bold) return `*${piece.text}*`;
    if (piece.style?.strike) return `~${piece.text}~`;
    return piece.style?.code ? `\`${piece.text}\`` : piece.text;
  }
  if (piece.type === 'user') return `@${piece.user_id}`;
  if (piece.type === 'usergroup') return `@${piece.usergroup_id}`;
  if (piece.type === 'channel') return `#${piece.channel_id}`;
  if (piece.type === 'link') return `[${piece.text}](${piece.url})`;
  if (piece.type === 'date') return piece.fallback ?? '';
  return unknownPiece(piece.type);
}

function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)));
  return rows
    .map((row) => `| ${row.map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - [...cell].length)).join(' | ')} |`)
    .join('\n');
}

function indent(text: string, by: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : by + line))
    .join('\n');
}

function unknownPiece(type: string): never {
  throw new Error(`renderText does not know ${type}`);
}
