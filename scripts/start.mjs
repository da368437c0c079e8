// `npm start`: from a fresh clone to a running bot. Installs and builds what is not there yet, then runs the server in
// this very process, so that Ctrl-C and SIGTERM reach it without a middleman.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { requireNode, root } from './run-step.mjs';

requireNode();
ensureInstalled();
ensureBuilt();
const bin = join(root, 'bin', 'backcourt.js');
process.argv = [process.execPath, bin, 'serve', ...process.argv.slice(2)];
await import(pathToFileURL(bin).href);
