import { describe, expect, it } from 'vitest';
import { driverUrl, findStoreUrlProblem, passwordsIn, readStoreUrl } from '../src/store-url.ts';

const read = (text: string) => {
  const url = readStoreUrl(text);
  if (url === undefined) throw new Error(`${text} is no address`);
  return url;
};
const modeOf = (text: string) => new URL(driverUrl(text)).searchParams.get('sslmode');

describe('the address of a Postgres', () => {
  it('may have no host, when its socket is in the query', () => {
    const url = read('postgres://bot:p%40ss@/state?host=/cloudsql/project:region:instance');
    expect(url.pathname).toBe('/state');
    expect(passwordsIn(url)).toEqual(['p%40ss', 'p@ss']);
  });

  it('is not one of anything else', () => {
    for (const text of ['mysql://a/b', 'postgres:', 'x', '', 'https://postgres://a'])
      expect(readStoreUrl(text), text).toBeUndefined();
  });

  it('is encrypted where it leaves this machine, unless it says otherwise', () => {
    expect(modeOf('postgres://u@10.0.0.3/state')).toBe('require');
    expect(modeOf('postgres://u@10.0.0.3/state?sslmode=verify-full')).toBe('verify-full');
    expect(modeOf('postgres://u@10.0.0.3/state?sslmode=disable')).toBe('disable');
    for (const host of ['localhost', '127.0.0.1', '[::1]', '%2Frun%2Fpostgresql'])
      expect(modeOf(`postgres://u@${host}/state`), host).toBeNull();
    expect(modeOf('postgres://u@/state?host=/cloudsql/a:b:c')).toBeNull();
    expect(modeOf('postgres://u@localhost/state?host=10.0.0.3')).toBe('require');
  });

  it('is refused with a mode that nobody keeps, without an authority to verify by, and of a replica', () => {
    const problem = (query: string) => findStoreUrlProblem(read(`postgres://u@db/state?${query}`));
    expect(problem('sslmode=prefer')).toContain('disable, require, verify-ca, verify-full');
    expect(problem('sslmode=verify-ca')).toContain('sslrootcert');
    expect(problem('target_session_attrs=any')).toContain('replica');
    expect(problem('sslmode=verify-ca&sslrootcert=/ca.pem&target_session_attrs=read-write')).toBeUndefined();
  });

  it('has its passwords wherever they stand', () => {
    expect(passwordsIn(read('postgres://u:50%@db/x'))).toEqual(['50%']);
    expect(passwordsIn(read('postgres://u@db/x?password=a%20b'))).toEqual(['a b', 'a%20b']);
    expect(passwordsIn(read('postgres://u@db/x'))).toEqual([]);
  });
});
