/**
 * A Postgres of a test's own, which it may kill. The server refuses to run as root, so there it runs as the user that
 * its package makes. Undefined where no server programs are installed.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { waitUntil } from '../jobs/wait-until.ts';

export type OwnPostgres = {
  readonly url: string;
  /** Kills the server and all its processes, and starts it again: what was committed has to be there. */
  crash(): Promise<void>;
  close(): Promise<void>;
};

/** Starts one on a socket in a folder of its own; no port is opened. */
export async function startOwnPostgres(): Promise<OwnPostgres | undefined> {
  const programs = findPrograms();
  if (programs === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'backcourt-pg-'));
  chmodSync(folder, 0o777);
  const data = join(folder, 'data');
  const asRoot = process.getuid?.() === 0;
  const user = asRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : [];
  const command = (name: string, args: readonly string[]): [string, string[]] => {
    const [first = '', ...rest] = [...user, join(programs, name), ...args];
    return [first, rest];
  };
  execFileSync(...command('initdb', ['-D', data, '-A', 'trust', '-U', 'postgres']), { stdio: 'ignore' });
  const args = ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'max_connections=60'];
  const url = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`;
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(...command('postgres', args), { stdio: 'ignore', detached: true });
    await waitUntil('Postgres answers', () => answers(url), 30_000);
    return child;
  };
  let server = await start();
  const end = async (signal: NodeJS.Signals) => {
    const gone = once(server, 'exit');
    // Its own group: the postmaster and every process that it forked.
    if (server.pid !== undefined) process.kill(signal === 'SIGKILL' ? -server.pid : server.pid, signal);
    await gone;
  };
  return {
    url,
    crash: async () => {
      await end('SIGKILL');
      rmSync(join(data, 'postmaster.pid'), { force: true });
      server = await start();
    },
    close: async () => {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findPrograms(): string | undefined {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
