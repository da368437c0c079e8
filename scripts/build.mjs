// Builds the server (tsc to dist) and the page of the local workspace (vite to workspace/dist). What was built is kept
// as a hash of its sources, so that a second start builds nothing; times would not do, since a checkout sets them anew.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, runTool, say } from './run-step.mjs';

const sources = [
  'src',
  'handlers',
  'jobs',
  'pipelines',
  'workspace',
  'manifest.yml',
  'tsconfig.json',
  'package-lock.json',
];
const stamp = join(root, 'dist', '.built');
const results = ['dist/src/main.js', 'workspace/dist/index.html'];

/** Builds unless what stands there was built from these very sources. */
export function ensureBuilt() {
  const hash = hashSources();
  if (readStamp() === hash && results.every((file) => existsSync(join(root, file)))) return;
  say('Building (a few seconds) ...');
  build(hash);
}

function build(hash) {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  runTool('typescript/bin/tsc', ['-p', 'tsconfig.json']);
  runTool('vite/bin/vite.js', ['build', '--config', 'workspace/vite.config.ts']);
  writeFileSync(stamp, hash);
}

function readStamp() {
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
}

function hashSources() {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((name) => listFiles(name)).sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** The files under a path, but for what vite writes. */
function listFiles(path) {
  if (!existsSync(join(root, path)) || path === 'workspace/dist') return [];
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => listFiles(`${path}/${name}`));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) build(hashSources());
