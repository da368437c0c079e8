/** What the two adapters promise around the statements: the same values, errors as Faults, transactions that hold. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../../src/fault.ts';
import { migrate } from '../../src/store/migrate.ts';
import { migrations } from '../../src/store/migrations.ts';
import { openPglite } from '../../src/store/pglite.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { faultOf, guardDriver } from '../../src/store/postgres-guard.ts';
import type { Store } from '../../src/store/store.ts';
import { memoryStore, postgresAnswers, postgresStore } from '../support/stores.ts';

const adapters: [string, (options?: { migrated?: boolean }) => Promise<Store>][] = [['PGlite', memoryStore]];
const onPostgres = await postgresAnswers('store adapters');
if (onPostgres) adapters.push(['Postgres', postgresStore]);

describe.each(adapters)('the store on %s', (_name, open) => {
  let store: Store;
  beforeAll(async () => {
    store = await open({ migrated: false });
  });
  afterAll(() => store.close());

  it('gives the same values: int8 and counts as number, dates and timestamps as text, jsonb as objects', async () => {
    const rows = await store.query(
      `select 9007199254740991::int8 as big, count(*) as n, date '2021-03-28' as d, timestamp '2021-03-28 02:30' as t, 1.5::float8 as f, true as yes,
         null as nothing, '{"a":[1,null]}'::jsonb as j`,
    );
    expect(rows).toEqual([
      {
        big: 9007199254740991,
        n: 1,
        d: '2021-03-28',
        t: '2021-03-28 02:30:00',
        f: 1.5,
        yes: true,
        nothing: null,
        j: { a: [1, null] },
      },
    ]);
  });

  it('takes texts that Postgres cannot hold, with a mark where they were', async () => {
    const [row] = await store.query(`select $1::text as a, $2::text as b`, ['a\0b', 'half \ud83d!']);
    expect(row).toEqual({ a: 'a\ufffdb', b: 'half \ufffd!' });
  });

  it('commits what a transaction did, and nothing of one that threw', async () => {
    await store.query(`create table if not exists kept (n int4)`);
    await store.transaction((query) => query(`insert into kept values (1)`));
    const failed = store.transaction(async (query) => {
      await query(`insert into kept values (2)`);
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await store.query(`select n from kept`)).toEqual([{ n: 1 }]);
  });

  it('refuses to be used beside the query of a transaction, and works again afterwards', async () => {
    const inside = store.transaction(() => store.query(`select 1`));
    await expect(inside).rejects.toThrow('inside a transaction');
    const nested = store.transaction(() => store.transaction(async () => 1));
    await expect(nested).rejects.toThrow('inside a transaction');
    expect(await store.query(`select 1::int4 as n`)).toEqual([{ n: 1 }]);
  });

  it('lets work that a transaction started use the store once the transaction is over', async () => {
    let later: Promise<unknown> = Promise.resolve();
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    await store.transaction(async (query) => {
      later = over.then(() => store.query(`select 2::int4 as n`));
      await query(`select 1`);
    });
    end();
    expect(await later).toEqual([{ n: 2 }]);
  });

  it('runs transactions that are asked for together, each whole', async () => {
    await store.query(`create table if not exists counter (n int4)`);
    await store.query(`insert into counter values (0)`);
    const add = () =>
      store.transaction(async (query) => {
        const [row] = await query<{ n: number }>(`select n from counter for update`);
        await query(`update counter set n = $1::int4`, [(row?.n ?? 0) + 1]);
      });
    await Promise.all(Array.from({ length: 12 }, add));
    expect(await store.query(`select n from counter`)).toEqual([{ n: 12 }]);
  });

  it('says of a wrong statement that it is no use to try again', async () => {
    const fault = await store.query(`select nothing from nowhere`).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ retry: 'never', message: 'the state store refused a statement' });
  });

  it('is migrated once, however often and however many ask', async () => {
    const fresh = await open({ migrated: false });
    const ran = await Promise.all([migrate(fresh), migrate(fresh), migrate(fresh)]);
    expect(ran.flat()).toEqual(migrations.map((step) => step.number));
    expect(await migrate(fresh)).toEqual([]);
    await fresh.close();
  });
});

describe('a transaction that the database breaks off', () => {
  const breaks = (times: number, code: string) => {
    let tried = 0;
    const waits: number[] = [];
    const store = guardDriver(
      {
        run: async () => [],
        transaction: async (work) => {
          const result = await work(async () => []);
          if (++tried <= times) throw Object.assign(new Error('broken off'), { code });
          return result;
        },
        close: async () => {},
      },
      { wait: async (ms) => void waits.push(ms), chance: () => 0.5 },
    );
    return { store, waits, tried: () => tried };
  };

  it.each(['40001', '40P01'])('is repeated on %s with growing pauses', async (code) => {
    const { store, waits, tried } = breaks(3, code);
    expect(await store.transaction(async () => 'done')).toBe('done');
    expect(tried()).toBe(4);
    expect(waits).toEqual([10, 20, 40]);
  });

  it('is given up after five tries, as a fault that may pass', async () => {
    const { store, tried } = breaks(99, '40001');
    await expect(store.transaction(async () => 1)).rejects.toMatchObject({ name: 'Fault', retry: 'later' });
    expect(tried()).toBe(5);
  });

  it('is not repeated for any other reason', async () => {
    const { store, tried } = breaks(99, '23505');
    await expect(store.transaction(async () => 1)).rejects.toMatchObject({ name: 'Fault', retry: 'never' });
    expect(tried()).toBe(1);
  });
});

describe('errors of the vendors', () => {
  it.each([
    ['57P01', 'later'],
    ['08006', 'later'],
    ['53300', 'later'],
    ['57014', 'later'],
    ['ECONNRESET', 'later'],
    ['28P01', 'never'],
    ['42P01', 'never'],
  ])('%s is a fault to be tried %s', (code, retry) => {
    expect(faultOf(Object.assign(new Error('x'), { code }))).toMatchObject({ name: 'Fault', retry });
  });

  it('leaves errors of the work as they are', () => {
    const error = new Error('mine');
    expect(faultOf(error)).toBe(error);
  });

  it('says of a server that is not there that it does not answer', async () => {
    const store = await openPostgres('postgres://nobody@127.0.0.1:1/none');
    await expect(store.query('select 1')).rejects.toMatchObject({
      retry: 'later',
      message: 'the state store does not answer',
    });
    await store.close();
  });
});

describe('a home on disk', () => {
  it('is created aside, opened, and found again with what was written', async () => {
    const home = mkdtempSync(join(tmpdir(), 'backcourt-store-'));
    try {
      const dir = join(home, 'state');
      const first = await openPglite(dir);
      await migrate(first);
      await first.query(`insert into audit (at, actor, action, subject, detail) values (1, 'a', 'b', 'c', '{}')`);
      await first.close();
      const second = await openPglite(dir);
      expect(await migrate(second)).toEqual([]);
      expect(await second.query(`select actor from audit`)).toEqual([{ actor: 'a' }]);
      await second.close();
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});
