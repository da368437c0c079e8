import { describe, expect, test } from 'vitest';
import { buttons, compose, grid, lines, note, picture, title } from '../../src/messages/blocks.ts';
import { limits, lintMessage } from '../../src/messages/limits.ts';
import type { Message } from '../../src/messages/message.ts';
import { clip, code, escapeMrkdwn, person, toMrkdwn } from '../../src/messages/words.ts';

const plain = (over: Partial<Message>): Message => ({ ...compose([lines(['fine'])]), ...over });

describe('the lint', () => {
  test('has nothing to say of a small message', () => {
    expect(lintMessage(compose([title('Title'), lines(['a']), grid('b'), note('c')]))).toEqual([]);
  });

  test('names what Slack refuses, and where', () => {
    expect(lintMessage(plain({ text: '' }))).toEqual(['text: empty']);
    expect(lintMessage(plain({ text: 'see <!channel>' }))).toEqual(['text: calls a whole channel']);
    expect(lintMessage(plain({ blocks: Array.from({ length: 21 }, () => ({ type: 'divider' as const })) }))).toEqual([
      'blocks: 21, at most 20',
    ]);
    expect(
      lintMessage(plain({ blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(101) } }] })),
    ).toEqual(['blocks[0] header: 101 characters, at most 100']);
    expect(lintMessage(plain({ blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '' } }] }))).toEqual([
      'blocks[0] section: empty',
    ]);
    expect(lintMessage(plain({ blocks: [{ type: 'image', image_url: 'x', alt_text: 'x' }] }))).toEqual([
      'blocks[0] image: not a file of Slack',
    ]);
  });

  test('knows pictures that Slack has, each with words of a length that it takes', () => {
    const shown = (alt: string) => lintMessage(compose([lines(['x']), picture({ file: 'F000000001', alt })]));
    expect(shown('A map of nothing.')).toEqual([]);
    expect(shown('long '.repeat(400))).toEqual([]);
    expect(shown('')).toEqual(['blocks[1] image: empty']);
  });

  test('sees tables that are too long, ragged, or have empty cells', () => {
    const table = (rows: string[][]): Message =>
      plain({ blocks: [{ type: 'table', rows: rows.map((row) => row.map((text) => ({ type: 'raw_text', text }))) }] });
    expect(lintMessage(table([['a', 'b'], ['c']]))).toEqual(['blocks[0] table: rows of different length']);
    expect(lintMessage(table([['a'], ['']]))).toEqual(['blocks[0] table: an empty cell']);
    expect(lintMessage(table(Array.from({ length: 32 }, () => ['a'])))).toEqual([
      'blocks[0] table: 32 rows, at most 31',
    ]);
  });

  test('sees buttons without a value, and two with one action id', () => {
    const offer = { action: 'a', text: 'A', value: 'id' };
    expect(lintMessage(compose([lines(['x']), buttons({ ...offer, value: '' })]))).toEqual([
      'blocks[1] button value: empty',
    ]);
    expect(lintMessage(compose([lines(['x']), buttons(offer, offer)]))).toEqual([
      'blocks[1] actions: two elements with one action id',
    ]);
  });

  test('measures all blocks together in bytes', () => {
    const message = compose([lines(['x']), ...Array.from({ length: 3 }, () => grid('■'.repeat(limits.section / 2)))]);
    expect(lintMessage(message)).toEqual([expect.stringMatching(/^blocks: \d+ bytes of JSON, at most 11000$/)]);
  });
});

describe('text of other people', () => {
  test('keeps its letters and loses its meaning to Slack', () => {
    expect(escapeMrkdwn('<!channel> & <@U1> a_b')).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt; a_b');
    expect(escapeMrkdwn('*x* `y` ~z~ _w_')).not.toMatch(/[*`~]|(^|\s)_/);
  });

  test('cannot close the code span it stands in', () => {
    expect(toMrkdwn([code('/backfill x --reason "`<!here>`"')])).toBe('`/backfill x --reason "ˋ&lt;!here&gt;ˋ"`');
  });

  test('is a mention only where it is an id', () => {
    expect(toMrkdwn([person('U012ABCDEF')])).toBe('<@U012ABCDEF>');
    expect(toMrkdwn([person('U012> <!here')])).toBe('U012&gt; &lt;!here');
  });

  test('is cut between letters, not inside one', () => {
    expect(clip('👍👍👍', 2)).toBe('👍…');
    expect(clip('a\u202eb\u0000c\nd', 10)).toBe('abc d');
  });
});
