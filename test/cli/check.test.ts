import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/finding.ts';
import { describeSettings } from '../../src/settings.ts';
import { emptyHome, type Folder, runBackcourt, runJson, startServer } from '../support/run-backcourt.ts';

let home: Folder;
beforeEach(async () => {
  home = await emptyHome();
}, 120_000);
afterEach(() => home.remove());

type Checked = { readonly ok: boolean; readonly checks: readonly Finding[] };
const check = (env: Record<string, string> = {}) =>
  runJson<Checked>(['check', '--home', home.path], { env }).then(({ code, json }) => ({
    code,
    all: json.checks,
    wrongs: json.checks.filter(({ ok }) => !ok),
  }));

describe('backcourt check', { timeout: 60_000 }, () => {
  it('has a line for every setting, and for all that is used', async () => {
    const { code, all, wrongs } = await check();
    expect([code, wrongs]).toEqual([0, []]);
    const whats = all.map(({ what }) => what);
    expect(whats).toEqual(expect.arrayContaining(describeSettings().map(({ name }) => `setting ${name}`)));
    const used = [
      'pipeline',
      'store',
      'store tables',
      'store clock',
      'messages',
      'warehouse',
      'queue',
      'service phase4',
    ];
    expect(whats).toEqual(expect.arrayContaining(used));
  });

  it('says of settings that are wrong what to give instead, never repeats them, and ends with 3', async () => {
    const env = { BACKCOURT_STORE: 'mysql://CANARY', PORT: 'CANARY' };
    const { code, all, wrongs } = await check(env);
    expect(code).toBe(3);
    expect(wrongs.map(({ what }) => what)).toEqual(['setting PORT', 'setting BACKCOURT_STORE']);
    expect(wrongs[1]?.remedy).toMatch(/^Give pglite:FOLDER or postgres:/);
    expect(JSON.stringify(all)).not.toContain('CANARY');
    const { out } = await runBackcourt(['check', '--home', home.path], { env });
    expect(out).toContain('WRONG setting PORT: is not right. Give a whole number from 0 to 65535.');
  });

  it('goes on to the rest when the state does not answer', async () => {
    const { code, all, wrongs } = await check({ BACKCOURT_STORE: 'postgres://bot:CANARY@127.0.0.1:1/none' });
    expect(code).toBe(3);
    expect(wrongs).toMatchObject([{ what: 'store', detail: expect.stringContaining('does not answer') }]);
    expect(all.map(({ what }) => what)).toEqual(expect.arrayContaining(['warehouse', 'service phase4']));
    expect(JSON.stringify(all)).not.toContain('CANARY');
  });

  it('is answered by the server that holds the home', async () => {
    const server = await startServer(['--home', home.path]);
    try {
      const { code, all, wrongs } = await check();
      expect([code, wrongs]).toEqual([0, []]);
      expect(all.map(({ what }) => what)).toEqual(expect.arrayContaining(['home', 'store', 'slack', 'service phase4']));
      const ready = await fetch(`${server.url}/readyz`);
      expect([ready.status, await ready.json()]).toEqual([200, { state: 'ready' }]);
    } finally {
      await server.end('SIGKILL');
    }
  });
});
