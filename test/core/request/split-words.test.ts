import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseText } from '../../../src/core/request/normalise-text.ts';
import { quoteArgument } from '../../../src/core/request/request.ts';
import { isProblem, splitWords } from '../../../src/core/request/split-words.ts';
import { launched } from '../../support/read-requests.ts';

describe('arguments of a command line', () => {
  it('come through joining and splitting as they were', () => {
    const words = fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 5 });
    fc.assert(
      fc.property(words, (args) => {
        const split = splitWords(args.map(quoteArgument).join(' '));
        if (isProblem<string>(split)) throw new Error(split.problem);
        expect(split.map((word) => word.text)).toEqual(args.map(normaliseText));
      }),
    );
  });

  it('keep a reason together, however it was given', () => {
    for (const argv of [
      ['mlfs', '2021-11-16', '--reason', 'late, "odd" data'],
      ['mlfs', '2021-11-16', '--reason=late, "odd" data'],
    ]) {
      expect(launched(argv.map(quoteArgument).join(' ')).options.reason).toBe('late, "odd" data');
    }
    expect(launched(['mlfs', '2021-11-16,2021-11-18'].map(quoteArgument).join(' ')).when.dates).toHaveLength(2);
  });
});
