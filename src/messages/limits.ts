/**
 * Slack's limits with our margins, in one place, and the lint that names every violation. Some of Slack's limits are not
 * documented (the size of all blocks together), and Slack answers a violation by dropping the whole message.
 */
import type { KnownBlock } from '@slack/web-api';
import type { Message } from './message.ts';

export const limits = {
  blocks: 20,
  /** Bytes of all blocks as JSON; Slack refuses somewhere above 12 kB. */
  blocksJson: 11_000,
  section: 2_800,
  header: 100,
  tableRows: 31,
  tableColumns: 7,
  /** Characters in all cells; Slack's own is 10,000. */
  tableText: 7_000,
  buttons: 4,
  buttonText: 75,
  buttonValue: 100,
  contextElements: 8,
  /** Characters in place of a picture; Slack's own is 2,000. */
  altText: 1_000,
  /** Characters of the fallback text; Slack advises 4,000. */
  text: 3_000,
} as const;

/** Everything in a message that Slack would refuse or that passes our margins; empty when it may be sent. */
export function lintMessage(message: Message): string[] {
  const size = new TextEncoder().encode(JSON.stringify(message.blocks)).length;
  return [
    ...when(message.text.trim() === '', 'text: empty'),
    ...when(message.text.length > limits.text, `text: ${message.text.length} characters, at most ${limits.text}`),
    ...when(callsChannel(message.text), 'text: calls a whole channel'),
    ...when(message.blocks.length > limits.blocks, `blocks: ${message.blocks.length}, at most ${limits.blocks}`),
    ...when(size > limits.blocksJson, `blocks: ${size} bytes of JSON, at most ${limits.blocksJson}`),
    ...when(message.blocks.filter((block) => block.type === 'table').length > 1, 'blocks: more than one table'),
    ...message.blocks.flatMap((block, index) => lintBlock(block).map((problem) => `blocks[${index}] ${problem}`)),
  ];
}

/** A user group is called where it has to answer: its id stands in the pipeline file, and no text of a person makes one. */
function callsChannel(text: string): boolean {
  return /<!(?!subteam\^S[A-Z0-9]{6,20}>)/.test(text);
}

function when(wrong: boolean, problem: string): string[] {
  return wrong ? [problem] : [];
}

function lintLength(name: string, text: string, max: number): string[] {
  return [
    ...when(text === '', `${name}: empty`),
    ...when(text.length > max, `${name}: ${text.length} characters, at most ${max}`),
  ];
}

function lintBlock(block: KnownBlock): string[] {
  switch (block.type) {
    case 'header':
      return lintLength('header', block.text.text, limits.header);
    case 'section':
      return lintLength('section', block.text?.text ?? '', limits.section);
    case 'rich_text':
      return lintRichText(block);
    case 'table':
      return lintTable(block);
    case 'context':
      return lintContext(block);
    case 'actions':
      return lintActions(block);
    case 'image':
      return lintImage(block);
    case 'divider':
      return [];
    default:
      return [`${block.type}: not a block that we post`];
  }
}

type Block<T extends KnownBlock['type']> = Extract<KnownBlock, { type: T }>;

/** Slack cannot fetch from where we run, so only files that it has are shown. */
function lintImage(block: Block<'image'>): string[] {
  const file = 'slack_file' in block && block.slack_file !== undefined && 'id' in block.slack_file;
  return file ? lintLength('image', block.alt_text, limits.altText) : ['image: not a file of Slack'];
}

function lintContext(block: Block<'context'>): string[] {
  return [
    ...when(block.elements.length > limits.contextElements, `context: ${block.elements.length} elements`),
    ...block.elements.flatMap((element) =>
      'text' in element ? lintLength('context', element.text, limits.section) : [],
    ),
    ...when(callsChannel(JSON.stringify(block)), 'context: calls a whole channel'),
  ];
}

function lintRichText(block: Block<'rich_text'>): string[] {
  const problems = when(block.elements.length === 0, 'rich_text: empty');
  for (const element of block.elements) {
    const sections = element.type === 'rich_text_list' ? element.elements : [element];
    for (const section of sections) {
      const text = section.elements.map((piece) => ('text' in piece && piece.text !== undefined ? piece.text : ' '));
      problems.push(...lintLength(section.type, text.join(''), limits.section));
      problems.push(...when(text.includes(''), `${section.type}: an empty piece of text`));
      const calls = section.elements.some((piece) => piece.type === 'broadcast');
      problems.push(...when(calls, `${section.type}: calls a whole channel`));
    }
  }
  return problems;
}

function lintTable(block: Block<'table'>): string[] {
  const cells = block.rows.flat().map((cell) => (cell.type === 'raw_text' ? cell.text : ''));
  const width = block.rows[0]?.length ?? 0;
  const text = cells.join('').length;
  return [
    ...when(block.rows.length > limits.tableRows, `table: ${block.rows.length} rows, at most ${limits.tableRows}`),
    ...when(width > limits.tableColumns, `table: ${width} columns, at most ${limits.tableColumns}`),
    ...when(
      block.rows.some((row) => row.length !== width),
      'table: rows of different length',
    ),
    ...when(cells.includes(''), 'table: an empty cell'),
    ...when(text > limits.tableText, `table: ${text} characters, at most ${limits.tableText}`),
  ];
}

function lintActions(block: Block<'actions'>): string[] {
  const ids = block.elements.map((element) => element.action_id);
  return [
    ...when(block.elements.length === 0, 'actions: empty'),
    ...when(
      block.elements.length > limits.buttons,
      `actions: ${block.elements.length} elements, at most ${limits.buttons}`,
    ),
    ...when(new Set(ids).size !== ids.length, 'actions: two elements with one action id'),
    ...block.elements.flatMap((element) =>
      element.type === 'button'
        ? [
            ...lintLength('button text', element.text.text, limits.buttonText),
            ...lintLength('button value', element.value ?? '', limits.buttonValue),
          ]
        : [`actions: a ${element.type}, which we do not post`],
    ),
  ];
}
