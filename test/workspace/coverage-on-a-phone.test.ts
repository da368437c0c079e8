/** The largest answers as they are posted, in a real browser of a phone's width: nothing may need sideways scrolling. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { slackChat } from '../../src/chat/slack.ts';
import { coverageMessage } from '../../src/messages/coverage-message.ts';
import type { Message } from '../../src/messages/message.ts';
import { drawHeatMap } from '../../src/pictures/heat-map.ts';
import { renderPng } from '../../src/pictures/render-png.ts';
import type { Workspace } from '../../workspace/server/workspace.ts';
import { coverageMessages, seasonCoverage } from '../messages/coverage-samples.ts';
import { catalogue } from '../messages/samples.ts';
import { ensurePage, findChromium, openBrowser } from './open-browser.ts';
import { CHANNEL, clientOf, startTestWorkspace } from './start-app.ts';

const chromiumPath = findChromium();
if (chromiumPath === undefined)
  console.log('No answer was looked at on a phone: no Chromium here (set CHROMIUM_PATH).');

let browser: Browser;
let workspace: Workspace;
let page: Page;

async function show(colorScheme: 'light' | 'dark', message: Message): Promise<void> {
  page = await browser.newPage({ viewport: { width: 375, height: 812 }, colorScheme });
  page.setDefaultTimeout(10_000);
  await page.goto(workspace.url);
  await page.getByRole('log').waitFor();
  await slackChat(clientOf(workspace)).post(message, { channel: CHANNEL, key: 'answer' });
  await page.getByRole('log').getByText('Asked:').waitFor();
}

/** What of the answer is beyond the screen, but for what scrolls in its own frame. */
function listOverflow(): Promise<string[]> {
  return page.evaluate(() => {
    const log = document.querySelector('[role="log"]') ?? document.body;
    const wide = [...log.querySelectorAll('article *')].filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return (right > innerWidth || left < 0) && element.parentElement?.closest('.table-frame, .pre') === null;
    });
    const scrolls = [document.scrollingElement ?? document.body, log].filter((each) => each.scrollWidth > innerWidth);
    return [...scrolls, ...wide].map((element) => `${element.tagName}.${element.className} ${element.scrollWidth}`);
  });
}

/** A season of all tables with its picture, as a job makes it. */
async function makeSeason(): Promise<Message> {
  const coverage = seasonCoverage();
  const bytes = await renderPng(drawHeatMap(coverage));
  const named = { name: 'map.png', title: 'A season', alt: 'Heat map of a season.', bytes };
  const uploaded = await slackChat(clientOf(workspace)).upload(named);
  const picture = { file: uploaded.kind === 'ok' ? uploaded.file : '', alt: named.alt };
  return coverageMessage(coverage, { catalogue, asked: '/coverage all 2021-10-19..2022-01-07', picture });
}

const drawnByLetters = Object.entries(coverageMessages)
  .filter(([name]) => name.startsWith('coverage-'))
  .map(([name, make]) => [name, make()] as const);

describe.skipIf(chromiumPath === undefined)('an answer on a phone', () => {
  beforeAll(async () => {
    await ensurePage();
    browser = await openBrowser(chromiumPath ?? '');
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    workspace = await startTestWorkspace();
  });
  afterEach(async () => {
    await page.close();
    await workspace.close();
  });

  it.each(['light', 'dark'] as const)('of a season of all tables is not wider than the screen, %s', async (scheme) => {
    await show(scheme, await makeSeason());
    const image = page.getByRole('img', { name: 'Heat map of a season.' });
    await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBeGreaterThan(1_000);
    expect(await listOverflow()).toEqual([]);
    expect((await image.boundingBox())?.width).toBeGreaterThan(300);
  });

  it('shows why dates are wrong without scrolling the table', async () => {
    await show('light', await makeSeason());
    const box = await page.getByRole('columnheader', { name: 'Why' }).boundingBox();
    expect(box?.x).toBeLessThan(375 - 80);
  });

  it.each(drawnByLetters)('is not wider than the screen: %s', async (_, message) => {
    await show('light', message);
    expect(await listOverflow()).toEqual([]);
  });
});
