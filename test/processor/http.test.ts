import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { httpProcessor } from '../../src/processor/http.ts';
import { type Behaviour, processorContract } from '../contracts/processor.ts';
import { manualClock } from '../support/manual-clock.ts';
import { callOf, date, log, name, success, useServices } from './calls.ts';
import { hang, json, reset, type Script, startScriptedService, text } from './scripted-service.ts';

const scripts: Record<Exclude<Behaviour, 'is not there'>, Script> = {
  succeeds: success,
  'says nothing of our processor': json(200, { status: 'completed', analysis_date: date }),
  'reports an error of our processor': json(200, {
    analysis_date: date,
    results: [{ processor: name, status: 'error', error: 'no rows\n  in team_boxscore' }],
  }),
  'does not know our processor': json(200, { results: [{ processor: 'Other', status: 'success' }] }),
  'answers for another date': json(200, {
    analysis_date: '2021-11-17',
    results: [{ processor: name, status: 'success' }],
  }),
  'refuses the request': json(400, { error: 'analysis_date required' }),
  'is busy': text(503, 'busy'),
  'breaks the connection while it works': reset,
  'never answers': hang,
};

processorContract('http', async (behaviour) => {
  const service = await startScriptedService(behaviour === 'is not there' ? hang : scripts[behaviour]);
  if (behaviour === 'is not there') await service.close();
  const clock = manualClock();
  const call = callOf(service.url);
  return {
    processor: httpProcessor({ clock, log }),
    call,
    received: () => service.received,
    passDeadline: () => clock.advance(call.service.deadline),
    close: async () => {
      if (behaviour !== 'is not there') await service.close();
    },
  };
});

describe('the HTTP processor asks', () => {
  const services = useServices();

  it('with a POST of the template, its three words replaced at any depth', async () => {
    const { requests } = await services.run(success);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: 'POST', path: '/process-date' });
    expect(requests[0]?.headers['content-type']).toBe('application/json');
    expect(requests[0]?.body).toEqual({
      analysis_date: date,
      backfill_mode: true,
      processors: [name],
      meta: { id: 'a1b2', note: `${name} on ${date}`, depth: [{ at: date }] },
    });
  });

  it('at the path below the root, whether or not the root ends in a slash', async () => {
    const service = await services.start(success);
    await httpProcessor({ clock: systemClock(), log }).run(callOf(`${service.url}/root/`));
    expect(service.requests[0]?.path).toBe('/root/process-date');
  });

  it('with a token for the audience of the service, and without any where there is none', async () => {
    const asked: string[] = [];
    const identityToken = async (audience: string) => {
      asked.push(audience);
      return 'token-1';
    };
    const { requests } = await services.run(success, { identityToken }, { audience: 'https://phase4.example' });
    expect(asked).toEqual(['https://phase4.example']);
    expect(requests[0]?.headers.authorization).toBe('Bearer token-1');
    const without = await services.run(success, { identityToken: async () => undefined });
    expect(without.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('once more with a fresh token when the first has run out, and then not again', async () => {
    const asked: boolean[] = [];
    const identityToken = async (_: string, fresh: boolean) => {
      asked.push(fresh);
      return fresh ? 'fresh' : 'old';
    };
    const onlyFresh: Script = (response, request) =>
      (request.headers.authorization === 'Bearer fresh' ? success : text(401, ''))(response, request);
    const { answer, requests } = await services.run(onlyFresh, { identityToken });
    expect([answer.kind, requests.length, asked]).toEqual(['answered', 2, [false, true]]);
    const never = await services.run(text(401, ''), { identityToken });
    expect(never.requests).toHaveLength(2);
    expect(never.answer).toMatchObject({ kind: 'failed', retry: false, about: 'setup' });
    expect((await services.run(text(401, ''))).requests).toHaveLength(1);
  });

  it('nothing when no token can be had, and does not repeat what the token library said', async () => {
    const identityToken = () => Promise.reject(new Error('bad assertion CANARY'));
    const { answer, requests } = await services.run(success, { identityToken });
    expect(answer).toMatchObject({
      kind: 'failed',
      retry: true,
      detail: expect.stringContaining('nothing was sent'),
    });
    expect(JSON.stringify(answer)).not.toContain('CANARY');
    expect(requests).toEqual([]);
  });

  it('nothing while its address is not set, and names the variable', async () => {
    const answer = await httpProcessor({ clock: systemClock(), log }).run(
      callOf(['$', '{NBA_PROCESSORS_URL}'].join('')),
    );
    expect(answer).toMatchObject({
      kind: 'failed',
      retry: false,
      detail: expect.stringContaining('set NBA_PROCESSORS_URL'),
    });
  });

  it.each(['localhost:8080', 'ftp://example.com', 'http://'])('nothing at %s, which is no address', async (url) => {
    const answer = await httpProcessor({ clock: systemClock(), log }).run(callOf(url));
    expect(answer).toMatchObject({ kind: 'failed', retry: false, detail: expect.stringContaining('phase4') });
  });

  it('nothing without the name of a processor, which would run all of them, or for a keyword as date', async () => {
    const service = await services.start(success);
    const processor = httpProcessor({ clock: systemClock(), log });
    expect(await processor.run({ ...callOf(service.url), processor: '' })).toMatchObject({
      kind: 'failed',
      retry: false,
    });
    expect(await processor.run({ ...callOf(service.url), date: 'TODAY' })).toMatchObject({
      kind: 'failed',
      retry: false,
    });
    expect(service.requests).toEqual([]);
  });
});

describe('the HTTP processor', () => {
  const services = useServices();

  it('leaves no wait behind once it has answered', async () => {
    const clock = manualClock();
    await services.run(success, { clock });
    expect(clock.waits()).toEqual([]);
  });

  it('does not hand the token on to where a redirect points', async () => {
    const elsewhere = await services.start(success);
    const script = text(307, '', { location: `${elsewhere.url}/process-date` });
    await services.run(script, { identityToken: async () => 'token-1' });
    expect(elsewhere.requests).toEqual([]);
  });
});
