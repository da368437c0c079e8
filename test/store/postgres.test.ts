/** A Postgres of this file's own, whose sessions are cut and which is killed while work is under way. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../../src/fault.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import type { Store } from '../../src/store/store.ts';
import { waitUntil } from '../jobs/wait-until.ts';
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres.ts';

const server = await startOwnPostgres({ encrypted: true });
if (server === undefined) console.warn('Postgres that goes away: not run, since no server programs are installed');
afterAll(() => server?.close());

const own = (): OwnPostgres => {
  if (server === undefined) throw new Error('there is no server');
  return server;
};
const encrypted = () => {
  const { encrypted } = own();
  if (encrypted === undefined) throw new Error('it does not encrypt');
  return encrypted;
};

/** Speaks to the server beside the store. */
async function ask<T extends pg.QueryResultRow>(sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: own().url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

const cutAll = () => ask(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'backcourt'`);

/** Repeats what may pass, as the queue does with a task. */
async function untilDone(work: () => Promise<void>): Promise<number> {
  for (let faults = 0; ; faults++) {
    try {
      await work();
      return faults;
    } catch (error) {
      if (!(error instanceof Fault) || error.retry !== 'later') throw error;
    }
  }
}

describe.runIf(server)('a store whose server goes away', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openPostgres(own().url, { poolSize: 6 });
    await store.query('create table steps (key int4 primary key)');
    await store.query('create table counter (n int4 not null)');
    await store.query('insert into counter values (0)');
  });
  afterAll(() => store?.close());

  /** Counts each key once, however often it is asked for. */
  const count = (key: number) =>
    store.transaction(async (query) => {
      const fresh = await query('insert into steps values ($1) on conflict do nothing returning key', [key]);
      if (fresh.length > 0) await query('update counter set n = n + 1');
    });

  async function countWhile(from: number, disturb: () => Promise<void>): Promise<void> {
    const keys = Array.from({ length: 600 }, (_, n) => from + n);
    let done = 0;
    let over = false;
    const disturbing = (async () => {
      await waitUntil('some are done', () => done > 50);
      await disturb();
      over = true;
    })();
    const workers = Array.from({ length: 6 }, async () => {
      for (let key = keys.shift(); key !== undefined; key = keys.shift()) {
        await untilDone(() => count(key));
        done += 1;
        // Work goes on for as long as there is disturbance.
        if (keys.length === 0 && !over) keys.push(from + done);
      }
    });
    await Promise.all([...workers, disturbing]);
  }

  const figures = async () => {
    const [row] = await store.query<{ steps: number; counted: number }>(
      `select (select count(*)::int4 from steps) as steps, (select n from counter) as counted`,
    );
    return row;
  };

  it('loses nothing and counts nothing twice when its sessions are cut again and again', async () => {
    const before = (await figures())?.steps ?? 0;
    await countWhile(10_000, async () => {
      for (let n = 0; n < 15; n++) await cutAll();
    });
    const after = await figures();
    expect(after?.counted).toBe(after?.steps);
    expect((after?.steps ?? 0) - before).toBeGreaterThanOrEqual(600);
  }, 60_000);

  it('goes on by itself after the server was killed under it', async () => {
    const before = (await figures())?.steps ?? 0;
    await countWhile(20_000, () => own().crash());
    const after = await figures();
    expect(after?.counted).toBe(after?.steps);
    expect((after?.steps ?? 0) - before).toBeGreaterThanOrEqual(600);
  }, 60_000);

  it('repeats a transaction whose session was cut before the commit, without a word', async () => {
    let runs = 0;
    await store.transaction(async (query) => {
      runs += 1;
      const [row] = await query<{ pid: number }>('select pg_backend_pid() as pid');
      if (runs === 1) await ask(`select pg_terminate_backend(${row?.pid})`);
      await query('insert into steps values (1)');
    });
    expect(runs).toBe(2);
  });

  it('leaves a server that takes no writes any more, and finds the one that does', async () => {
    const one = await openPostgres(own().url, { poolSize: 1 });
    await ask('alter database postgres set default_transaction_read_only = on');
    await one.query('select 1');
    await ask(`set transaction_read_only = off; alter database postgres set default_transaction_read_only = off`);
    let runs = 0;
    await one.transaction(async (query) => {
      runs += 1;
      await query('insert into steps values (2)');
    });
    expect(runs).toBe(2);
    await one.close();
  });

  it('does not repeat one whose session was cut while it was committed, since it may have been', async () => {
    await store.query('create table slow (n int4)');
    await store.query(`create function dawdle() returns trigger language plpgsql as
      $$ begin perform pg_sleep(20); return null; end $$`);
    await store.query(`create constraint trigger dawdles after insert on slow deferrable initially deferred
      for each row execute function dawdle()`);
    let runs = 0;
    const committed = store.transaction(async (query) => {
      runs += 1;
      await query('insert into slow values (1)');
    });
    const cut = waitUntil('the commit is under way', async () => {
      const rows = await ask(
        `select pg_terminate_backend(pid) from pg_stat_activity where state = 'active' and query = 'commit'`,
      );
      return rows.length > 0;
    });
    await expect(committed).rejects.toMatchObject({ name: 'Fault', retry: 'later' });
    await cut;
    expect(runs).toBe(1);
  });
});

describe.runIf(server)('a store with limits', () => {
  const open = (limits: object) => openPostgres(own().url, { poolSize: 3, limits });

  it('gives up a statement that takes too long, and works again', async () => {
    const store = await open({ statement: 100 });
    await expect(store.query('select pg_sleep(20)')).rejects.toMatchObject({ retry: 'later' });
    expect(await store.query('select 1::int4 as n')).toEqual([{ n: 1 }]);
    await store.close();
  });

  it('gives up waiting for a lock that somebody keeps', async () => {
    const store = await open({ lock: 100 });
    await store.query('create table if not exists locked (n int4)');
    const keeper = new pg.Client({ connectionString: own().url });
    await keeper.connect();
    await keeper.query('begin; lock table locked');
    const waiting = store.transaction((query) => query('insert into locked values (1)'));
    await expect(waiting).rejects.toMatchObject({ retry: 'later' });
    await keeper.end();
    await store.query('insert into locked values (1)');
    await store.close();
  });

  it('frees what was locked by a transaction that nobody goes on with', async () => {
    const store = await open({ idle: 200 });
    await store.query('create table if not exists kept (n int4)');
    let goOn = () => {};
    const paused = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let runs = 0;
    const stuck = store.transaction(async (query) => {
      await query('lock table kept');
      // As a process does that has no processor time for a while.
      if (++runs === 1) await paused;
      await query('insert into kept values (1)');
    });
    await store.query('insert into kept values (2)');
    goOn();
    await stuck;
    expect(await store.query('select n from kept order by n')).toEqual([{ n: 1 }, { n: 2 }]);
    await store.close();
  });

  it('does not wait for ever for a server that says nothing', async () => {
    const store = await open({ silence: 100 });
    await expect(store.query('select pg_sleep(20)')).rejects.toMatchObject({
      retry: 'later',
      message: 'the state store does not answer',
    });
    await expect(store.transaction((query) => query('select pg_sleep(20)'))).rejects.toMatchObject({ retry: 'later' });
    await store.close();
  });

  it('tells how many of its connections are in use', async () => {
    const store = await openPostgres(own().url, { poolSize: 1 });
    const both = Promise.all([store.query('select pg_sleep(0.05)'), store.query('select 1')]);
    expect(store.pool()).toMatchObject({ open: 1, waiting: 1 });
    await both;
    expect(store.pool()).toEqual({ open: 1, idle: 1, waiting: 0 });
    await store.close();
  });
});

if (server && !server.encrypted) console.warn('Encrypted sessions: not run, since there is no openssl');

describe.runIf(server?.encrypted)('the address of a store', () => {
  const isEncrypted = async (url: string) => {
    const store = await openPostgres(url);
    try {
      const [row] = await store.query<{ ssl: boolean }>('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
      return row?.ssl;
    } finally {
      await store.close();
    }
  };
  const byPort = (more: string, host = 'localhost') =>
    `postgres://postgres@${host}:${encrypted().port}/postgres?${more}`;
  const certificate = () => `sslrootcert=${encodeURIComponent(encrypted().certificate)}`;

  it('may name the folder of a socket and no host, as that of a Cloud SQL instance does', async () => {
    const folder = new URL(own().url).searchParams.get('host') ?? '';
    const url = `postgres://postgres@/postgres?host=${folder}&port=${encrypted().port}`;
    expect(await isEncrypted(url)).toBe(false);
  });

  it('encrypts with sslmode=require, whoever the server says it is', async () => {
    expect(await isEncrypted(byPort('sslmode=require'))).toBe(true);
  });

  it('checks the authority with verify-ca, and the name too with verify-full', async () => {
    expect(await isEncrypted(byPort(`sslmode=verify-ca&${certificate()}`, '127.0.0.1'))).toBe(true);
    expect(await isEncrypted(byPort(`sslmode=verify-full&${certificate()}`))).toBe(true);
    const refused = { retry: 'never', remedy: expect.stringContaining('sslmode') };
    await expect(isEncrypted(byPort(`sslmode=verify-full&${certificate()}`, '127.0.0.1'))).rejects.toMatchObject(
      refused,
    );
    await expect(isEncrypted(byPort('sslmode=verify-full'))).rejects.toMatchObject(refused);
  });

  it('that asks for encryption where there is none is a fault that says what to set', async () => {
    // No session over a socket is encrypted.
    await expect(isEncrypted(`${own().url}&sslmode=require`)).rejects.toMatchObject({
      message: 'the state store cannot be spoken to in secret',
      retry: 'never',
    });
  });
});
