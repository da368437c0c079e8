import { describe, expect, it } from 'vitest';
import { knownNames } from '../../src/tasks/known-names.ts';

describe('known names', () => {
  it('remember an unfinished name whatever follows it', () => {
    const names = knownNames(3);
    names.add('first');
    for (let i = 0; i < 20; i++) {
      names.add(`n${i}`);
      names.finish(`n${i}`);
    }
    expect(names.add('first')).toBe(false);
  });

  it('remember at least the last finished names and forget older ones', () => {
    const names = knownNames(3);
    for (let i = 0; i < 20; i++) {
      names.add(`n${i}`);
      names.finish(`n${i}`);
    }
    expect(['n17', 'n18', 'n19'].map((name) => names.add(name))).toEqual([false, false, false]);
    expect(names.add('n0')).toBe(true);
  });
});
