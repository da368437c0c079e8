import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../src/processor/read-answer.ts';
import { callOf, date, name, useServices } from './calls.ts';
import { json, type Script, text } from './scripted-service.ts';

describe('the HTTP processor understands', () => {
  const services = useServices();

  const judged = [
    ['an exception', json(200, { results: [{ processor: name, status: 'exception', error: 'boom' }] }), 'failed', true],
    [
      'one error among several entries',
      json(200, {
        results: [
          { processor: name, status: 'success' },
          { processor: name, status: 'error' },
        ],
      }),
      'failed',
      true,
    ],
    ['a not-found', text(404, '<h1>Not found</h1>'), 'failed', false],
    ['a wrong method', text(405, ''), 'failed', false],
    ['a missing identity', json(401, { error: 'x' }), 'failed', false],
    ['a forbidden identity', text(403, 'x'), 'failed', false],
    ['too many requests', json(429, { error: 'slow down' }), 'failed', true],
    ['an error of the server', json(500, { error: 'division by zero' }), 'failed', true],
    ['a bad gateway', text(502, 'x'), 'failed', true],
    ['a redirect', text(302, '', { location: 'http://127.0.0.1:1/elsewhere' }), 'failed', false],
    ['a gateway that gave up waiting', text(504, 'x'), 'ambiguous', undefined],
    ['work that was only taken', json(202, {}), 'ambiguous', undefined],
  ] as const;
  it.each(judged)('%s', async (_, script, kind, retry) => {
    const { answer } = await services.run(script);
    expect(answer.kind).toBe(kind);
    if (answer.kind === 'failed') expect(answer.retry).toBe(retry);
  });

  const unstated: readonly (readonly [string, Script])[] = [
    ['text', text(200, '<html>ok</html>')],
    ['nothing', text(200, '')],
    ['a number', json(200, 7)],
    ['null', json(200, null)],
    ['results of another form', json(200, { results: 'all' })],
    ['entries without names', json(200, { results: [{ status: 'success' }, null, 3] })],
    ['a status that is not known', json(200, { results: [{ processor: name, status: 'skipped' }] })],
    ['more than a megabyte', text(200, `{"results":[],"pad":"${'x'.repeat(1_000_001)}"}`)],
  ];
  it.each(unstated)('%s behind a 200 as no statement', async (_, script) => {
    expect((await services.run(script)).answer).toEqual({ kind: 'answered', reported: 'unstated' });
  });

  it.each([
    ['an error of the server', json(500, {}), 'service'],
    ['a bad gateway', text(502, ''), 'service'],
    ['too many requests', text(429, ''), 'busy'],
    ['a forbidden identity', text(403, ''), 'setup'],
    ['an empty list of what was run', json(200, { status: 'completed', results: [] }), 'setup'],
    ['a list of others', json(200, { results: [{ processor: 'Other', status: 'success' }] }), 'setup'],
    ['a refused date', json(400, {}), undefined],
    ['an error of our processor', json(200, { results: [{ processor: name, status: 'error' }] }), undefined],
  ] as const)('what %s is about', async (_, script, about) => {
    const { answer } = await services.run(script);
    expect(answer).toMatchObject({ kind: 'failed' });
    expect(answer.kind === 'failed' && answer.about).toBe(about);
  });

  it.each([
    [503, '120', 120_000],
    [429, ' 7 ', 7000],
    [429, new Date(60_000).toUTCString(), 59_000],
    [429, new Date(0).toUTCString(), 0],
    [429, 'soon', undefined],
    [503, '-5', undefined],
    [500, '120', undefined],
  ])('a %i that asks for patience with "%s"', (status, retryAfter, wait) => {
    const answer = readAnswer({ status, retryAfter }, callOf('http://x'), {}, 1000);
    expect(answer.kind === 'failed' && answer.retryAfter).toBe(wait);
  });

  it('how long a service wants to be left alone, from its header', async () => {
    expect((await services.run(text(503, 'x', { 'retry-after': '3' }))).answer).toMatchObject({ retryAfter: 3000 });
  });

  it('an answer that breaks off behind a 200 as unknown, and behind a 500 as a failure', async () => {
    const breakOff =
      (status: number): Script =>
      (response) => {
        response.writeHead(status, { 'content-length': '1000' });
        response.write('{"results":', () => response.socket?.resetAndDestroy());
      };
    expect((await services.run(breakOff(200))).answer).toMatchObject({ kind: 'ambiguous' });
    expect((await services.run(breakOff(500))).answer).toMatchObject({ kind: 'failed', retry: true });
  });

  it('an endless answer without reading all of it', async () => {
    const endless: Script = (response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    };
    expect((await services.run(endless)).answer).toEqual({ kind: 'answered', reported: 'unstated' });
  });

  it("another date that is repeated under the template's own key", async () => {
    const script = json(200, {
      start_date: '2021-11-15T00:00:00',
      results: [{ processor: name, status: 'success' }],
    });
    const { answer } = await services.run(script, {}, { body: { start_date: '{date}' } });
    expect(answer).toMatchObject({ kind: 'failed', retry: false, detail: expect.stringContaining('2021-11-15') });
  });

  it('our date with a time behind it as our date', async () => {
    const script = json(200, {
      analysis_date: `${date}T00:00:00`,
      results: [{ processor: name, status: 'success' }],
    });
    expect((await services.run(script)).answer).toEqual({ kind: 'answered', reported: 'success' });
  });

  it('a long error cut to 200 characters', async () => {
    const script = json(200, { results: [{ processor: name, status: 'error', error: '🏀 '.repeat(5000) }] });
    const { answer } = await services.run(script);
    const detail = answer.kind === 'failed' ? answer.detail : '';
    expect([...detail]).toHaveLength(200);
    expect(detail).not.toMatch(/\p{Cs}/u);
  });

  it('what the service says of a refusal, and what to do about one of ours', async () => {
    expect((await services.run(json(400, { error: 'analysis_date required' }))).answer).toMatchObject({
      detail: 'phase4 answered 400: analysis_date required',
    });
    expect((await services.run(text(403, 'x'))).answer).toMatchObject({
      detail: expect.stringContaining('allow Backcourt'),
    });
  });

  it('whatever comes, without ever throwing', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.constant(undefined));
    const entry = fc.record(
      {
        processor: fc.constantFrom<unknown>(name, 'Other', 3),
        status: fc.constantFrom<unknown>('success', 'error', null),
        error: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const bodies = fc.record({ analysis_date: fc.jsonValue(), results: fc.array(entry) }, { requiredKeys: [] });
    const any = fc.oneof(
      texts,
      bodies.map((body) => JSON.stringify(body)),
    );
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), any, (status, body) => {
        const raw = { status, ...(body === undefined ? {} : { body }) };
        const answer = readAnswer(raw, callOf('http://x'), { analysis_date: date }, 0);
        if (answer.kind === 'failed') expect(answer.detail).toMatch(/^.{1,200}$/u);
        if (status >= 300) expect(answer.kind).not.toBe('answered');
      }),
      { numRuns: 500 },
    );
  });
});
