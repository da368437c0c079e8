import { afterAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/finding.ts';
import { checkStore } from '../../src/store/check-store.ts';
import { migrate } from '../../src/store/migrate.ts';
import { migrations } from '../../src/store/migrations.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import type { Store } from '../../src/store/store.ts';
import { memoryStore, ownSchema, postgresAnswers } from '../support/stores.ts';

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of closing.reverse()) await end();
});
const check = (store: Store, now = Date.now) => checkStore(store.query, now);
const wrongs = (findings: readonly Finding[]) => findings.filter(({ ok }) => !ok);

describe('a check of the state', () => {
  it('finds nothing wrong with one in this process', async () => {
    const store = await memoryStore();
    closing.push(() => store.close());
    const found = await check(store);
    expect(wrongs(found)).toEqual([]);
    expect(found.map(({ what }) => what)).toEqual(['store', 'store durability', 'store tables', 'store clock']);
  });

  it('finds a clock that is not ours', async () => {
    const store = await memoryStore();
    closing.push(() => store.close());
    const minute = 60_000;
    expect(wrongs(await check(store, () => Date.now() - minute))).toMatchObject([
      { what: 'store clock', detail: expect.stringMatching(/^is (59\.9|60|60\.\d) s ahead of ours$/) },
    ]);
  });
});

const answers = await postgresAnswers('a check of the state');
if (!answers) console.warn('a check of the state on Postgres: not run');

describe.runIf(answers)('a check of the state on Postgres', () => {
  const open = async (more = '') => {
    const schema = await ownSchema();
    const url = new URL(schema.url);
    url.searchParams.set('options', `${url.searchParams.get('options')}${more}`);
    const store = await openPostgres(url.href);
    closing.push(async () => {
      await store.close();
      await schema.drop();
    });
    return store;
  };
  const tables = async (store: Store) => (await check(store)).find(({ what }) => what === 'store tables');

  it('says how many steps the next start will run, and runs none', async () => {
    const store = await open();
    const all = migrations.length;
    const said = `${all} of ${all} steps are to run, which the next start does`;
    expect(await tables(store)).toMatchObject({ ok: true, detail: said });
    expect(await tables(store)).toMatchObject({ ok: true, detail: said });
    await migrate(store);
    expect(await tables(store)).toMatchObject({ ok: true, detail: `all ${all} steps have run` });
  });

  it('finds a user that may neither make tables nor write to them', async () => {
    const store = await open();
    const user = `reader_${process.pid}`;
    await store.query(`create role ${user}`);
    closing.push(async () => void (await store.query(`drop role if exists ${user}`)));
    const asReader = () =>
      store.transaction(async (inside) => {
        await inside(`set local role ${user}`);
        return checkStore(inside, Date.now);
      });
    expect(wrongs(await asReader())).toMatchObject([{ what: 'store tables' }]);
    await migrate(store);
    const [schema] = await store.query<{ name: string }>('select current_schema()::text as name');
    await store.query(`grant usage on schema ${schema?.name} to ${user}`);
    await store.query(`grant select on migrations to ${user}`);
    const [denied] = wrongs(await asReader());
    expect(denied?.detail).toMatch(/^we may not write to .*backfills/);
    await store.query(`drop owned by ${user}`);
  });

  it('finds a server that loses what it committed, and a schema that is not there', async () => {
    expect(wrongs(await check(await open(' -c synchronous_commit=off')))).toMatchObject([{ what: 'store durability' }]);
    expect(wrongs(await check(await open(' -c search_path=nowhere')))).toMatchObject([
      { what: 'store tables', detail: 'there is no schema for them' },
    ]);
  });
});
