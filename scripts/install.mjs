// Installs the packages when what is installed is not what package-lock.json says. npm keeps its own record of what it
// installed in node_modules/.package-lock.json and writes it last, so that an interrupted install is seen as none.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runNpm, say } from './run-step.mjs';

/** Runs `npm ci` if needed. The build needs the development packages too. */
export function ensureInstalled() {
  const wanted = readLock(join(root, 'package-lock.json'));
  const installed = readLock(join(root, 'node_modules', '.package-lock.json'));
  if (wanted !== undefined && installed !== undefined && isSame(wanted, installed)) return;
  say(
    installed === undefined
      ? 'Installing packages (once, about 15 seconds) ...'
      : 'package-lock.json changed: installing ...',
  );
  runNpm(['ci', '--no-audit', '--no-fund', '--include=dev']);
}

/** The packages of a lock file by their path; undefined if there is none or it cannot be read. */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return undefined;
  }
}

/** Every package stands there in its version; those for other platforms may be absent. */
export function isSame(wanted, installed) {
  const missing = Object.entries(wanted).some(
    ([path, entry]) => path !== '' && !entry.optional && installed[path]?.version !== entry.version,
  );
  return !missing && Object.entries(installed).every(([path, entry]) => wanted[path]?.version === entry.version);
}
