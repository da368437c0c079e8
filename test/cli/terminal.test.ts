import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { csvLine, layOut } from '../../src/cli/output.ts';
import { readWords } from '../../src/cli/words.ts';

describe('the output of a command', () => {
  it('may be cut off by its reader', async () => {
    const child = spawn(process.execPath, ['bin/backcourt.js', 'help']);
    child.stdout.destroy();
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    const [code] = await once(child, 'close');
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('is laid out in columns, and goes on below where the terminal ends', () => {
    expect(
      layOut(
        [
          ['a', 'bb'],
          ['ccc', 'd'],
        ],
        80,
      ),
    ).toEqual(['a    bb', 'ccc  d']);
    expect(layOut([['a'.repeat(30)]], 20)).toEqual(['a'.repeat(20), `    ${'a'.repeat(10)}`]);
    expect(layOut([['pgs', 'never ran on 16, 18 and 21 November']], 32)).toEqual([
      'pgs  never ran on 16, 18 and 21',
      '     November',
    ]);
  });

  it('is CSV that a spreadsheet takes for text', () => {
    expect(csvLine(['a,b', 'say "x"', null, 3, '=1+1', '-5', 'two\nlines'])).toBe(
      `"a,b","say ""x""",,3,'=1+1,'-5,"two\nlines"`,
    );
    expect(csvLine([-5, 0])).toBe('-5,0');
  });
});

describe('the words of a command', () => {
  it('have options of the terminal anywhere, and the rest in their order', () => {
    expect(
      readWords(['--json', 'coverage', 'mlfs', '--home', 'h', 'nov 2021', '--pipeline=p.yml', '--dates']),
    ).toMatchObject({
      ...{ command: 'coverage', rest: ['mlfs', 'nov 2021', '--dates'], json: true, csv: false, failOnGap: false },
      ...{ empty: false, home: 'h', pipeline: 'p.yml' },
    });
    expect(readWords([])).toMatchObject({ command: 'help' });
    expect(readWords(['-h'])).toMatchObject({ command: 'help' });
  });

  it('are refused when an option lacks its value or there is no such command', () => {
    expect(readWords(['coverage', '--home'])).toMatchObject({ refused: true, message: '--home needs a value.' });
    expect(readWords(['coverage', '--home', '--json'])).toMatchObject({ refused: true });
    expect(readWords(['frobnicate'])).toMatchObject({ refused: true, try: 'backcourt help' });
  });
});
