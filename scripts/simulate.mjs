// `npm run simulate -- --runs N [--seed S]`: the simulation on other seeds than those of `npm test`, or on more of them.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { requireNode, root } from './run-step.mjs';

requireNode();
ensureInstalled();
const program = join('test', 'simulation', 'simulate.ts');
const args = ['--import', 'tsx', program, ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 130;
