// Reads the Dockerfile: its stages, and in each the instructions in their order. Only the forms that ours uses.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run-step.mjs';

/** @returns {{ name: string, steps: { word: string, rest: string }[] }[]} */
export function readDockerfile() {
  const lines = readFileSync(join(root, 'Dockerfile'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const stages = [];
  for (const line of lines) {
    const [, word = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    if (word === 'FROM') stages.push({ name: / AS (\w+)$/.exec(rest)?.[1] ?? '', steps: [] });
    else if (word !== 'ARG') stages.at(-1)?.steps.push({ word, rest });
  }
  return stages;
}
