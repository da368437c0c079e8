import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeSettings, readSettings, type Settings } from '../src/settings.ts';

function settingsOf(env: Record<string, string>): Settings {
  const read = readSettings(env);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.settings;
}

function problemsOf(env: Record<string, string>): readonly string[] {
  const read = readSettings(env);
  return read.ok ? [] : read.problems;
}

describe('the settings', () => {
  it('have a default for everything', () => {
    expect(settingsOf({})).toEqual({
      port: 3000,
      pipeline: undefined,
      home: '.backcourt',
      warehouse: { kind: 'file', file: '.backcourt/warehouse.duckdb', isDefault: true },
      store: { kind: 'pglite', dir: '.backcourt/state' },
      logLevel: 'info',
      project: undefined,
      onCloudRun: false,
      metricsPort: undefined,
      identityTokens: false,
      concurrency: 4,
      variables: {},
      secrets: [],
    });
  });

  it('take blank for unset, and drop blanks around a value', () => {
    expect(settingsOf({ PORT: '', BACKCOURT_HOME: '  ', NBA_PROCESSORS_URL: ' ' })).toEqual(settingsOf({}));
    expect(settingsOf({ PORT: ' 8080\n' }).port).toBe(8080);
  });

  it('put store and warehouse into the home', () => {
    const { store, warehouse } = settingsOf({ BACKCOURT_HOME: '/data/bc' });
    expect(store).toEqual({ kind: 'pglite', dir: '/data/bc/state' });
    expect(warehouse).toEqual({ kind: 'file', file: '/data/bc/warehouse.duckdb', isDefault: true });
  });

  it('read where warehouse and store are', () => {
    expect(settingsOf({ BACKCOURT_WAREHOUSE: 'duckdb:a/b.duckdb' }).warehouse).toEqual({
      kind: 'file',
      file: 'a/b.duckdb',
      isDefault: false,
    });
    expect(settingsOf({ BACKCOURT_WAREHOUSE: 'duckdb:http://127.0.0.1:4000' }).warehouse).toEqual({
      kind: 'remote',
      url: 'http://127.0.0.1:4000',
    });
    expect(settingsOf({ BACKCOURT_STORE: 'pglite:x' }).store).toEqual({ kind: 'pglite', dir: 'x' });
    expect(settingsOf({ BACKCOURT_STORE: 'postgres://u:p%40ss@db/x' }).store).toEqual({
      kind: 'postgres',
      url: 'postgres://u:p%40ss@db/x',
      connections: 10,
    });
    const socket = 'postgres://u@/x?host=/cloudsql/p:r:i';
    expect(settingsOf({ BACKCOURT_STORE: socket, BACKCOURT_STORE_CONNECTIONS: '4' }).store).toEqual({
      kind: 'postgres',
      url: socket,
      connections: 4,
    });
    expect(problemsOf({ BACKCOURT_STORE: 'postgres://u@db/x?sslmode=maybe' })).toEqual([
      'BACKCOURT_STORE: give sslmode as one of disable, require, verify-ca, verify-full',
    ]);
  });

  it('name every problem in one report', () => {
    const problems = problemsOf({
      PORT: '70000',
      BACKCOURT_CONCURRENCY: '0',
      BACKCOURT_LOG_LEVEL: 'loud',
      BACKCOURT_WAREHOUSE: 'snowflake:x',
      BACKCOURT_STORE: 'mysql://x/y',
      NBA_PROCESSORS_URL: 'localhost:8080',
    });
    expect(problems.map((problem) => problem.split(':', 1)[0])).toEqual([
      'PORT',
      'BACKCOURT_WAREHOUSE',
      'BACKCOURT_STORE',
      'BACKCOURT_LOG_LEVEL',
      'BACKCOURT_CONCURRENCY',
      'NBA_PROCESSORS_URL',
    ]);
    expect(problems[0]).toBe('PORT: give a whole number from 0 to 65535');
  });

  it('never repeat a value in a problem, since it may be a secret in the wrong place', () => {
    const secret = 'CANARY-7d1f';
    for (const { name } of describeSettings()) {
      expect(problemsOf({ [name]: secret, K_SERVICE: 'x' }).join('\n')).not.toContain(secret);
    }
  });

  it('refuse a warehouse on another machine, which would run any SQL for anybody', () => {
    for (const place of [
      'http://10.0.0.7:4000',
      'https://127.0.0.1:4000',
      's3://bucket/x',
      'http://127.0.0.1.example.com',
    ]) {
      expect(problemsOf({ BACKCOURT_WAREHOUSE: `duckdb:${place}` }), place).toHaveLength(1);
    }
  });

  it('refuse an embedded store or warehouse on Cloud Run, where each instance would have its own truth', () => {
    expect(problemsOf({ K_SERVICE: 'backcourt' }).map((problem) => problem.split(':', 1)[0])).toEqual([
      'BACKCOURT_STORE',
      'BACKCOURT_WAREHOUSE',
    ]);
    const postgres = { K_SERVICE: 'backcourt', BACKCOURT_STORE: 'postgres://db/x' };
    expect(problemsOf(postgres)).toEqual([expect.stringContaining('BACKCOURT_WAREHOUSE')]);
    expect(problemsOf({ ...postgres, BACKCOURT_WAREHOUSE: 'duckdb:/tmp/x' })).toHaveLength(1);
  });

  it("give a pipeline's services every variable but Backcourt's own", () => {
    const env = {
      BACKCOURT_HOME: 'x',
      NBA_PROCESSORS_URL: 'http://a',
      OTHER_URL: 'http://b',
      EMPTY_URL: '',
    };
    expect(settingsOf(env).variables).toEqual({ NBA_PROCESSORS_URL: 'http://a', OTHER_URL: 'http://b' });
  });

  it('list what must not be logged', () => {
    const { secrets } = settingsOf({ BACKCOURT_STORE: 'postgres://u:p%40ss@db/x' });
    expect(secrets).toEqual(['p%40ss', 'p@ss']);
    expect(settingsOf({ BACKCOURT_STORE: 'postgres://u:50%@db/x' }).secrets).toContain('50%');
  });

  it('are each described, with the default that is used', () => {
    const described = describeSettings();
    for (const { name, meaning } of described) expect(meaning, name).not.toBe('');
    const defaults = described.flatMap((setting) =>
      setting.default !== undefined && /^[\w.]+$/.test(setting.default) ? [[setting.name, setting.default]] : [],
    );
    expect(defaults.length).toBeGreaterThan(3);
    expect(settingsOf(Object.fromEntries(defaults))).toEqual({
      ...settingsOf({}),
      variables: { PORT: '3000' },
    });
  });

  it('never throw, whatever the environment holds', () => {
    const names = fc.constantFrom(...describeSettings().map(({ name }) => name));
    const values = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((text) => `postgres://u:${text}@h/d`),
      fc.string().map((text) => `duckdb:http://${text}`),
    );
    fc.assert(
      fc.property(fc.dictionary(names, values), (env) => {
        const read = readSettings(env);
        expect(read.ok || read.problems.length > 0).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
