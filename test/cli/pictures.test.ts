import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWords } from '../../src/cli/words.ts';
import { demoHome, type Folder, runBackcourt, temporaryFolder } from '../support/run-backcourt.ts';

let home: Folder;
let files: Folder;
beforeAll(async () => {
  [home, files] = [await demoHome(), temporaryFolder()];
}, 120_000);
afterAll(() => {
  home.remove();
  files.remove();
});

const run = (words: string) => runBackcourt([...words.split(' '), '--home', home.path]);

describe('backcourt coverage', () => {
  it('writes both pictures, says so beside the data, and prints the data as ever', async () => {
    const [png, svg] = [join(files.path, 'november.png'), join(files.path, 'november.svg')];
    const ran = await run(`coverage mlfs,pgs 2021-11-01 2021-11-30 --png ${png} --svg ${svg} --json`);
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.out)).toMatchObject({ from: '2021-11-01', to: '2021-11-30' });
    expect(ran.err).toMatch(new RegExp(`Wrote ${svg} \\(\\d+ kB\\)\nWrote ${png} \\(\\d+ kB\\)`));
    expect([...readFileSync(png).subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
    expect(readFileSync(svg, 'utf8')).toMatch(/<title>pgs, 16 Nov 2021: missing \(never run\), 0 rows<\/title>/);
  });

  it('draws the rows of one table with --trend', async () => {
    const svg = join(files.path, 'trend.svg');
    const ran = await run(`coverage pgs 2021-11-01 2021-11-30 --trend --svg=${svg}`);
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/^pgs: \d+ of \d+ dates complete/);
    expect(readFileSync(svg, 'utf8')).toContain('Rows per date · 1-30 Nov 2021');
  });

  it('refuses a trend of several tables, with a command that works', async () => {
    const png = join(files.path, 'none.png');
    const ran = await run(`coverage mlfs,pgs 2021-11-01 2021-11-30 --trend --png ${png}`);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(`Try: backcourt coverage mlfs 2021-11-01..2021-11-30 --trend --png ${png}`);
    expect(existsSync(png)).toBe(false);
  });

  it('prints one document, that of a fault, where a picture cannot be written', async () => {
    const png = join(files.path, 'no', 'such', 'folder.png');
    const ran = await run(`coverage pgs 2021-11-01 --json --png ${png}`);
    expect(ran.code).toBe(3);
    expect(JSON.parse(ran.out)).toMatchObject({
      error: { kind: 'fault', message: `${png} could not be written (ENOENT)`, try: expect.stringContaining('folder') },
    });
  });
});

describe('the words of a picture', () => {
  const read = (words: string) => readWords(words.split(' '));

  it('name files where the terminal stands, whoever writes them', () => {
    const named = read('coverage mlfs 2021-11-16 --png a.png --svg=sub/b.svg');
    expect(named).toMatchObject({ png: resolve('a.png'), svg: resolve('sub/b.svg'), trend: false });
    expect(named).toMatchObject({ rest: ['mlfs', '2021-11-16'] });
  });

  it.each([
    ['why mlfs 2021-11-16 --png a.png', '--png belongs to coverage, not to why.'],
    ['plan mlfs 2021-11-16 --trend', '--trend belongs to coverage, not to plan.'],
    ['coverage mlfs 2021-11-16 --trend', '--trend draws a picture, and no file is named for it'],
    ['coverage mlfs 2021-11-16 --png', '--png needs a value'],
    ['coverage mlfs 2021-11-16 --png --json', '--png needs a value'],
  ])('are refused: %s', (words, message) => {
    expect(read(words)).toMatchObject({ refused: true, message: expect.stringContaining(message) });
  });
});
