// What the scripts share: where the project stands, and running a program with its output on the terminal. Plain
// JavaScript on Node's own modules, because these run on a fresh clone before anything is installed.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Ends the process with a message that a person can act on when Node is older than package.json's `engines` says. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  say(
    `Backcourt needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer one from https://nodejs.org.`,
  );
  process.exit(1);
}

/** Words go to stderr, so that stdout stays the program's own. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Runs a JavaScript file of an installed package; ends this process with its exit code when it fails. */
export function runTool(file, args) {
  runProgram(process.execPath, [join(root, 'node_modules', file), ...args]);
}

/** Runs npm, the same one that started us where there is one; ends this process with its exit code when it fails. */
export function runNpm(args) {
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('.js')) runProgram(process.execPath, [npm, ...args]);
  else runProgram('npm', args, { shell: process.platform === 'win32' });
}

function runProgram(program, args, options = {}) {
  // What the program says is not our data: its stdout goes to our stderr.
  const ended = spawnSync(program, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  if (ended.error) {
    say(`${program} could not be started: ${ended.error.message}`);
    process.exit(1);
  }
  if (ended.status !== 0) process.exit(ended.status ?? 130);
}
