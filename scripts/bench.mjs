// `npm run bench`: every bench/*.bench.ts in turn, each in a process of its own so that none warms another's caches.
// A word as argument runs only those whose name holds it; a run of all of them is written to bench/RESULTS.md.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { requireNode, root, say } from './run-step.mjs';

requireNode();
ensureInstalled();
const [word = ''] = process.argv.slice(2);
const files = readdirSync(join(root, 'bench')).filter((name) => name.endsWith('.bench.ts') && name.includes(word));
if (files.length === 0) say(`No bench/*${word}*.bench.ts.`);
const ran = [];
for (const name of files.sort()) {
  say(`\n== ${name}`);
  ran.push({ name, ...(await runBench(name)) });
}
const failed = ran.filter(({ code }) => code !== 0).map(({ name }) => name);
if (failed.length > 0) say(`\nFailed: ${failed.join(', ')}`);
else if (word === '' && files.length > 0) {
  writeFileSync(join(root, 'bench', 'RESULTS.md'), describeResults(ran));
  say('\nWritten to bench/RESULTS.md.');
}
process.exitCode = files.length === 0 || failed.length > 0 ? 1 : 0;

/** Runs one, shows what it prints as it comes, and keeps it. */
function runBench(name) {
  const args = ['--expose-gc', '--import', 'tsx', join('bench', name)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['inherit', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (part) => {
    output += part;
    process.stdout.write(part);
  });
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, output }));
  });
}

function describeResults(benches) {
  const goals = benches.flatMap(({ name, output }) =>
    [...output.matchAll(/^ *(reached|NOT reached) +(.+): (.+?) \(goal: (.+?)\)$/gm)].map(
      ([, is, what, value, goal]) => {
        const heading =
          output
            .slice(0, output.indexOf(`${what}: ${value}`))
            .match(/^\d[^\n]*$/gm)
            ?.at(-1) ?? '';
        return { bench: name.replace('.bench.ts', ''), heading, what, value, goal, isReached: is === 'reached' };
      },
    ),
  );
  const rows = goals.map(
    ({ bench, heading, what, value, goal, isReached }) =>
      `| ${bench} | ${[heading, what].filter(Boolean).join(': ')} | ${goal} | ${value} | ${isReached ? 'yes' : 'no'} |`,
  );
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).stdout?.trim();
  return `# Figures of the last whole run

Written by \`npm run bench\`${commit ? ` at ${commit}` : ''}. The machine is shared and its speed changes within minutes: ratios of medians
from one run count, absolute times do not. Counters (statements, bytes, calls) are exact.

${describeMachine()}

${goals.filter(({ isReached }) => isReached).length} of ${goals.length} goals reached.

| benchmark | what | goal | figure | reached |
|---|---|---|---|---|
${rows.join('\n')}

${benches.map(({ name, output }) => `## ${name.replace('.bench.ts', '')}\n\n\`\`\`text\n${output.trim()}\n\`\`\`\n`).join('\n')}`;
}

function describeMachine() {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const psql = spawnSync('psql', ['--version'], { encoding: 'utf8' }).stdout?.trim();
  const day = new Date().toISOString().slice(0, 10);
  return `${day}: ${cpus().length} cores (${cpu?.model ?? 'unknown'}), ${memory} GiB, ${process.platform} ${release()}, Node ${process.version}${psql ? `, ${psql}` : ''}.`;
}
