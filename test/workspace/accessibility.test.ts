/** The page as axe-core judges it: every state, light and dark, on a desk and on a phone. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workspace } from '../../workspace/server/workspace.ts';
import { ensurePage, findChromium, openBrowser } from './open-browser.ts';
import { CHANNEL, clientOf, MAYA, type RunningApp, startApp, startTestWorkspace } from './start-app.ts';

const chromiumPath = findChromium();
if (chromiumPath === undefined) console.log('The page was not judged by axe: no Chromium here (set CHROMIUM_PATH).');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const text = (words: string) => ({ type: 'plain_text' as const, text: words });
const options = ['mlfs', 'pcf'].map((value) => ({ text: text(value), value }));

/** What axe calls serious or critical, as lines that name the elements. */
async function judge(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

describe.skipIf(chromiumPath === undefined)('the page', () => {
  let browser: Browser;
  let workspace: Workspace;
  let running: RunningApp;
  beforeAll(async () => {
    await ensurePage();
    browser = await openBrowser(chromiumPath ?? '');
    const shortcuts = [{ callbackId: 'why', name: 'Why is this date missing?' }];
    workspace = await startTestWorkspace({ shortcuts });
    running = await startApp(workspace, (app) => {
      app.command('/backfill', async ({ ack, client, command }) => {
        await ack();
        const view = {
          type: 'modal' as const,
          title: text('Backfill'),
          submit: text('Start'),
          blocks: [
            {
              type: 'input' as const,
              block_id: 'table',
              label: text('Table'),
              element: { type: 'static_select' as const, action_id: 'pick', options },
            },
            {
              type: 'input' as const,
              block_id: 'why',
              label: text('Reason'),
              element: { type: 'plain_text_input' as const, action_id: 'words' },
            },
          ],
        };
        await client.views.open({ trigger_id: command.trigger_id, view });
      });
    });
    const { chat, views } = clientOf(workspace);
    const blocks = [
      { type: 'header' as const, text: text('mlfs: 14 of 28 dates complete') },
      {
        type: 'section' as const,
        text: { type: 'mrkdwn' as const, text: '*pdc* never ran: `2021-11-05`, <@U0THEOKANE>' },
      },
      {
        type: 'actions' as const,
        elements: [
          { type: 'button' as const, action_id: 'plan', style: 'primary' as const, text: text('Plan repair') },
        ],
      },
      { type: 'context' as const, elements: [text('as of today')] },
    ];
    const { ts = '' } = await chat.postMessage({ channel: CHANNEL, text: 'coverage', blocks });
    await chat.postMessage({ channel: CHANNEL, text: 'a cause', thread_ts: ts });
    await chat.postEphemeral({ channel: CHANNEL, user: MAYA, text: 'for you alone' });
    await views.publish({ user_id: MAYA, view: { type: 'home', blocks } });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await running.close();
    await workspace.close();
  });

  it.each([
    ['light', 1280, 800],
    ['dark', 1280, 800],
    ['light', 390, 844],
    ['dark', 390, 844],
  ] as const)('has nothing serious against it, %s and %i wide', async (colorScheme, width, height) => {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    page.setDefaultTimeout(10_000);
    await page.goto(workspace.url);
    await page.getByRole('log').getByText('for you alone').waitFor();
    const found: Record<string, string[]> = { channel: await judge(page) };
    await page.getByRole('button', { name: 'Message menu' }).first().press('Enter');
    await page.getByRole('button', { name: 'Why is this date missing?' }).waitFor();
    found.menu = await judge(page);
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: 'Message #data-pipeline' }).fill('/backfill');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Backfill' }).waitFor();
    found.form = await judge(page);
    await page.getByRole('button', { name: 'Start' }).press('Enter');
    await page.getByText('Please complete this required field.').first().waitFor();
    found['form with errors'] = await judge(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /1 reply/ }).press('Enter');
    await page.getByRole('complementary', { name: 'Thread' }).waitFor();
    found.thread = await judge(page);
    await page.keyboard.press('Escape');
    if (width < 700) await page.getByRole('button', { name: 'Show the sidebar' }).press('Enter');
    found.sidebar = await judge(page);
    await page.getByRole('button', { name: 'Backcourt Home' }).press('Enter');
    await page.getByRole('main', { name: 'Backcourt Home' }).getByText('14 of 28').waitFor();
    found.home = await judge(page);
    await page.close();
    expect(Object.fromEntries(Object.entries(found).filter(([, lines]) => lines.length > 0))).toEqual({});
  });
});
