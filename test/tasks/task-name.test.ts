import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { taskName } from '../../src/tasks/task-name.ts';

describe('a task name', () => {
  it('begins with eight digits of a hash and can be read', () => {
    expect(taskName(['b1', 'mlfs', '2022-01-01', 2])).toMatch(/^[0-9a-f]{8}-b1-mlfs-2022-01-01-2$/);
  });

  it('is the same for the same parts, in this process and the next', () => {
    const hash = createHash('sha256').update('["b1","mlfs","2"]').digest('hex');
    expect(taskName(['b1', 'mlfs', 2])).toBe(`${hash.slice(0, 8)}-b1-mlfs-2`);
  });

  it('differs where the parts differ only in where they are cut', () => {
    expect(taskName(['a-b', 'c'])).not.toBe(taskName(['a', 'b-c']));
  });

  it('differs where the parts differ only in characters that cannot be written, or far behind', () => {
    expect(taskName(['a b'])).not.toBe(taskName(['a_b']));
    const long = 'x'.repeat(600);
    expect(taskName([long, 1])).not.toBe(taskName([long, 2]));
  });

  it('is a name that a queue takes, whatever the parts', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer())), (parts) => {
        expect(taskName(parts)).toMatch(/^[0-9a-f]{8}-[A-Za-z0-9_-]{0,491}$/);
      }),
      { numRuns: 40 },
    );
  });
});
