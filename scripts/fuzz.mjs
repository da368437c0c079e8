// `npm run fuzz -- --minutes N`: what `npm test` throws at everything that reads from outside, for longer.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { requireNode, root } from './run-step.mjs';

requireNode();
ensureInstalled();
const program = join('test', 'fuzz', 'fuzz.ts');
const args = ['--import', 'tsx', program, ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 130;
