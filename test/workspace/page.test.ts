/** The page in a real browser, with a real Bolt app behind it: what a person types, sees, presses and opens. */
import type { App } from '@slack/bolt';
import type { KnownBlock, View } from '@slack/web-api';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../workspace/server/workspace.ts';
import { ensurePage, findChromium, openBrowser } from './open-browser.ts';
import { CHANNEL, clientOf, MAYA, order, type RunningApp, startApp, startTestWorkspace } from './start-app.ts';

const chromiumPath = findChromium();
if (chromiumPath === undefined) console.log('The page was not driven: no Chromium here (set CHROMIUM_PATH).');

const text = (words: string) => ({ type: 'plain_text' as const, text: words });
const button = (id: string, words: string, more: object = {}) => ({
  type: 'button' as const,
  action_id: id,
  value: 'r-1',
  text: text(words),
  ...more,
});
const answer: KnownBlock[] = [
  {
    type: 'section',
    text: { type: 'mrkdwn', text: '*mlfs*: 14 of 28 dates complete; `pdc` holds up 12 & <b>more</b>' },
  },
  {
    type: 'actions',
    block_id: 'offers',
    elements: [
      button('plan', 'Plan repair', { style: 'primary' }),
      button('drop', 'Cancel', {
        confirm: {
          title: text('Cancel it?'),
          text: text('No new dates start.'),
          confirm: text('Cancel it'),
          deny: text('Go on'),
        },
      }),
      { type: 'overflow', action_id: 'more', options: [{ text: text('Export CSV'), value: 'csv' }] },
    ],
  },
];
const form: View = {
  type: 'modal',
  callback_id: 'the-form',
  title: text('Backfill'),
  submit: text('Start'),
  blocks: [
    {
      type: 'input',
      block_id: 'reason',
      label: text('Reason'),
      element: { type: 'plain_text_input', action_id: 'words' },
    },
    {
      type: 'input',
      block_id: 'table',
      label: text('Table'),
      element: {
        type: 'static_select',
        action_id: 'pick',
        options: ['mlfs', 'pcf'].map((value) => ({ text: text(value), value })),
      },
    },
  ],
};

let browser: Browser;
let workspace: Workspace;
let running: RunningApp;
let page: Page;
let heard: string[];

/** What the app does: enough of everything that a person can touch. */
function register(app: App): void {
  app.command('/coverage', async ({ ack, client, command }) => {
    await ack({ text: `Reading ${command.text}` });
    const root = await client.chat.postMessage({ channel: command.channel_id, text: 'coverage', blocks: answer });
    await client.chat.postMessage({ channel: command.channel_id, thread_ts: root.ts ?? '', text: 'a cause' });
  });
  app.command('/backfill', async ({ ack, client, command }) => {
    await ack();
    await client.views.open({ trigger_id: command.trigger_id, view: form });
  });
  app.action('plan', async ({ ack, body, client }) => {
    await ack();
    heard.push(`plan by ${body.user.id}`);
    if (body.type === 'block_actions' && body.message !== undefined) {
      await client.chat.update({ channel: CHANNEL, ts: body.message.ts, text: 'Planned: 42 cells' });
    }
  });
  app.action('drop', async ({ ack }) => {
    await ack();
    heard.push('drop');
  });
  app.action('more', async ({ ack, action }) => {
    await ack();
    heard.push(`more ${'selected_option' in action ? action.selected_option?.value : ''}`);
  });
  app.view('the-form', async ({ ack, view }) => {
    const words = view.state.values.reason?.words?.value;
    heard.push(`form ${words} ${view.state.values.table?.pick?.selected_option?.value}`);
    if (words === 'because') await ack();
    else await ack({ response_action: 'errors', errors: { reason: 'Say why.' } });
  });
  app.event('app_mention', async ({ event, client }) => {
    heard.push(event.text);
    await client.chat.postMessage({
      channel: event.channel,
      thread_ts: event.thread_ts ?? event.ts,
      text: 'I hear you',
    });
  });
}

