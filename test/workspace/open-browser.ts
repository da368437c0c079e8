/** A headless Chromium for the page's tests, if this machine has one, and the page built from the sources as they are. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { build } from 'vite';

const folder = fileURLToPath(new URL('../../workspace/', import.meta.url));

/** The browser's path, or undefined when there is none here. */
export function findChromium(): string | undefined {
  const path = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  return existsSync(path) ? path : undefined;
}

/** Starts the browser. Nothing that it loads comes from outside this machine. */
export function openBrowser(executablePath: string): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  return chromium.launch({ executablePath, args });
}

/** Builds the page when it is missing or older than its sources. */
export async function ensurePage(): Promise<void> {
  const built = join(folder, 'dist/index.html');
  const isFresh = existsSync(built) && statSync(built).mtimeMs > newestIn(join(folder, 'page'));
  if (!isFresh) await build({ configFile: join(folder, 'vite.config.ts') });
}

function newestIn(path: string): number {
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.max(...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}
