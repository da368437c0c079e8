/** Google's own library, against a stand-in of the metadata server that Cloud Run has. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { httpProcessor } from '../../src/processor/http.ts';
import { googleIdentityTokens } from '../../src/processor/identity-token.ts';
import { smallService } from '../support/small-catalogue.ts';

const asked: string[] = [];
const seen: (string | undefined)[] = [];
/** Seconds that a token lives, and tokens that the service refuses. */
let lives = 3600;
let refused = 0;
let broken = false;

const metadata = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://metadata');
  response.setHeader('metadata-flavor', 'Google');
  if (!pathname.endsWith('/identity')) return response.end('{}');
  if (broken) return response.writeHead(403).end('no');
  const audience = searchParams.get('audience') ?? '';
  asked.push(audience);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + lives;
  return response.end(`${part({ alg: 'RS256' })}.${part({ aud: audience, exp, n: asked.length })}.sign`);
});
const service = createServer((request, response) => {
  seen.push(request.headers.authorization);
  const status = refused-- > 0 ? 401 : 200;
  request.resume().once('end', () => {
    const results = [{ processor: 'Summary', status: 'success' }];
    response.writeHead(status).end(JSON.stringify({ status: 'completed', results }));
  });
});
const listen = (server: typeof service) =>
  new Promise<string>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
let url = '';
const before = { ...process.env };

beforeAll(async () => {
  process.env.GCE_METADATA_HOST = await listen(metadata);
  process.env.METADATA_SERVER_DETECTION = 'assume-present';
  delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
  process.env.HOME = '/nonexistent';
  url = `http://${await listen(service)}`;
});
afterAll(() => {
  process.env = before;
  metadata.close();
  service.close();
});
afterEach(() => {
  asked.length = seen.length = 0;
  lives = 3600;
  refused = 0;
  broken = false;
});

const log = pino({ level: 'silent' });
const caller = () => httpProcessor({ clock: systemClock(), log, identityToken: googleIdentityTokens() });
const callOf = (audience: string) => ({
  service: { ...smallService, url, audience },
  processor: 'Summary',
  date: '2021-11-01',
  attempt: 'a1',
});
/** What is in the token that a request bore. */
const claims = (header: string | undefined) =>
  JSON.parse(Buffer.from(/^Bearer [^.]+\.([^.]+)\./.exec(header ?? '')?.[1] ?? '', 'base64url').toString()) as object;

describe('a call of a private service', () => {
  it('bears a token for its audience, which is asked for once', async () => {
    const { run } = caller();
    for (const audience of ['https://a.example', 'https://a.example', 'https://b.example'])
      expect((await run(callOf(audience))).kind).toBe('answered');
    expect(asked).toEqual(['https://a.example', 'https://b.example']);
    expect(seen.map(claims)).toMatchObject([
      { aud: 'https://a.example' },
      { aud: 'https://a.example' },
      { aud: 'https://b.example' },
    ]);
  });

  it('takes a new one some minutes before the old one ends', async () => {
    lives = 60;
    const { run } = caller();
    await run(callOf('https://a.example'));
    await run(callOf('https://a.example'));
    expect(asked).toHaveLength(2);
  });

  it('takes a new one when the service refuses the old one, within the same attempt', async () => {
    const { run } = caller();
    await run(callOf('https://a.example'));
    refused = 1;
    expect((await run(callOf('https://a.example'))).kind).toBe('answered');
    expect(seen.map(claims)).toMatchObject([{ n: 1 }, { n: 1 }, { n: 2 }]);
  });

  it('is not made where the token could be read on the way', async () => {
    const { run, check } = caller();
    const call = callOf('https://a.example');
    const service = { ...call.service, url: 'http://processors.example.com' };
    expect(await run({ ...call, service })).toMatchObject({
      kind: 'failed',
      detail: expect.stringContaining('give it as https://'),
      retry: false,
    });
    expect(await check?.([service])).toMatchObject([{ ok: false, detail: expect.stringContaining('not encrypted') }]);
    expect(asked).toEqual([]);
  });

  it('sends nothing where no token can be had, and asks anew at the next call', async () => {
    const { run } = caller();
    broken = true;
    expect(await run(callOf('https://a.example'))).toMatchObject({ kind: 'failed', retry: true });
    expect(seen).toEqual([]);
    broken = false;
    expect((await run(callOf('https://a.example'))).kind).toBe('answered');
  });
});
