import { describe, expect, it } from 'vitest';
import { readWords } from '../../src/cli/words.ts';
import { isRefusal, type Refusal } from '../../src/fault.ts';

const read = (...argv: string[]) => readWords(argv);

function refused(...argv: string[]): Refusal {
  const words = read(...argv);
  if (!isRefusal(words)) throw new Error(JSON.stringify(words));
  return words;
}

/** The arguments of a suggestion, as a shell would part them. */
function retype(refusal: Refusal): string[] {
  const parts = [...(refusal.try ?? '').matchAll(/"([^"]*)"|(\S+)/g)].map((part) => part[1] ?? part[2] ?? '');
  expect(parts[0]).toBe('backcourt');
  return parts.slice(1);
}

describe('an option of the terminal', () => {
  it.each([
    ['why mlfs 2021-11-16 --csv', /--csv belongs to coverage, not to why/, 'backcourt why mlfs 2021-11-16'],
    ['plan mlfs 2021-11-16 --png a.png', /--png belongs to coverage/, 'backcourt plan mlfs 2021-11-16'],
    ['quality --svg=a.svg mlfs 2021-11-16', /--svg belongs to coverage/, 'backcourt quality mlfs 2021-11-16'],
    [
      'backfill mlfs 2021-11-16 --fail-on-gap',
      /--fail-on-gap belongs to coverage/,
      'backcourt backfill mlfs 2021-11-16',
    ],
    ['status --trend', /--trend belongs to coverage, not to status/, 'backcourt status'],
    ['pause b1 --csv --json', /--csv belongs to coverage/, 'backcourt pause b1 --json'],
    ['why mlfs 2021-11-16 --out a.yml', /--out belongs to init/, 'backcourt why mlfs 2021-11-16'],
    ['serve --json', /--json belongs to coverage, why, .*, not to serve/, 'backcourt serve'],
    ['help --csv', /--csv belongs to coverage, not to help/, 'backcourt help'],
    [
      'coverage mlfs 2021-11-16 --csv --json',
      /two forms of the same data/,
      'backcourt coverage mlfs 2021-11-16 --json',
    ],
    [
      'coverage mlfs 2021-11-16 --trend',
      /no file is named/,
      'backcourt coverage mlfs 2021-11-16 --trend --png trend.png',
    ],
    [
      'coverage --png a.png mlfs --png b.png 2021-11-16',
      /--png is given twice/,
      'backcourt coverage --png a.png mlfs 2021-11-16',
    ],
    ['check mlfs', /check takes no words, and there are: mlfs/, 'backcourt check'],
  ])('that does not fit is refused, with the command without it: %s', (line, message, better) => {
    const refusal = refused(...line.split(' '));
    expect(refusal.message).toMatch(message);
    expect(refusal.try).toBe(better);
    expect(isRefusal(read(...retype(refusal)))).toBe(false);
  });

  it('leaves words with spaces together in what is suggested', () => {
    const refusal = refused('why', 'mlfs', 'nov 2021', '--csv');
    expect(refusal.try).toBe('backcourt why mlfs "nov 2021"');
    expect(retype(refusal)).toEqual(['why', 'mlfs', 'nov 2021']);
  });

  it('is read with the dash of a document and in capitals', () => {
    expect(read('coverage', 'mlfs', '2021-11-16', '\u2014json', '--FAIL-ON-GAP')).toMatchObject({
      json: true,
      failOnGap: true,
      rest: ['mlfs', '2021-11-16'],
    });
  });

  it('may stand before the command', () => {
    expect(read('--json', '--home', 'h', 'pause', '#B1', '--reason', 'it is late')).toMatchObject({
      command: 'pause',
      rest: ['#B1', '--reason', 'it is late'],
      json: true,
      home: 'h',
    });
  });
});
