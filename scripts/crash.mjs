// `npm run crash -- --kills N --store pglite|postgres`: the server killed under its backfills, more often than in `npm test`.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { requireNode, root } from './run-step.mjs';

requireNode();
ensureInstalled();
ensureBuilt();
const program = join('test', 'crash', 'crash.ts');
const args = ['--import', 'tsx', program, ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 130;
