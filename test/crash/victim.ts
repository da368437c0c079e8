/** The server process that is killed: the real command on the real store, started again and again in one home. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const entry = join('bin', 'backcourt.js');

export type Victim = {
  readonly pid: number;
  /** Its page can be opened there; rejects when the process ends before. */
  readonly ready: Promise<string>;
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  signal(name: NodeJS.Signals): void;
  /** What it has said so far. */
  said(): string;
};

export type Place = {
  readonly home: string;
  readonly pipeline: string;
  readonly env: Readonly<Record<string, string>>;
};

/** Makes a home with a pipeline file in it. */
export function makePlace(home: string, yaml: string, env: Place['env']): Place {
  mkdirSync(home, { recursive: true });
  const pipeline = join(home, 'pipeline.yml');
  writeFileSync(pipeline, yaml);
  return { home, pipeline, env };
}

/** Starts the server. What it says is kept for the error that is thrown when it ends by itself. */
export function startVictim({ home, pipeline, env }: Place): Victim {
  const child: ChildProcess = spawn(process.execPath, [entry, 'serve', '--home', home, '--pipeline', pipeline], {
    cwd: root,
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ready = new Promise<string>((resolve, reject) => {
    const hear = (text: string) => {
      said += text;
      const url = /Backcourt is at (\S+)/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr?.setEncoding('utf8').on('data', hear);
    void ended.then((code) => reject(new Error(`the server ended with ${code}: ${said.slice(-2_000)}`)));
  });
  ready.catch(() => undefined);
  return { pid: child.pid ?? 0, ready, ended, signal: (name) => void child.kill(name), said: () => said };
}
