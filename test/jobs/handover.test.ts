import { describe, expect, it } from 'vitest';
import { reportCoverage } from '../../jobs/report-coverage.ts';
import { startBackfill } from '../../jobs/start-backfill.ts';
import { type Asked, kindOf } from '../../src/core/asked.ts';
import { listAuditSince } from '../../src/store/audit.ts';
import { receiveRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import { eachEngine } from './each-engine.ts';
import type { Engine } from './engine.ts';
import { waitUntil } from './wait-until.ts';

let store: Store;
let engine: Engine;
let asked = 0;
eachEngine((made, empty) => {
  [engine, store] = [made, empty];
});

/** Works on what Maya typed in C1, or pressed. Returns the request's id. */
async function ask(command: Asked['command'], text: string, more: Partial<Asked> = {}): Promise<string> {
  const now = engine.ports.clock.now();
  const id = `${String(++asked).padStart(12, '0')}request`;
  const user = { user: 'U0MAYA11', userName: 'maya' };
  const payload: Asked = { command, text, ...user, channel: 'C1', thread: null, at: now, ...more };
  await receiveRequest(store.query, { id, key: id, kind: kindOf(command), payload, now });
  await (command === '/coverage' ? reportCoverage : startBackfill)(engine.ports, { request: id });
  return id;
}

const answerTo = (request: string) =>
  waitUntil('the answer', () => engine.posted.find(({ key }) => key === `answer:${request}`)?.message);

/** What was entered by or for her, without the instants. */
const entries = async () =>
  (await listAuditSince(store.query, 0)).map(({ actor, action, detail }) => ({ actor, action, detail }));

describe('/backfill handover', () => {
  it('is posted for all where it was asked, as Markdown to copy, with what was typed and commands of the chat', async () => {
    await engine.start();
    const launch = await ask('/backfill', 'base 2022-01-03..2022-01-04 --reason "for \u201cJanuary\u201d"');
    const id = launch.slice(0, 12);
    await engine.done(id);
    const request = await ask('/backfill', `handover ${id}`);
    const { text, blocks } = await answerTo(request);
    expect(text).toContain('*Hand-over of base, 3-4 Jan 2022*: succeeded, nothing remains.');
    const shown = JSON.stringify(blocks.find((block) => JSON.stringify(block).includes('preformatted')));
    expect(shown).toContain('by maya (U0MAYA11)');
    expect(shown).toContain('slack C1');
    expect(shown).toContain('command: `/backfill base 2022-01-03..2022-01-04 --reason');
    expect(shown).toContain('base: 2 dates done (2022-01-03..2022-01-04); 8 rows written; 2 attempts');
    expect(engine.posted.filter(({ key }) => key === 'whisper')).toEqual([]);
  });

  it('tells the asker alone that there is none of this id', async () => {
    await ask('/backfill', 'handover nosuch');
    expect(engine.posted.map(({ key, message }) => [key, message.text])).toEqual([
      ['whisper', expect.stringContaining('There is no backfill nosuch.')],
    ]);
  });
});

describe('the audit log of the chat', () => {
  it('has who did what in which channel and words, and whether a button was pressed', async () => {
    const id = (await ask('/backfill', 'base 2022-01-03..2022-01-05 --reason late')).slice(0, 12);
    await ask('/backfill', `pause ${id} --reason "the source is late"`);
    await ask('/backfill', `cancel ${id}`, { offer: 'offer 1', channel: 'C2' });
    await ask('/coverage', 'accept base 2022-01-09 --reason "no source"');
    const from = 'slack C1';
    expect(await entries()).toMatchObject([
      {
        actor: 'U0MAYA11',
        action: 'launch',
        detail: {
          from,
          name: 'maya',
          typed: '/backfill base 2022-01-03..2022-01-05 --reason late',
          reason: 'late',
          cells: 3,
        },
      },
      {
        action: 'pause',
        detail: { from, reason: 'the source is late', typed: expect.stringContaining('/backfill pause') },
      },
      { action: 'cancel', detail: { from: 'slack C2', typed: `/backfill cancel ${id}`, pressed: true, stopped: 3 } },
      {
        action: 'accept',
        detail: { from, typed: expect.stringContaining('/coverage accept base'), reason: 'no source' },
      },
    ]);
  });

  it('has who watched, who ended it, and who follows a backfill', async () => {
    const id = (await ask('/backfill', 'base 2022-01-03')).slice(0, 12);
    await ask('/coverage', 'watch base');
    await ask('/coverage', 'watch base off');
    await ask('/backfill', `follow ${id}`, { user: 'U0THEO11', userName: 'theo' });
    expect((await entries()).slice(1)).toMatchObject([
      {
        actor: 'U0MAYA11',
        action: 'watch',
        detail: { tables: ['base'], from: 'slack C1', typed: '/coverage watch base' },
      },
      { actor: 'U0MAYA11', action: 'unwatch', detail: { from: 'slack C1', typed: '/coverage watch base off' } },
      {
        actor: 'U0THEO11',
        action: 'follow',
        detail: { from: 'slack C1', typed: `/backfill follow ${id}`, name: 'theo' },
      },
    ]);
  });

  it('has a declined override once, however often its request is worked on', async () => {
    const text = 'mid 2022-01-03 --no-resume --reason "I know"';
    const request = await ask('/backfill', text);
    await store.query(`update requests set done_at = null where id = $1`, [request]);
    await startBackfill(engine.ports, { request });
    expect(await entries()).toMatchObject([
      {
        actor: 'U0MAYA11',
        action: 'refused',
        detail: { overrides: ['--no-resume'], reason: 'I know', why: 'dates are blocked' },
      },
    ]);
  });
});
