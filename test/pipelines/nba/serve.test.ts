import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDuckdb } from '../../../src/warehouse/duckdb-connection.ts';
import { connectDuckdb } from '../../../src/warehouse/duckdb-remote.ts';

let folder: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nba-serve-'));
});
afterEach(async () => {
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true });
});

function start(...args: string[]): ChildProcess {
  child = spawn(process.execPath, ['dist/pipelines/nba/serve.js', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return child;
}

async function urlOf(started: ChildProcess): Promise<string> {
  if (started.stdout === null) throw new Error('no stdout');
  for await (const line of createInterface({ input: started.stdout })) return String(JSON.parse(line).url);
  throw new Error('It ended before it was ready');
}

describe('the stand-alone process', () => {
  it('serves processors and queries of one file, and ends cleanly when told to', async () => {
    const file = join(folder, 'warehouse.duckdb');
    await writeFile(join(folder, 'faults.json'), JSON.stringify({ PlayerDailyCacheProcessor: 'error' }));
    const started = start('--warehouse', file, '--faults', join(folder, 'faults.json'));
    const url = await urlOf(started);

    const warehouse = connectDuckdb(url);
    expect(await warehouse.run('SELECT count(*) AS n FROM nba_raw.seasons', {})).toEqual([{ n: 5 }]);
    await warehouse.close();
    const call = (name: string) =>
      fetch(`${url}/process-date`, {
        method: 'POST',
        body: JSON.stringify({ analysis_date: '2021-11-10', processors: [name] }),
      });
    expect((await call('PlayerShotZoneAnalysisProcessor')).status).toBe(200);
    expect((await call('PlayerDailyCacheProcessor')).status).toBe(500);

    started.kill('SIGTERM');
    expect(await once(started, 'exit')).toEqual([0, null]);
    const reopened = await openDuckdb(file);
    expect(await reopened.run('SELECT count(*) AS n FROM nba_raw.seasons', {})).toEqual([{ n: 5 }]);
    await reopened.close();
  });

  it('says what it lacks', async () => {
    const started = start();
    let said = '';
    started.stderr?.on('data', (part) => {
      said += String(part);
    });
    expect(await once(started, 'close')).toEqual([2, null]);
    expect(said).toContain('--warehouse FILE');
  });
});
