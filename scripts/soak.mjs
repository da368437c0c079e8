// `npm run soak -- --minutes N --store pglite|postgres`: the server under a steady load, and whether it grows.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { requireNode, root } from './run-step.mjs';

requireNode();
ensureInstalled();
ensureBuilt();
const program = join('test', 'soak', 'soak.ts');
const args = ['--import', 'tsx', program, ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 130;
