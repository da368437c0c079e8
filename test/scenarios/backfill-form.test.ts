/** A backfill by the form, in the local workspace: opened, corrected, reviewed, launched, and its rows are there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Coverage } from '../../src/core/coverage/coverage-report.ts';
import type { ViewOnPage } from '../../workspace/server/wire.ts';
import { waitUntil } from '../jobs/wait-until.ts';
import { demoHome, type RunningServer, runJson, startServer } from '../support/run-backcourt.ts';
import { openSlack, type SlackPerson } from '../support/slack-client.ts';

describe('a backfill by the form, and the Home tab', () => {
  let home: Awaited<ReturnType<typeof demoHome>>;
  let server: RunningServer;
  let maya: SlackPerson;
  beforeAll(async () => {
    home = await demoHome();
    server = await startServer(['--home', home.path]);
    maya = await openSlack(server.url);
  }, 120_000);
  afterAll(async () => {
    maya.close();
    await server.end();
    home.remove();
  });

  const top = (): ViewOnPage | undefined => maya.forms().at(-1);
  const sees = (words: RegExp) =>
    waitUntil(`a form like ${words}`, () => {
      const view = top();
      return view !== undefined && words.test(JSON.stringify(view.blocks)) ? view : undefined;
    });

  it('is corrected at its fields, reviewed, and launched', async () => {
    await maya.type('/backfill');
    const form = await sees(/Or the dates in words/);
    const wrong = await maya.submit(form, { table: 'mlfs', from: '2022-01-07', to: '2022-01-01' });
    expect(wrong).toMatchObject({ ok: false, errors: { from: expect.stringMatching(/reversed/) } });

    const dates = { from: '2022-01-01', to: '2022-01-07' };
    expect(await maya.submit(form, { table: 'mlfs', ...dates })).toEqual({ ok: true });
    const blocked = await sees(/Nothing ran/);
    expect(blocked.submit).toBeUndefined();

    expect(await maya.submit(form, { table: 'mlfs', ...dates, ticked: ['with-upstream'] })).toEqual({ ok: true });
    const review = await sees(/will run/);
    expect(review.submit).toBe('Launch');
    expect(JSON.stringify(review.blocks)).toContain('/backfill mlfs 2022-01-01..2022-01-07 --with-upstream');
    expect(await maya.submit(review, {})).toEqual({ ok: true });
    await waitUntil('all forms to be closed', () => maya.forms().length === 0);

    await maya.sees(/Summary/, (message) => message.thread !== undefined, 90_000);
    const { json } = await runJson<Coverage>(['coverage', 'mlfs', '2022-01-01', '2022-01-07', '--home', home.path]);
    expect(json.tables[0]?.complete).toBe(7);
  }, 180_000);

  it('stands on the Home tab, from which another form opens', async () => {
    await maya.openHome();
    const tab = await waitUntil('the Home tab', () => maya.home());
    expect(JSON.stringify(tab.blocks)).toMatch(/Recent.*mlfs 1-7 Jan 2022/);
    expect(await maya.pressIn(tab, 'New backfill')).toEqual({ ok: true });
    await sees(/Or the dates in words/);
  }, 180_000);
});
