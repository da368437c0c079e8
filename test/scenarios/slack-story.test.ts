/**
 * The main story in Slack, told by signed requests to the real command: ask, try to fill, repair upstream first, and
 * count the rows that are there; then by clicks in a browser, as the README tells it.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import type { Coverage } from '../../src/core/coverage/coverage-report.ts';
import type { Message } from '../../workspace/server/wire.ts';
import { waitUntil } from '../jobs/wait-until.ts';
import { demoHome, type RunningServer, runJson, startServer } from '../support/run-backcourt.ts';
import { openSlack, people, type SlackPerson, wordsOf } from '../support/slack-client.ts';
import { ensurePage, findChromium, openBrowser } from '../workspace/open-browser.ts';

type Home = Awaited<ReturnType<typeof demoHome>>;

/** Complete dates of mlfs in the week of the story, and its rows, as a second command counts them. */
async function countWeek(home: Home): Promise<{ complete: number; rows: number }> {
  const { json } = await runJson<Coverage>(['coverage', 'mlfs', '2022-01-01', '2022-01-07', '--home', home.path]);
  const [table] = json.tables;
  return {
    complete: table?.complete ?? -1,
    rows: table?.cells.reduce((sum, cell) => sum + (cell.rows ?? 0), 0) ?? -1,
  };
}

async function listBackfills(home: Home): Promise<BackfillReport[]> {
  return (await runJson<{ backfills: BackfillReport[] }>(['status', '--home', home.path])).json.backfills;
}

describe('the story by signed requests', () => {
  let home: Home;
  let server: RunningServer;
  let maya: SlackPerson;
  let theo: SlackPerson;
  beforeAll(async () => {
    home = await demoHome();
    server = await startServer(['--home', home.path]);
    maya = await openSlack(server.url);
    theo = await openSlack(server.url, people.theo);
  }, 120_000);
  afterAll(async () => {
    maya.close();
    theo.close();
    await server.end();
    home.remove();
  });

  const isForAll = (message: Message) => message.onlyFor === undefined;
  const isForMaya = (message: Message) => message.onlyFor === people.maya;
  const isForTheo = (message: Message) => message.onlyFor === people.theo;
  /** What comes after now: earlier answers read alike. */
  const laterThan = (seen: readonly Message[]) => (message: Message) => !seen.some((old) => old.ts === message.ts);

  it('says for all how complete a month is', async () => {
    await maya.type('/coverage mlfs 2021-11-01 2021-11-30');
    const answer = await theo.sees(/11 of 28 dates complete/, isForAll);
    expect(wordsOf(answer)).toContain('mlfs');
  });

  it('refuses to fill a week whose upstream is missing, repairs upstream when told to, and the rows are there', async () => {
    await maya.type('/backfill mlfs 2022-01-01 2022-01-07');
    const refused = await theo.sees(/Nothing ran/, isForAll);
    expect(wordsOf(refused)).toMatch(/pdc/);
    expect(wordsOf(refused)).toMatch(/pcf/);
    expect(await countWeek(home)).toEqual({ complete: 0, rows: 0 });
    expect(await listBackfills(home)).toEqual([]);

    expect(await maya.press(refused, 'Repair upstream first')).toEqual({ ok: true });
    const summary = await maya.sees(/Summary/, (message) => message.thread !== undefined, 60_000);
    expect(summary.blocks?.map(({ type }) => type)).toEqual(expect.arrayContaining(['header', 'actions']));
    const filled = await countWeek(home);
    expect(filled.complete).toBe(7);
    expect(filled.rows).toBeGreaterThan(1000);
    expect(wordsOf(summary)).toContain(filled.rows.toLocaleString('en-US'));
    const [backfill] = await listBackfills(home);
    expect([backfill?.result, backfill?.counts.failed, backfill?.counts.blocked]).toEqual(['succeeded', 0, 0]);

    expect(await theo.press(refused, 'Repair upstream first')).toEqual({ ok: true });
    await theo.sees(/Already started by maya; nothing was started a second time/, isForTheo);
    expect(await listBackfills(home)).toHaveLength(1);
  }, 90_000);

  it('tells the state of backfills to the asker alone', async () => {
    const [backfill] = await listBackfills(home);
    const id = backfill?.id ?? '';
    const seen = maya.messages();
    await maya.type('/backfill list');
    await maya.sees(new RegExp(id), (message) => isForMaya(message) && laterThan(seen)(message));
    const listed = maya.messages();
    await maya.type(`/backfill status ${id}`);
    await maya.sees(new RegExp(id), (message) => isForMaya(message) && laterThan(listed)(message));
    expect(theo.messages().filter((message) => laterThan(seen)(message) && !isForTheo(message))).toEqual([]);
  });

  it('gives help and refusals to the asker alone, those of the words and those of the store', async () => {
    const seen = maya.messages();
    const isNew = laterThan(seen);
    await maya.type('/backfill help');
    await maya.sees(/--with-upstream/, (message) => isForMaya(message) && isNew(message));
    await maya.type('/coverage mlfs 11/01/2021');
    await maya.sees(/11\/01\/2021/, (message) => isForMaya(message) && isNew(message));
    await maya.type('/backfill status nosuchid');
    await maya.sees(/There is no backfill nosuchid/, (message) => isForMaya(message) && isNew(message));
    expect(theo.messages().filter((message) => isNew(message) && !isForTheo(message))).toEqual([]);
  });

  it('answers a mention in a thread there', async () => {
    const root = await maya.sees(/11 of 28 dates complete/, isForAll);
    await maya.type('@backcourt coverage why mlfs 2021-11-16', root.ts);
    const answer = await theo.sees(/is blocked/, (message) => message.thread === root.ts);
    expect(wordsOf(answer)).toContain('pcf never ran on 16 Nov 2021');
  });

  it('makes one backfill of the same command typed twice', async () => {
    const words = '/backfill upgc 2022-02-01 2022-02-14';
    await Promise.all([maya.type(words), theo.type(words)]);
    await waitUntil('the notice', () =>
      [...maya.messages(), ...theo.messages()].find((message) =>
        /The same backfill is under way/.test(wordsOf(message)),
      ),
    );
    const ofUpgc = (await listBackfills(home)).filter((backfill) => backfill.target === 'upgc');
    expect(ofUpgc).toHaveLength(1);
    const id = ofUpgc[0]?.id ?? '';
    const isItsEnd = (message: Message) => message.thread !== undefined && wordsOf(message).includes(id);
    await maya.sees(/Summary/, isItsEnd, 60_000);
  });

  it('lets one of two overlapping commands of the same instant win, and shows the other one whose it is', async () => {
    const [seenByMaya, seenByTheo] = [maya.messages(), theo.messages()];
    await Promise.all([
      maya.type('/backfill upgc 2022-03-20 2022-03-24 --concurrency 1'),
      theo.type('/backfill upgc 2022-03-22 2022-03-26 --concurrency 1'),
    ]);
    const isNew = laterThan([...seenByMaya, ...seenByTheo]);
    const told = await waitUntil('the loser', () =>
      [...maya.messages(), ...theo.messages()].find(
        (message) => isNew(message) && /is working on upgc 22-24 Mar 2022/.test(wordsOf(message)),
      ),
    );
    const loser = told.onlyFor === people.maya ? maya : theo;
    expect(told.onlyFor).toBe(loser === maya ? people.maya : people.theo);
    const started = (await listBackfills(home)).filter(({ cells }) => cells.some(({ date }) => date === '2022-03-22'));
    expect(started).toHaveLength(1);
    const id = started[0]?.id ?? '';
    expect(wordsOf(told)).toContain(id);
    expect(await loser.press(told, `Queue after ${id}`)).toEqual({ ok: true });
    await waitUntil('both ends', async () => {
      const ofMarch = (await listBackfills(home)).filter(({ cells }) =>
        cells.some(({ date }) => date === '2022-03-23'),
      );
      return ofMarch.length === 2 && ofMarch.every(({ result }) => result === 'succeeded');
    });
  });

  it('refuses a backfill that overlaps another, and names whose it is and which dates', async () => {
    await maya.type('/backfill upgc 2022-03-01 2022-03-12 --concurrency 1');
    await theo.sees(/Backfill of upgc, 1-12 Mar 2022/, isForAll);
    await theo.type('/backfill upgc 2022-03-10 2022-03-14');
    const refusal = await theo.sees(/is working on upgc 10-12 Mar 2022/, isForTheo);
    expect(wordsOf(refusal)).toContain(people.maya);
    expect(wordsOf(refusal)).toContain('Nothing was started');
    const targets = (await listBackfills(home)).filter((backfill) =>
      backfill.cells.some((c) => c.date === '2022-03-14'),
    );
    expect(targets).toEqual([]);
  });
});

