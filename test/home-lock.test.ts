import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lockHome } from '../src/home-lock.ts';
import { type Folder, temporaryFolder } from './support/run-backcourt.ts';

let folder: Folder;
afterEach(() => folder.remove());

async function nameOf(home: string): Promise<string> {
  const lock = await lockHome(home);
  await lock.release();
  return lock.name;
}

describe('the name of a home', () => {
  it('stays from one process to the next, and a copy has another one', async () => {
    folder = temporaryFolder();
    const [home, copy] = [join(folder.path, 'home'), join(folder.path, 'copy')];
    const name = await nameOf(home);
    expect(await nameOf(home)).toBe(name);
    cpSync(home, copy, { recursive: true });
    expect(await nameOf(copy)).not.toBe(name);
    expect(name).toMatch(/^[\w-]+$/);
  });
});
