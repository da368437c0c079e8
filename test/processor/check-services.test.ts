import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkServices } from '../../src/processor/check-services.ts';
import { labCatalogue } from '../jobs/lab-catalogue.ts';

/** Lets in whoever shows the token `right`, and sends nobody on. */
let server: Server;
let url = '';
beforeAll(async () => {
  server = createServer((request, response) => {
    const status = request.headers.authorization === 'Bearer right' ? 404 : 403;
    response.writeHead(request.url === '/moved' ? 302 : status, { location: 'http://127.0.0.1:1/' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const check = async (service: object, token?: () => Promise<string>) => {
  const [first] = [...labCatalogue({ url, audience: url, ...service }).services.values()];
  if (first === undefined) throw new Error('there is no service');
  return (await checkServices([first], token))[0];
};

describe('a check of a service', () => {
  it('is content with any answer of one that lets us in: nothing is asked for', async () => {
    expect(await check({}, async () => 'right')).toMatchObject({ ok: true, detail: `${url} answers (404)` });
  });

  it('says which role is missing where it does not', async () => {
    expect(await check({}, async () => 'other')).toMatchObject({
      ok: false,
      remedy: expect.stringContaining('run.invoker'),
    });
  });

  it('follows nobody elsewhere', async () => {
    expect(await check({ url: `${url}/moved` })).toMatchObject({ ok: true, detail: `${url}/moved answers (302)` });
  });

  it('never repeats what a token library said, which may hold the token', async () => {
    const found = await check({}, () => Promise.reject(new Error('CANARY')));
    expect(found).toMatchObject({ ok: false, detail: `no identity token for ${url} could be had` });
    expect(JSON.stringify(found)).not.toContain('CANARY');
  });

  it('names the variable that holds no address yet, and an address where nobody is', async () => {
    expect(await check({ url: `\${LAB_URL}` })).toMatchObject({
      ok: false,
      remedy: expect.stringContaining('Set LAB_URL'),
    });
    expect(await check({ url: 'http://127.0.0.1:1' })).toMatchObject({
      ok: false,
      detail: 'http://127.0.0.1:1 does not answer',
    });
  });
});
