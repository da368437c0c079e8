/**
 * `npm run screenshots`: the pictures of the README, taken from the real thing. Starts a server with a new home on a free
 * port, goes through the story as a person would, in a headless Chromium, and writes docs/images/*.png.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Locator, type Page } from 'playwright-core';
import { ensureBuilt } from './build.mjs';
import { root } from './run-step.mjs';

const images = join(root, 'docs', 'images');
/** The first start generates a season; a repair of seven dates calls a processor some thirty times. */
const patience = 120_000;

const home = mkdtempSync(join(tmpdir(), 'backcourt-screenshots-'));
ensureBuilt();
mkdirSync(images, { recursive: true });
const server = spawn(process.execPath, [join(root, 'bin', 'backcourt.js'), 'serve', '--home', home], {
  env: { ...process.env, PORT: '0' },
  stdio: ['ignore', 'inherit', 'pipe'],
});
try {
  await takePictures(await readAddress(server));
} finally {
  server.kill('SIGTERM');
  if (server.exitCode === null) await once(server, 'exit');
  rmSync(home, { recursive: true, force: true });
}

/** The address that the server says once it can be opened; rejects if it ends before. */
function readAddress(child: ChildProcess & { stderr: NodeJS.ReadableStream }): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it was ready`)));
    createInterface({ input: child.stderr }).on('line', (line) => {
      process.stderr.write(`${line}\n`);
      const found = /https?:\/\/localhost:\d+/.exec(line);
      if (found) resolve(found[0]);
    });
  });
}

async function takePictures(url: string): Promise<void> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
    page.setDefaultTimeout(patience);
    await page.goto(url);
    await tellStory(page);
  } finally {
    await browser.close();
  }
}

async function tellStory(page: Page): Promise<void> {
  const channel = page.getByRole('main').getByRole('log');
  await type(page, '/coverage mlfs 2021-11-01 2021-11-30');
  await picture(page, 'workspace-coverage', channel.getByRole('article').filter({ hasText: 'dates complete' }).last());

  await type(page, '/backfill mlfs 2022-01-01 2022-01-07');
  const repair = page.getByRole('button', { name: /^Repair upstream first/ });
  const refused = channel.getByRole('article').filter({ has: repair }).last();
  await picture(page, 'workspace-preflight', refused);

  await repair.last().click();
  const replied = channel
    .getByRole('article')
    .filter({ has: page.getByRole('button', { name: /\d+ repl/ }) })
    .last();
  await replied.getByRole('button', { name: /\d+ repl/ }).click();
  const thread = page.getByRole('complementary', { name: 'Thread' });
  await picture(page, 'workspace-summary', thread.getByRole('article').filter({ hasText: 'Summary' }).last());
}

async function type(page: Page, command: string): Promise<void> {
  const box = page.getByRole('main').getByRole('textbox');
  await box.fill(command);
  await box.press('Enter');
}

/** Waits until something is there and stands at the top of its pane, then takes the whole page. */
async function picture(page: Page, name: string, shown: Locator): Promise<void> {
  await shown.waitFor();
  await shown.evaluate((element) => element.scrollIntoView({ block: 'start' }));
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(images, `${name}.png`) });
  process.stderr.write(`docs/images/${name}.png\n`);
}
