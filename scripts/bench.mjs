// `npm run bench`: every bench/*.bench.ts in turn, each in a process of its own so that none warms another's caches.
// A word as argument runs only those whose name holds it.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { requireNode, root, say } from './run-step.mjs';

requireNode();
ensureInstalled();
const [word = ''] = process.argv.slice(2);
const files = readdirSync(join(root, 'bench')).filter((name) => name.endsWith('.bench.ts') && name.includes(word));
if (files.length === 0) say(`No bench/*${word}*.bench.ts.`);
const failed = files.sort().filter((name) => {
  say(`\n== ${name}`);
  const args = ['--expose-gc', '--import', 'tsx', join('bench', name)];
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status !== 0;
});
if (failed.length > 0) say(`\nFailed: ${failed.join(', ')}`);
process.exitCode = files.length === 0 || failed.length > 0 ? 1 : 0;