const chromium = findChromium();
if (chromium === undefined) console.log('The story was not told by clicks: no Chromium here (set CHROMIUM_PATH).');

describe.skipIf(chromium === undefined)('the story by clicks', () => {
  let home: Home;
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    await ensurePage();
    home = await demoHome();
    server = await startServer(['--home', home.path]);
    browser = await openBrowser(chromium ?? '');
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(30_000);
    await page.goto(server.url);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await server.end();
    home.remove();
  });

  const channel = () => page.getByRole('main').getByRole('log');
  async function type(words: string): Promise<void> {
    const box = page.getByRole('main').getByRole('textbox');
    await box.fill(words);
    await box.press('Enter');
  }

  it('goes as the README tells it', async () => {
    await type('/coverage mlfs 2021-11-01 2021-11-30');
    await channel().getByText('11 of 28 dates complete').first().waitFor();

    await type('/backfill mlfs 2022-01-01 2022-01-07');
    await channel().getByText('Nothing ran').first().waitFor();
    await channel()
      .getByRole('button', { name: /^Repair upstream first/ })
      .click();
    const replied = channel()
      .getByRole('button', { name: /\d+ repl/ })
      .last();
    await replied.click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('Summary').first().waitFor();
    expect((await countWeek(home)).complete).toBe(7);

    await type('/coverage why mlfs 2021-11-16');
    await channel().getByRole('article').filter({ hasText: 'pgs' }).filter({ hasText: '2021-11-16' }).last().waitFor();
  }, 120_000);
});
