/**
 * A Postgres of a test's own, which it may kill. The server refuses to run as root, so there it runs as the user that
 * its package makes. Undefined where no server programs are installed.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { waitUntil } from '../jobs/wait-until.ts';

export type OwnPostgres = {
  readonly url: string;
  /** With `encrypted`, where there is openssl: the port on 127.0.0.1 that takes encrypted sessions only, and the certificate it shows. */
  readonly encrypted?: { readonly port: number; readonly certificate: string };
  /** Kills the server and all its processes, and starts it again: what was committed has to be there. */
  crash(): Promise<void>;
  close(): Promise<void>;
};

/** Starts one on a socket in a folder of its own; no port is opened, unless `encrypted` asks for one. */
export async function startOwnPostgres(
  options: { readonly encrypted?: boolean } = {},
): Promise<OwnPostgres | undefined> {
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
  const encrypted = options.encrypted ? await encrypt(data, user) : undefined;
  const address = encrypted
    ? ['-c', 'listen_addresses=127.0.0.1', '-p', `${encrypted.port}`, '-c', 'ssl=on']
    : ['-c', 'listen_addresses='];
  const args = ['-D', data, '-k', folder, '-c', 'max_connections=60', ...address];
  const port = encrypted ? `&port=${encrypted.port}` : '';
  const url = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}${port}`;
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
    ...(encrypted ? { encrypted } : {}),
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

/** A certificate of its own for the name localhost, and a rule that lets nobody in without encryption but by the socket. */
async function encrypt(
  data: string,
  user: readonly string[],
): Promise<{ port: number; certificate: string } | undefined> {
  const [program = '', ...args] = [
    ...[...user, 'openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
    ...['-keyout', join(data, 'server.key'), '-out', join(data, 'server.crt')],
  ];
  try {
    execFileSync(program, args, { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  writeFileSync(join(data, 'pg_hba.conf'), 'local all all trust\nhostssl all all 127.0.0.1/32 trust\n');
  const certificate = join(data, '..', 'server.crt');
  copyFileSync(join(data, 'server.crt'), certificate);
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return { port: typeof address === 'object' && address ? address.port : 0, certificate };
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
