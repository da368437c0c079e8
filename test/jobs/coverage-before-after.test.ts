/** What a backfill tells of coverage: who fills a date while it runs, and how far its dates were and are. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reportCoverage } from '../../jobs/report-coverage.ts';
import { putProgress } from '../../jobs/show-progress.ts';
import type { Message } from '../../src/messages/message.ts';
import { loadMessage } from '../../src/store/messages.ts';
import { receiveRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import { renderBlocks } from '../support/render-message.ts';
import { emptyStore } from '../support/small-backfills.ts';
import { memoryStore } from '../support/stores.ts';
import { type Engine, makeEngine } from './engine.ts';
import { waitUntil } from './wait-until.ts';

let store: Store;
let engine: Engine;
let linked: string[];
beforeAll(async () => {
  store = await memoryStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  linked = [];
  engine = await makeEngine(
    store,
    {},
    {
      chat: (list) => ({
        ...list,
        link: async ({ channel, ts }) => {
          linked.push(ts);
          return `https://team.slack.example/archives/${channel}/p${ts}`;
        },
      }),
    },
  );
  await engine.start();
});
afterEach(async () => {
  await engine.close();
  await emptyStore(store);
});

async function ask(text: string): Promise<string> {
  const now = engine.ports.clock.now();
  const payload = { command: '/coverage', text, user: 'bob', userName: 'bob', channel: 'C2', thread: null, at: now };
  const id = `r${text.length}`;
  await receiveRequest(store.query, { id, key: id, kind: 'report-coverage', payload, now });
  await reportCoverage(engine.ports, { request: id });
  return renderBlocks((await loadMessage(store.query, `answer:${id}`)).content);
}

async function posted(key: string): Promise<Message> {
  return waitUntil(`the message ${key}`, async () => engine.posted.find((said) => said.key === key)?.message);
}

describe('a date that a backfill fills now', () => {
  it('is told with who, and with a link to the message of the backfill', async () => {
    engine.processor.hold();
    const id = await engine.run('base 2022-01-01 2022-01-02', 'U0ADALOVE', 'C0PIPELINE');
    await putProgress(engine.ports, id);
    await waitUntil(
      'the root message',
      async () => (await loadMessage(store.query, `backfill:${id}:root`)).ts !== null,
    );
    await waitUntil('both calls', async () => engine.processor.underWay().length === 2);
    const where = `in backfill \`${id}\` by @U0ADALOVE in #C0PIPELINE: [its progress](https://team.slack.example/archives/C0PIPELINE/p1)`;
    expect(await ask('base 2022-01-01 2022-01-03')).toContain(`*Running now*: base 1-2 Jan 2022, ${where}`);
    expect(await ask('why base 2022-01-02')).toContain(`*Running now*: base 2 Jan 2022, ${where}`);
    expect(linked).toEqual(['1', '1']);
    engine.processor.release();
    await engine.done(id);
    expect(await ask('base 2022-01-01..2022-01-03')).not.toContain('Running now');
  });

  it('is told with a command to type where the backfill was launched at a terminal', async () => {
    engine.processor.hold();
    const id = await engine.run('base 2022-01-01', 'ada', null);
    await waitUntil('the call', async () => engine.processor.underWay().length === 1);
    expect(await ask('base 2022-01-01')).toContain(`by ada on the command line: \`/backfill status ${id}\``);
    expect(linked).toEqual([]);
    engine.processor.release();
    await engine.done(id);
  });
});

describe('a backfill that is over', () => {
  const figures = (lines: readonly { name: string; complete: number; expected: number }[] = []) =>
    lines.map((line) => `${line.name} ${line.complete}/${line.expected}`);

  it('tells how many of the asked dates were complete in every table it touched, and are now', async () => {
    await engine.write('base', '2022-01-01', 4);
    await engine.write('mid', '2022-01-01', 4);
    const id = await engine.run('mid 2022-01-01 2022-01-04 --with-upstream', 'ada', 'C1');
    const { coverage } = await engine.done(id);
    expect(figures(coverage?.before.tables)).toEqual(['base 1/4', 'mid 1/4']);
    expect(figures(coverage?.after?.tables)).toEqual(['base 4/4', 'mid 4/4']);
    expect(figures(coverage?.before.months)).toEqual(['2022-01 2/8']);
    const summary = renderBlocks(await posted(`backfill:${id}:summary`));
    expect(summary).toContain('• *base*: 1 of 4 complete, now 4 (100 %)\n• *mid*: 1 of 4 complete, now 4 (100 %)');
  });

  it('tells of what is still missing', async () => {
    engine.processor.script('base 2022-01-02', { rows: 0, answer: { kind: 'answered', reported: 'success' } });
    const id = await engine.run('base 2022-01-01 2022-01-02', 'ada', 'C1');
    const { coverage } = await engine.done(id);
    expect([figures(coverage?.before.tables), figures(coverage?.after?.tables)]).toEqual([['base 0/2'], ['base 1/2']]);
    expect(renderBlocks(await posted(`backfill:${id}:summary`))).toContain('*base*: 0 of 2 complete, now 1 (50.0 %)');
  });

  it('compares nothing where there was nothing to run', async () => {
    await engine.write('base', '2022-01-01', 4);
    const id = await engine.run('base 2022-01-01', 'ada', 'C1');
    expect((await engine.done(id)).coverage).toBeNull();
    expect(renderBlocks(await posted(`backfill:${id}:summary`))).not.toContain('Coverage of these dates');
  });
});
