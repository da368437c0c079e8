// `npm run image:check`: where no Docker is, runs the steps of the Dockerfile in empty folders, starts what came of them as the
// image would, and asks it whether it is well. The base image and the user are all that this cannot show.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readDockerfile } from './dockerfile.mjs';
import { root } from './run-step.mjs';

const work = mkdtempSync(join(tmpdir(), 'backcourt-image-'));
try {
  const stages = readDockerfile();
  for (const stage of stages) runStage(stage);
  const last = stages.at(-1);
  if (last === undefined) throw new Error('the Dockerfile has no stage');
  await probe(last);
  console.log(`The image works; it adds ${megabytes(join(work, last.name))} MB to its base.`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function runStage({ name, steps }) {
  const folder = join(work, name);
  mkdirSync(folder);
  for (const { word, rest } of steps) {
    if (word === 'COPY') copy(rest.split(' '), folder);
    // What takes away from the base image has nothing to take here.
    else if (word === 'RUN' && !rest.startsWith('rm -rf /usr/')) run(rest, folder);
  }
}

function run(command, folder) {
  console.log(`RUN ${command}`);
  const { status } = spawnSync('sh', ['-c', command], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`failed: ${command}`);
}

function copy(words, folder) {
  const stage = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const paths = words.filter((word) => !word.startsWith('--'));
  const to = paths.pop();
  for (const path of paths) {
    const from = stage === undefined ? join(root, path) : join(work, stage, relative('/app', path));
    const target = to.endsWith('/') && path !== '.' ? join(folder, to, path) : join(folder, to);
    cpSync(from, target, {
      recursive: true,
      filter: (source) => stage !== undefined || !isIgnored(relative(root, source)),
    });
  }
}

/** As .dockerignore says, in the forms that ours has. */
function isIgnored(path) {
  const patterns = readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => /^[^#\s]/.test(line));
  return patterns.some((pattern) => {
    if (pattern.startsWith('**/*')) return path.endsWith(pattern.slice('**/*'.length));
    if (pattern.endsWith('*')) return path.startsWith(pattern.slice(0, -1));
    return path === pattern || path.startsWith(`${pattern}/`);
  });
}

/** Starts it as ENTRYPOINT and CMD say, waits until HEALTHCHECK is content, and ends it as Cloud Run would. */
async function probe({ name, steps }) {
  const find = (word) => steps.find((step) => step.word === word)?.rest ?? '';
  const list = (text) => JSON.parse(text.slice(text.indexOf('[')));
  const env = Object.fromEntries(
    find('ENV')
      .split(' ')
      .map((pair) => pair.split('=')),
  );
  const folder = join(work, name);
  const port = String(await freePort());
  const [program, ...args] = [...list(find('ENTRYPOINT')), ...list(find('CMD'))];
  const options = {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env, PORT: port, BACKCOURT_HOME: join(work, 'home') },
  };
  const server = spawn(program, [...args, '--empty'], { ...options, stdio: 'inherit' });
  const ended = once(server, 'exit');
  const [check, ...how] = list(find('HEALTHCHECK'));
  const deadline = Date.now() + 60_000;
  while (spawnSync(check, how, options).status !== 0) {
    if (Date.now() > deadline || server.exitCode !== null) throw new Error('it did not become well');
    await pause(200);
  }
  server.kill('SIGTERM');
  const [code] = await ended;
  if (code !== 0) throw new Error(`it ended with ${code}`);
  const listed = JSON.parse(readFileSync(join(folder, 'sbom.json'), 'utf8'));
  if (listed.bomFormat !== 'CycloneDX' || listed.components.length < 50)
    throw new Error('it does not say what it is made of');
  if (existsSync(join(folder, 'node_modules', 'vitest'))) throw new Error('it holds development packages');
}

async function freePort() {
  const probing = createServer().listen(0, '127.0.0.1');
  await once(probing, 'listening');
  const { port } = probing.address();
  probing.close();
  return port;
}

function megabytes(folder) {
  return Math.round(Number(spawnSync('du', ['-sk', folder], { encoding: 'utf8' }).stdout.split('\t')[0]) / 1024);
}