const box = () => page.getByRole('textbox', { name: 'Message #data-pipeline' });
const log = () => page.getByRole('log', { name: 'Messages in data-pipeline' });

async function type(words: string): Promise<void> {
  await box().fill(words);
  await box().press('Enter');
}

async function open(width = 1280, height = 800): Promise<void> {
  page = await browser.newPage({ viewport: { width, height } });
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => heard.push(`page error: ${error.message}`));
  await page.goto(workspace.url);
  await log().waitFor();
}

describe.skipIf(chromiumPath === undefined)('the page', () => {
  beforeAll(async () => {
    await ensurePage();
    browser = await openBrowser(chromiumPath ?? '');
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    heard = [];
    workspace = await startTestWorkspace();
    running = await startApp(workspace, register);
    await open();
  });
  afterEach(async () => {
    await page.close();
    await running.close();
    await workspace.close();
    expect(heard.filter((line) => line.startsWith('page error'))).toEqual([]);
  });

  it('completes a command, sends it, and shows the answer for the asker and the one for all', async () => {
    await box().fill('/cov');
    await page.getByRole('option', { name: /\/coverage/ }).waitFor();
    await box().press('Tab');
    expect(await box().inputValue()).toBe('/coverage ');
    await box().pressSequentially('mlfs nov 2021');
    await box().press('Enter');
    await log().getByText('Reading mlfs nov 2021').waitFor();
    await log().getByText('Only visible to you').waitFor();
    await log().getByText('14 of 28 dates complete').waitFor();
    expect(await box().inputValue()).toBe('');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await log().getByText('Reading mlfs nov 2021').waitFor({ state: 'detached' });
  });

  it('draws what an app wrote as text and never as HTML', async () => {
    await type('/coverage mlfs');
    await log().getByText('holds up 12 & <b>more</b>').waitFor();
    expect(await log().locator('b').count()).toBe(0);
    expect(await log().locator('strong', { hasText: 'mlfs' }).count()).toBe(1);
  });

  it('presses a button, and shows the edited message', async () => {
    await type('/coverage mlfs');
    await page.getByRole('button', { name: 'Plan repair' }).click();
    await log().getByText('Planned: 42 cells').waitFor();
    await log().getByText('(edited)').waitFor();
    expect(heard).toEqual([`plan by ${MAYA}`]);
    expect(await page.getByRole('button', { name: 'Plan repair' }).count()).toBe(0);
  });

  it('asks before it presses a button that has a question', async () => {
    await type('/coverage mlfs');
    const cancel = log().getByRole('button', { name: 'Cancel' });
    await cancel.click();
    await page.getByRole('dialog', { name: 'Cancel it?' }).getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(heard).toEqual([]);
    await cancel.click();
    await page.getByRole('button', { name: 'Cancel it' }).click();
    await expect.poll(() => heard).toEqual(['drop']);
  });

  it('opens a menu by keys', async () => {
    await type('/coverage mlfs');
    await page.getByRole('button', { name: 'More actions' }).press('Enter');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('menu').count()).toBe(0);
    await page.getByRole('button', { name: 'More actions' }).press('Enter');
    await page.keyboard.press('Enter');
    await expect.poll(() => heard).toEqual(['more csv']);
  });

  it('says beside the button when the app does not answer', async () => {
    await type('/coverage mlfs');
    await running.close();
    await page.getByRole('button', { name: 'Plan repair' }).click();
    await page.getByRole('alert').getByText('This did not work').waitFor();
    running = await startApp(workspace, register);
  });

  it('opens a thread, mentions the app in it, and closes it with Esc', async () => {
    await type('/coverage mlfs');
    await page.getByRole('button', { name: /1 reply/ }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('a cause').waitFor();
    await thread.getByRole('textbox').fill('@backcourt coverage pcf');
    await thread.getByRole('textbox').press('Enter');
    await thread.getByText('I hear you').waitFor();
    await page.getByRole('button', { name: /3 replies/ }).waitFor();
    expect(heard).toEqual(['<@U0BACKCRT1> coverage pcf']);
    await page.keyboard.press('Escape');
    await thread.waitFor({ state: 'detached' });
  });

  it('fills a form: what is missing, what the app refuses, and what it takes', async () => {
    await type('/backfill');
    const dialog = page.getByRole('dialog', { name: 'Backfill' });
    await dialog.getByRole('button', { name: 'Start' }).click();
    await expect.poll(() => dialog.getByText('Please complete this required field.').count()).toBe(2);
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('no');
    await dialog.getByRole('combobox', { name: 'Table' }).selectOption('pcf');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await dialog.getByText('Say why.').waitFor();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('because');
    await dialog.getByRole('button', { name: 'Start' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(heard).toEqual(['form no pcf', 'form because pcf']);
  });

  it('closes a form with Esc', async () => {
    await type('/backfill');
    const dialog = page.getByRole('dialog', { name: 'Backfill' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('keeps a message for one person from another', async () => {
    await type('/coverage mlfs');
    await log().getByText('Reading mlfs').waitFor();
    await page.getByRole('combobox', { name: 'You are' }).selectOption('U0THEOKANE');
    await log().getByText('14 of 28 dates complete').waitFor();
    await log().getByText('Reading mlfs').waitFor({ state: 'detached' });
  });

  it('shows a block that it cannot draw as a box that names it', async () => {
    const video = {
      type: 'video',
      title: text('v'),
      video_url: 'https://v.example',
      thumbnail_url: 'x',
      alt_text: 'v',
    };
    await clientOf(workspace).chat.postMessage({ channel: CHANNEL, text: 'x', blocks: [video as KnownBlock] });
    await log().getByText('This workspace cannot draw video').waitFor();
  });

  it('marks each message with its ts, and opens the thread of a permalink', async () => {
    const client = clientOf(workspace);
    const { ts = '' } = await client.chat.postMessage({ channel: CHANNEL, text: 'root' });
    await log().locator(`[data-ts="${ts}"]`).waitFor();
    const { permalink = '' } = await client.chat.getPermalink({ channel: CHANNEL, message_ts: ts });
    await page.goto('about:blank');
    await page.goto(permalink);
    await page.getByRole('complementary', { name: 'Thread' }).getByText('root').waitFor();
  });

  it('fits a phone: nothing wider than the screen, the sidebar folds, the thread covers', async () => {
    await page.close();
    await open(390, 844);
    await type('/coverage mlfs');
    await page.getByRole('button', { name: /1 reply/ }).waitFor();
    const wider = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(await wider()).toBe(false);
    expect(await page.getByRole('navigation').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Show the sidebar' }).click();
    await page.getByRole('navigation').getByRole('button', { name: 'Backcourt Home' }).click();
    await page.getByText('has not published a Home tab yet').waitFor();
    await page.getByRole('button', { name: 'Show the sidebar' }).click();
    await page.getByRole('button', { name: 'data-pipeline' }).click();
    await page.getByRole('button', { name: /1 reply/ }).click();
    await page.getByRole('textbox', { name: 'Reply…' }).waitFor();
    expect(await box().isVisible()).toBe(false);
    expect(await wider()).toBe(false);
  });

  it('comes back by itself after the connection was lost', async () => {
    await clientOf(workspace).chat.postMessage({ channel: CHANNEL, text: 'before' });
    await log().getByText('before').waitFor();
    const port = Number(new URL(workspace.url).port);
    await workspace.close();
    await page.getByText('Connection lost').waitFor();
    workspace = await startTestWorkspace({ port });
    await page.getByText('Connection lost').waitFor({ state: 'detached' });
    await clientOf(workspace).chat.postMessage({ channel: CHANNEL, text: 'after' });
    await log().getByText('after').waitFor();
    await order(workspace, { clear: true });
  });
});
