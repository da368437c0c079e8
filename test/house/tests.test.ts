/** Rules for the tests themselves. */
import { describe, expect, it } from 'vitest';
import { readTree } from './read-tree.ts';
import { findSilenced, findTwins } from './scan-tests.ts';

const tests = readTree(['test'], ['.test.ts', '.test.tsx']);

describe('the tests', () => {
  it('have names of their own within a file', () => {
    expect(tests.size).toBeGreaterThan(3);
    expect(findTwins(tests)).toEqual([]);
  });

  it('are neither alone nor switched off, and say on which machines they do not run', () => {
    expect(findSilenced(tests)).toEqual([]);
  });
});

describe('the scanner of tests', () => {
  const dots = '.';

  it('finds two tests of one name, but not in two groups', () => {
    const twins =
      "describe('a', () => {\n  it('x', f);\n  it('x', f);\n});\ndescribe('b', () => {\n  it('x', f);\n});\n";
    expect(findTwins(new Map([['a.test.ts', twins]]))).toEqual(['a.test.ts: a > x']);
  });

  it('finds a test that is alone, one that is off, and one that is off without a word', () => {
    const alone = `it${dots}only('x', f);\n`;
    const off = `describe${dots}skip('x', f);\n`;
    const quiet = `it${dots}skipIf(true)('x', f);\n`;
    expect(findSilenced(new Map([['a.test.ts', alone + off]]))).toHaveLength(2);
    expect(findSilenced(new Map([['b.test.ts', quiet]]))).toEqual(['b.test.ts skips without printing why']);
    expect(findSilenced(new Map([['c.test.ts', `${quiet}console.log('no x here');`]]))).toEqual([]);
  });
});
