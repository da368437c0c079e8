import { describe, expect, it } from 'vitest';
import { allowed, listLicences, readLock, renderLicences } from '../../scripts/licences.mjs';
import { readText } from './read-tree.ts';

describe('the packages that run', () => {
  it('have licences that are allowed', () => {
    const rows = listLicences(readLock());
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.filter(({ licence }) => !allowed.includes(licence))).toEqual([]);
  });

  it('are those of docs/licences.md (npm run licences writes it)', () => {
    expect(readText('docs/licences.md')).toBe(renderLicences());
  });

  it('are found wherever they lie, with what has no licence, and without those of development', () => {
    const packages = {
      '': { version: '1', license: 'MIT' },
      'node_modules/a': { version: '1.0.0', license: 'GPL-3.0' },
      'node_modules/a/node_modules/@b/c': { version: '2.0.0' },
      'node_modules/d': { version: '3.0.0', license: 'MIT', dev: true },
    };
    expect(listLicences({ packages })).toEqual([
      { name: '@b/c', version: '2.0.0', licence: 'unknown' },
      { name: 'a', version: '1.0.0', licence: 'GPL-3.0' },
    ]);
  });

  it('run no install script but one that is not needed', () => {
    const { packages } = readLock() as { packages: Record<string, { hasInstallScript?: boolean; dev?: boolean }> };
    const scripted = Object.entries(packages).filter(([, each]) => each.hasInstallScript === true && each.dev !== true);
    expect(scripted.map(([path]) => path)).toEqual(['node_modules/protobufjs']);
  });
});
