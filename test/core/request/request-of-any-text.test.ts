import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseText } from '../../../src/core/request/normalise-text.ts';
import { isRefusal } from '../../../src/fault.ts';
import { anyText, shaped, steered } from '../../fuzz/any-request.ts';
import { readAny } from '../../support/read-requests.ts';

const runs = { numRuns: 2000 };

/** What holds for any of them is a target in `test/fuzz/targets.ts`. */
describe('any text at all', () => {
  it('is not all refused here, or the above would say nothing', () => {
    const read = fc.sample(shaped, { numRuns: 300, seed: 1 }).filter((text) => !isRefusal(readAny('/coverage', text)));
    expect(read.length).toBeGreaterThan(75);
  });

  it('steers backfills here, or the above would not be said of it', () => {
    const read = fc.sample(steered, { numRuns: 300, seed: 1 }).map((text) => readAny('/backfill', text));
    const verbs = new Set(read.flatMap((reading) => (isRefusal(reading) ? [] : [reading.verb])));
    expect([...verbs].sort()).toEqual(
      expect.arrayContaining(['approve', 'cancel', 'deny', 'handover', 'pause', 'resume', 'retry']),
    );
  });

  it('is normalised once and for all', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(normaliseText(normaliseText(text))).toBe(normaliseText(text));
      }),
      runs,
    );
  });
});
