/** The page's reading of mrkdwn, where it is easy to be almost right. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Inline, type Paragraph, readInline, readMrkdwn } from '../../workspace/page/mrkdwn.ts';

/** A short notation: bold is [bold ...], a link is [link url text]. */
function say(node: Inline | Paragraph): string {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'link':
      return `[link ${node.url} ${node.text}]`;
    case 'code':
    case 'pre':
      return `[${node.kind} ${node.text}]`;
    case 'emoji':
    case 'broadcast':
      return `[${node.kind} ${node.name}]`;
    case 'user':
    case 'channel':
      return `[${node.kind} ${node.id}]`;
    case 'date':
      return `[date ${node.seconds} ${node.format}]`;
    default:
      return `[${node.kind} ${node.inside.map(say).join('')}]`;
  }
}

const inline = (text: string) => readInline(text).map(say).join('');

describe('mrkdwn', () => {
  it.each([
    ['*mlfs*: 14 of 28', '[bold mlfs]: 14 of 28'],
    ['_a *b* c_', '[italic a [bold b] c]'],
    ['~gone~ `code *x*`', '[strike gone] [code code *x*]'],
    ['2*3*4 and a_b_c', '2*3*4 and a_b_c'],
    ['* not bold *', '* not bold *'],
    ['*over\ntwo lines*', '*over\ntwo lines*'],
    ['<https://x.example/a?b=1&amp;c=2|here>', '[link https://x.example/a?b=1&c=2 here]'],
    ['<javascript:alert(1)|here>', '<javascript:alert(1)|here>'],
    ['<@U0MAYACHEN> in <#C0PIPELINE|data>', '[user U0MAYACHEN] in [channel C0PIPELINE]'],
    ['<!channel> <!here>', '[broadcast channel] [broadcast here]'],
    ['<!date^1637020800^{date_num}^https://x.example|16 Nov>', '[date 1637020800 {date_num}]'],
    ['&lt;!channel&gt; &amp;lt;', '<!channel> &lt;'],
    [':mag: at 10:30:00', '[emoji mag] at 10[emoji 30]00'],
  ])('%s', (text, expected) => {
    expect(inline(text)).toBe(expected);
  });

  it('parts preformatted text and quotes from lines', () => {
    const text = 'before\n```\na  <https://x.example|b>\n```\n&gt; quoted\n> too\nafter';
    expect(readMrkdwn(text).map(say)).toEqual(['[lines before]', '[pre a  b]', '[quote quoted\ntoo]', '[lines after]']);
  });

  it('never throws and never loses plain words', () => {
    const piece = fc.constantFrom('*', '_', '~', '`', '```', '<', '>', '|', ':', '\n', ' ', '&lt;', '@U1', '!', 'word');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const words = (value: string) => value.match(/word/g)?.length ?? 0;
        expect(words(readMrkdwn(text).map(say).join('\n'))).toBeGreaterThanOrEqual(
          words(text.replaceAll(/<[^>]*>/g, '')),
        );
      }),
    );
  });
});
