#!/usr/bin/env node
// The `backcourt` command. Everything is in src/main.ts; this only finds what was built from it, or says how to build it.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = new URL('../dist/src/main.js', import.meta.url);
if (existsSync(fileURLToPath(built))) {
  const { main } = await import(built.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write('Backcourt is not built yet. Type: npm run build\n');
  process.exitCode = 3;
}
