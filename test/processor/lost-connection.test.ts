import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { httpProcessor } from '../../src/processor/http.ts';
import { manualClock } from '../support/manual-clock.ts';
import { callOf, log, success, useServices } from './calls.ts';
import { hang, startScriptedService } from './scripted-service.ts';

describe('the HTTP processor tells apart', () => {
  const services = useServices();

  it('a refused connection, over which nothing went', async () => {
    const gone = await startScriptedService(hang);
    await gone.close();
    const answer = await httpProcessor({ clock: systemClock(), log }).run(callOf(gone.url));
    expect(answer).toMatchObject({ kind: 'failed', retry: true, detail: expect.stringContaining('ECONNREFUSED') });
  });

  it('a host that has no address', async () => {
    const answer = await httpProcessor({ clock: systemClock(), log }).run(callOf('http://nobody.invalid'));
    expect(answer).toMatchObject({ kind: 'failed', retry: true, detail: expect.stringContaining('nobody.invalid') });
  });

  it('a server that does not speak TLS, to which nothing was sent', async () => {
    const server = createServer((socket) => socket.resume().end('not TLS')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const answer = await httpProcessor({ clock: systemClock(), log }).run(callOf(`https://127.0.0.1:${port}`));
    expect(answer).toMatchObject({ kind: 'failed', retry: true });
    server.close();
    await once(server, 'close');
  });

  it('a server that takes the request and closes, which may work on', async () => {
    const { answer } = await services.run((response) => response.socket?.end());
    expect(answer).toMatchObject({ kind: 'ambiguous' });
  });

  it('an answer that is not HTTP, behind which anything may run', async () => {
    const { answer } = await services.run((response) => response.socket?.end('banana\r\n\r\n'));
    expect(answer).toMatchObject({ kind: 'ambiguous' });
  });

  it('a deadline that passes, after whole minutes and not before', async () => {
    const clock = manualClock();
    const service = await services.start(hang);
    const call = callOf(service.url);
    let answered = false;
    const answer = httpProcessor({ clock, log })
      .run(call)
      .finally(() => {
        answered = true;
      });
    await service.received;
    await clock.advance(1_739_999);
    expect(answered).toBe(false);
    await clock.advance(1);
    expect(await answer).toEqual({
      kind: 'ambiguous',
      detail: 'phase4: no answer within 1740 s; it may still be running',
    });
  });

  it('a token that does not come in time, before anything was sent', async () => {
    const clock = manualClock();
    const service = await services.start(success);
    const identityToken = () => new Promise<undefined>(() => undefined);
    const answer = httpProcessor({ clock, log, identityToken }).run(callOf(service.url));
    await clock.advance(1_740_000);
    expect(await answer).toMatchObject({ kind: 'failed', retry: true });
    expect(service.requests).toEqual([]);
  });

  it('a call that was stopped before it began', async () => {
    const service = await services.start(success);
    const answer = await httpProcessor({ clock: systemClock(), log }).run(callOf(service.url), AbortSignal.abort());
    expect(answer).toMatchObject({ kind: 'failed', retry: true });
    expect(service.requests).toEqual([]);
  });
});
