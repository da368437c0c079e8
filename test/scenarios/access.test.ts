/** Roles where a request is acted upon: whoever could ask may not be allowed any more, or not for all of what it takes. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { reportCoverage } from '../../jobs/report-coverage.ts';
import { startBackfill } from '../../jobs/start-backfill.ts';
import { buildAccess } from '../../src/core/catalogue/access-file.ts';
import { findBackfill, listBackfills } from '../../src/store/backfills.ts';
import { receiveRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import { type Engine, makeEngine } from '../jobs/engine.ts';
import { waitUntil } from '../jobs/wait-until.ts';
import { emptyStore } from '../support/small-backfills.ts';
import { memoryStore } from '../support/stores.ts';

const [olga, fred] = ['U0OPERATOR', 'U0FOREIGN1'];
const team = new Map([['S0DATATEAM', [olga]]]);
const access = buildAccess({ operators: ['S0DATATEAM'], tables: { base: { operators: [fred] } } });

let store: Store;
let engine: Engine;

beforeAll(async () => {
  store = await memoryStore();
});
afterAll(() => store.close());
afterEach(async () => {
  await engine.close();
  await emptyStore(store);
});

async function start(groups: ReadonlyMap<string, readonly string[]> = team) {
  engine = await makeEngine(store, { access, groups });
  await engine.start();
}

async function ask(id: string, text: string, user = olga, command: '/backfill' | '/coverage' = '/backfill') {
  const at = Date.parse('2022-04-30');
  const payload = { command, text, user, userName: user, channel: 'C2', thread: null, at };
  const kind = command === '/backfill' ? 'start-backfill' : 'report-coverage';
  await receiveRequest(store.query, { id, key: id, kind, payload, now: 1 });
  await (command === '/backfill' ? startBackfill : reportCoverage)(engine.ports, { request: id });
}

const whispered = () => engine.posted.filter((said) => said.key === 'whisper').map((said) => said.message.text);
const stored = () => listBackfills(store.query, { pipeline: 'lab', limit: 10 });

describe('a request that was taken', () => {
  it('is not acted upon where its writer has lost the role meanwhile', async () => {
    await start(new Map([['S0DATATEAM', []]]));
    await ask('r1', 'mid 2022-01-01');
    await ask('r2', 'accept mid 2022-01-01 --reason "lost"', olga, '/coverage');
    expect(whispered()).toEqual([
      expect.stringContaining('You may not run backfills of mid'),
      expect.stringContaining('You may not accept or revoke gaps of mid'),
    ]);
    expect(await stored()).toEqual([]);
  });

  it('is not acted upon while nobody can say who is in the group that decides it', async () => {
    await start(new Map());
    await ask('r1', 'mid 2022-01-01');
    expect(whispered()).toEqual([expect.stringContaining('Slack did not tell')]);
    expect(await stored()).toEqual([]);
  });
});

describe('a backfill with --with-upstream', () => {
  it('needs the role for every table that it would fill', async () => {
    await start();
    await ask('r1', 'mid 2022-01-01 --with-upstream');
    expect(whispered()).toEqual([expect.stringMatching(/You may not run backfills of base\..*Who may: /s)]);
    expect(await stored()).toEqual([]);
    await engine.write('base', '2022-01-01', 4);
    await ask('r2', 'mid 2022-01-01 --with-upstream');
    expect(await stored()).toMatchObject([{ target: 'mid', requestedBy: olga }]);
  });
});

describe('a backfill that waited for another one', () => {
  it('does not start when its turn has come and its writer has lost the role', async () => {
    const groups = new Map([['S0DATATEAM', [olga]]]);
    await start(groups);
    await engine.write('base', '2022-01-01', 4);
    await engine.write('base', '2022-01-02', 4);
    engine.processor.hold();
    const first = await engine.run('mid 2022-01-01', olga, 'C1');
    await ask('r1', `mid 2022-01-02 --after ${first}`);
    groups.set('S0DATATEAM', []);
    engine.processor.release();
    await engine.done(first);
    const [waited] = (await stored()).filter(({ id }) => id !== first);
    const over = await waitUntil('its end', async () => {
      const found = await findBackfill(store.query, waited?.id ?? '');
      return found?.state === 'done' && found;
    });
    expect(over.result).toBe('refused');
    await waitUntil('what its thread says', () =>
      engine.posted.some(({ message }) => message.text.includes('You may not run backfills of mid')),
    );
  });
});
