/**
 * Pipeline files as people break them: lines lost, doubled or indented elsewhere, values of another kind, and the traps
 * of YAML itself.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { defaultPipelineFile } from '../../src/wiring.ts';
import { oldMinimaYaml } from '../support/old-minima.ts';
import { mutatedJson, oddValue } from './any-json.ts';

const files = [readFileSync(defaultPipelineFile(), 'utf8'), oldMinimaYaml];

/** Aliases that would grow to billions of values, keys that are objects, tabs, documents in a row, tags of programs. */
const traps = [
  `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'.replace(/./g, (at) => `${at}: &${at} [${`*${String.fromCharCode(at.charCodeAt(0) - 1)},`.repeat(9)}]\n`)}`,
  'pipeline: x\n---\npipeline: y\n',
  '? { a: b }\n: c\n',
  '\tpipeline: x\n',
  'pipeline: !!js/function "function(){}"\n',
  '<<: [*none]\n',
  '[[[[[[[[[[',
  '%YAML 9.9\n---\nx',
  '__proto__: { polluted: true }\npipeline: x\ntime_zone: UTC\ntables: { constructor: { table: a.b } }\n',
];

const slip = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('drop', 'double', 'indent', 'outdent', 'value', 'swap', 'insert'),
  with: fc.oneof(oddValue, fc.constantFrom('{ table: pgs, window: season }', '[pgs]', '1e400', '0x1F', '2021-13-01')),
});

/** A whole file with up to four lines spoilt. */
const spoilt = fc
  .tuple(fc.constantFrom(...files), fc.array(slip, { minLength: 1, maxLength: 4 }))
  .map(([text, slips]) => {
    const lines = text.split('\n');
    for (const { at, how, with: value } of slips) {
      const n = at % lines.length;
      const line = lines[n] ?? '';
      const words = String(typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 300);
      if (how === 'drop') lines.splice(n, 1);
      else if (how === 'double') lines.splice(n, 0, line);
      else if (how === 'insert') lines.splice(n, 0, `${/^ */.exec(line)?.[0]}${words}`);
      else if (how === 'swap') lines.splice(n, 2, lines[n + 1] ?? '', line);
      else if (how === 'indent') lines[n] = `  ${line}`;
      else if (how === 'outdent') lines[n] = line.replace(/^ {2}/, '');
      else lines[n] = line.includes(':') ? `${line.slice(0, line.indexOf(':'))}: ${words}` : words;
    }
    return lines.join('\n');
  });

/** A file whose values were exchanged, as a program that writes it might. */
const exchanged = mutatedJson(files.map((file) => parse(file))).map((value) => {
  try {
    return stringify(value, { aliasDuplicateObjects: false });
  } catch {
    return JSON.stringify(value);
  }
});

/** Text that is meant as a pipeline file. */
export const anyPipelineFile: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: spoilt },
  { weight: 4, arbitrary: exchanged },
  { weight: 1, arbitrary: fc.constantFrom(...traps) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
);
