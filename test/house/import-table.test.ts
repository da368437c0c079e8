/** The directions of docs/architecture.md, held on the tree itself, and shown to bite on a planted bad one. */
import { describe, expect, it } from 'vitest';
import { findAmbient, findForbidden, layerOf } from './import-table.ts';
import { findCircles, readEdges, readTree } from './read-tree.ts';

const tree = readTree(['src', 'handlers', 'jobs', 'pipelines', 'workspace'], ['.ts', '.tsx']);

describe('the import table', () => {
  it('is kept by every file', () => {
    expect(findForbidden(tree)).toEqual([]);
  });

  it('knows the layer of every file', () => {
    expect([...tree.keys()].filter((file) => layerOf(file) === 'outside')).toEqual([]);
  });

  it('leads from every relative import to a file that exists', () => {
    const code = readEdges(tree).filter((edge) => !edge.outside && edge.to.endsWith('.ts'));
    expect(code.length).toBeGreaterThan(50);
    expect(code.filter((edge) => !tree.has(edge.to)).map((edge) => `${edge.from} -> ${edge.to}`)).toEqual([]);
  });

  it('has no circles, not even through types', () => {
    expect(findCircles(readEdges(tree))).toEqual([]);
  });

  it('leaves the environment, the clock and chance to the edge', () => {
    expect(findAmbient(tree)).toEqual([]);
  });
});

describe('the scanner', () => {
  it.each([
    ['core reads a file', 'src/core/judge/judge.ts', "import { readFileSync } from 'node:fs';"],
    ['core takes even types of a vendor', 'src/core/judge/judge.ts', "import type { Logger } from 'pino';"],
    ['core sees a port', 'src/core/judge/judge.ts', "import type { Warehouse } from '../../warehouse/warehouse.ts';"],
    ['a port sees an adapter through a type', 'src/ports.ts', "import type { X } from './warehouse/duckdb.ts';"],
    ['a handler sees an adapter', 'handlers/x.ts', "import { openPglite } from '../src/store/pglite.ts';"],
    ['a handler sees a job', 'handlers/x.ts', "import { fillCell } from '../jobs/fill-cell.ts';"],
    ['a job sees a handler', 'jobs/x.ts', "export { y } from '../handlers/y.ts';"],
    ['a job sees an adapter at run time', 'jobs/x.ts', "const x = await import('../src/chat/slack.ts');"],
    ['a job uses a vendor', 'jobs/x.ts', "import pg from 'pg';"],
    ['wiring sees main', 'src/wiring.ts', "import './main.ts';"],
    ['a picture sees messages', 'src/pictures/x.ts', "import { clip } from '../messages/words.ts';"],
    ['a picture uses a vendor', 'src/pictures/x.ts', "import { Resvg } from '@resvg/resvg-js';"],
    ['a job sees what renders pictures', 'jobs/x.ts', "import { renderPng } from '../src/pictures/render-png.ts';"],
    ['an import runs over lines', 'src/core/plan/plan.ts', "import {\n  a,\n  b,\n} from '../../store/cells.ts';"],
  ])('bites when %s', (_, file, text) => {
    expect(findForbidden(new Map([[file, text]]))).toHaveLength(1);
  });

  it('lets through what the table allows', () => {
    const good = new Map([
      ['src/core/judge/judge.ts', "import { z } from 'zod';\nimport { refuse } from '../../fault.ts';"],
      [
        'jobs/fill-cell.ts',
        "import { claimCell } from '../src/store/cells.ts';\nimport type { P } from '../src/ports.ts';",
      ],
      ['src/store/pglite.ts', "// import x from '../main.ts'\nimport type { Store } from './store.ts';"],
    ]);
    expect(findForbidden(good)).toEqual([]);
  });

  it('finds a circle that goes through types', () => {
    const circle = new Map([
      ['src/core/a.ts', "import type { B } from './b.ts';"],
      ['src/core/b.ts', "import { c } from './c.ts';"],
      ['src/core/c.ts', "export type { A } from './a.ts';"],
      ['src/core/d.ts', "import { a } from './a.ts';"],
    ]);
    expect(findCircles(readEdges(circle))).toEqual([['src/core/a.ts', 'src/core/b.ts', 'src/core/c.ts']]);
  });

  it.each([
    'const a = process.env.PORT;',
    'const a = Date.now();',
    'const a = new Date();',
    'const a = Math.random();',
    'setTimeout(() => {}, 5);',
    'const a = crypto.randomUUID();',
    'const a = performance.now();',
  ])('finds `%s` in a job', (text) => {
    expect(findAmbient(new Map([['jobs/x.ts', text]]))).toHaveLength(1);
  });

  it('does not take a comment or a given instant for the clock', () => {
    const text = '// not Date.now()\n/* nor process.env */\nconst a = new Date(ms).toISOString();';
    expect(findAmbient(new Map([['jobs/x.ts', text]]))).toEqual([]);
  });
});
