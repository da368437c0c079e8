/** A server that cannot start must end: one that hangs holds the home, and nobody restarts it. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openPglite } from '../../src/store/pglite.ts';
import { demoHome, runBackcourt } from '../support/run-backcourt.ts';

it('a server whose start fails after it began to listen says why, ends, and leaves the home free', async () => {
  const home = await demoHome();
  const alter = async (statement: string) => {
    const store = await openPglite(join(home.path, 'state'));
    await store.query(statement);
    await store.close();
  };
  await alter('alter table cells rename column rung to was_rung');
  const ran = await runBackcourt(['serve', '--home', home.path], { env: { PORT: '0' }, timeout: 40_000 });
  expect(ran.code).toBe(3);
  expect(ran.err).toContain('Something did not work: the state store refused a statement');

  await alter('alter table cells rename column was_rung to rung');
  expect((await runBackcourt(['status', '--home', home.path])).code).toBe(0);
  home.remove();
}, 120_000);
