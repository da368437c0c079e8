/** Spawns the real `backcourt` command: one-shot calls, and servers that tests can kill. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const entry = join(root, 'bin', 'backcourt.js');

export type Ran = { readonly code: number; readonly out: string; readonly err: string };
export type RunOptions = { readonly env?: Readonly<Record<string, string>>; readonly timeout?: number };

/** Runs one command to its end. */
export async function runBackcourt(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = start(args, options.env);
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeout ?? 60_000);
  const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? -1)));
  clearTimeout(timer);
  return { code, out, err };
}

/** Runs one command with --json and reads its one document. Fails with what was said if there is none. */
export async function runJson<T>(
  args: readonly string[],
  options: RunOptions = {},
): Promise<{ code: number; json: T; err: string }> {
  const { code, out, err } = await runBackcourt([...args, '--json'], options);
  try {
    return { code, json: JSON.parse(out) as T, err };
  } catch {
    throw new Error(`not one JSON document (exit ${code}): ${out.slice(0, 500)} ${err.slice(0, 2000)}`);
  }
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, ['--liftoff-only', entry, ...args], {
    cwd: root,
    env: {
      ...process.env,
      BACKCOURT_HOME: '',
      BACKCOURT_PIPELINE: '',
      BACKCOURT_WAREHOUSE: '',
      NBA_PROCESSORS_URL: '',
      SLACK_BOT_TOKEN: '',
      SLACK_APP_TOKEN: '',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export type RunningServer = {
  readonly url: string;
  readonly pid: number;
  /** What it has printed so far. */
  said(): string;
  /** Sends a signal and resolves with the exit code (null when a signal ended it). */
  end(signal?: NodeJS.Signals): Promise<number | null>;
};

/** Starts `backcourt serve` on a free port and resolves when its page can be opened. */
export async function startServer(args: readonly string[], options: RunOptions = {}): Promise<RunningServer> {
  const child = start(['serve', ...args], { PORT: '0', ...options.env });
  let said = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (text: string) => {
      said += text;
      const found = /Backcourt is at (\S+)|its health is at (\S+)\/readyz/.exec(said)?.slice(1).find(Boolean);
      if (found !== undefined) resolve(found);
    };
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr?.setEncoding('utf8').on('data', hear);
    void ended.then((code) => reject(new Error(`the server ended with ${code}: ${said}`)));
    setTimeout(() => reject(new Error(`the server did not start: ${said}`)), options.timeout ?? 60_000).unref();
  });
  return {
    url,
    pid: child.pid ?? -1,
    said: () => said,
    end: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}

/** A folder for one test; `remove` deletes it. */
export type Folder = { readonly path: string; remove(): void };

/** Makes an empty folder. */
export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'backcourt-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * A home that holds the demonstration season, as a copy of one that is made once per machine boot and source state:
 * making it takes seconds, copying it a tenth of one.
 */
export async function demoHome(): Promise<Folder> {
  return copyHome('demo', []);
}

/** A home without rows, whose tables stand; a copy as above. */
export async function emptyHome(): Promise<Folder> {
  return copyHome('empty', ['--empty']);
}

async function copyHome(kind: string, options: readonly string[]): Promise<Folder> {
  const template = join(tmpdir(), `backcourt-${kind}-${sourceStamp()}`);
  if (!existsSync(template)) {
    const draft = mkdtempSync(join(tmpdir(), 'backcourt-draft-'));
    const ran = await runBackcourt(['status', ...options, '--home', draft], { timeout: 120_000 });
    if (ran.code !== 0) throw new Error(`the ${kind} home could not be made: ${ran.err}`);
    putInPlace(draft, template);
  }
  const folder = temporaryFolder();
  cpSync(template, folder.path, { recursive: true });
  return folder;
}

/** Another test file may have been first. */
function putInPlace(draft: string, template: string): void {
  try {
    renameSync(draft, template);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(template)) throw error;
  }
}

/** Changes when anything changes that makes the demonstration or the store's tables. */
function sourceStamp(): string {
  const hash = createHash('sha256');
  const files = [...listFiles(join(root, 'pipelines')), ...listFiles(join(root, 'src', 'store'))];
  for (const file of files.sort()) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? listFiles(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}
