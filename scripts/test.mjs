// `npm test`: installs, says which optional parts will not run on this machine, runs vitest, and ends with one line that
// people and programs can read: "N passed, N failed". Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countTests, sayCounts } from './count-tests.mjs';
import { ensureInstalled } from './install.mjs';
import { listAbsent } from './optional-parts.mjs';
import { requireNode, root } from './run-step.mjs';

requireNode();
ensureInstalled();
for (const line of await listAbsent(process.env)) console.log(line);
const folder = mkdtempSync(join(tmpdir(), 'backcourt-test-'));
const report = join(folder, 'report.json');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const ended = spawnSync(process.execPath, [vitest, 'run', ...reporters, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
const code = ended.status ?? 130;
console.log(sayCounts(countTests(readReport(), code)));
rmSync(folder, { recursive: true, force: true });
process.exitCode = code;

function readReport() {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return {};
  }
}
