import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Output } from '../../src/cli/output.ts';
import { askServer, findServer, openServerLine, type Run, type ServerLine } from '../../src/cli/server-line.ts';
import { readWords, type Words } from '../../src/cli/words.ts';
import { Fault, isRefusal } from '../../src/fault.ts';
import { type Folder, temporaryFolder } from '../support/run-backcourt.ts';

let home: Folder;
let line: ServerLine | undefined;

beforeEach(() => {
  home = temporaryFolder();
});
afterEach(async () => {
  await line?.close();
  line = undefined;
  home.remove();
});

function words(...argv: string[]): Words {
  const read = readWords(argv);
  if (isRefusal(read)) throw new Error(read.message);
  return read;
}

function paper(): Output & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    data: (text) => lines.push(`data ${text}`),
    say: (text) => lines.push(`say ${text}`),
    columns: Number.POSITIVE_INFINITY,
  };
}

async function open(run: Run) {
  line = await openServerLine({ home: home.path, token: 'right', pipeline: '/p.yml', run });
  const server = findServer(home.path);
  if (server === undefined) throw new Error('The server cannot be found');
  return server;
}

const ends: Run = async (asked, { output, user }) => {
  output.data(`${user} ${asked.command} ${asked.rest.join(' ')}`);
  output.say('a "word"\nand another');
  return 1;
};

describe('the line to a server', () => {
  it('brings words there, and lines and the exit code back', async () => {
    const server = await open(ends);
    const output = paper();
    const exit = await askServer(server, { words: words('coverage', 'mlfs', 'nov 2021'), user: 'ann', output });
    expect(exit).toBe(1);
    expect(output.lines).toEqual(['data ann coverage mlfs nov 2021', 'say a "word"\nand another']);
  });

  it('is told to the owner of the home only, and no longer when it is closed', async () => {
    await open(ends);
    expect(statSync(join(home.path, 'server.json')).mode & 0o077).toBe(0);
    await line?.close();
    expect(findServer(home.path)).toBeUndefined();
  });

  it('takes an address that is torn, or where nobody answers, for none', async () => {
    const server = await open(ends);
    const text = readFileSync(join(home.path, 'server.json'), 'utf8');
    await line?.close();
    expect(await askServer(server, { words: words('status'), user: 'ann', output: paper() })).toBeUndefined();
    for (const torn of ['', text.slice(0, 20), '{}', 'null']) {
      writeFileSync(join(home.path, 'server.json'), torn);
      expect(findServer(home.path), torn).toBeUndefined();
    }
  });

  it('outlives what others send', async () => {
    const server = await open(ends);
    const send = (authorization: string, body: string) =>
      fetch(server.url, { method: 'POST', headers: { authorization }, body }).then(
        (response) => response.status,
        () => 'closed',
      );
    expect(await send('Bearer wrong', '{}')).toBe(401);
    expect([401, 'closed']).toContain(await send('Bearer wrong', 'x'.repeat(500_000)));
    expect(await send('Bearer right', 'no json')).toBe(400);
    expect(await send('Bearer right', '{"words":1}')).toBe(400);
    expect([400, 'closed']).toContain(await send('Bearer right', 'x'.repeat(500_000)));
    expect(await askServer(server, { words: words('status'), user: 'ann', output: paper() })).toBe(1);
  });

  it('says that the server ended before its answer, and that waiting was ended', async () => {
    let begun = () => {};
    const under = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const server = await open(async (_, { signal }) => {
      begun();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return 0;
    });
    const ask = (signal?: AbortSignal) =>
      askServer(server, { words: words('status'), user: 'ann', output: paper(), ...(signal ? { signal } : {}) }).catch(
        (error: unknown) => error,
      );
    const stopping = new AbortController();
    const stopped = ask(stopping.signal);
    await under;
    stopping.abort();
    expect(await stopped).toMatchObject({ message: expect.stringContaining('stopped waiting') });
    const left = ask();
    await new Promise((resolve) => setImmediate(resolve));
    await line?.close();
    const said = await left;
    // Closed before the question came, nobody was there; after it, the answer is missing.
    if (said !== undefined) expect(said).toBeInstanceOf(Fault);
  });
});
