import { describe, expect, it } from 'vitest';
import { Fault } from '../src/fault.ts';
import { createLog, makeScrubber } from '../src/log.ts';

/** A log that keeps its lines. */
function keepLines(secrets: readonly string[] = []) {
  const lines: string[] = [];
  const log = createLog({ level: 'trace', destination: { write: (line: string) => lines.push(line) }, secrets });
  return { log, lines, parsed: (): Record<string, unknown>[] => lines.map((line) => JSON.parse(line)) };
}

// Put together here, so that no scanner takes this file for a leak.
const planted: Record<string, string> = {
  'a bot token': `xox${'b'}-1111-2222-CANARYbot`,
  'a user token': `xox${'p'}-1111-CANARYuser`,
  'a rotated token': `xoxe.xox${'p'}-1-CANARYrotated`,
  'an app token': `xap${'p'}-1-A111-CANARYapp`,
  'an access token': `ya${'29'}.CANARY_access-token`,
  'a JSON web token': `ey${'J'}hbGciOiJSUzI1NiJ9.CANARYpayload.CANARYsignature`,
  'a bearer token': `Bearer CANARY/opaque+token==`,
  'basic credentials': `Basic CANARYuserpass==`,
  'a posting address': 'https://hooks.slack.com/services/T1/B1/CANARYhook',
  'the password of a URL': 'postgres://bot:CANARYpassword@db.example/state',
  'a query parameter': 'https://example.com/x?access_token=CANARYquery&a=1',
  'a private key': `-----BEGIN ${'PRIVATE'} KEY-----\nMIICANARY\n+/CANARY==\n-----END PRIVATE KEY-----\n`,
};

/** Ten ways for a text to reach a line. */
const places: Record<string, (log: ReturnType<typeof createLog>, text: string) => void> = {
  'the message': (log, text) => log.info(`calling with ${text}`),
  'a field': (log, text) => log.info({ text }, 'x'),
  'deep inside a field': (log, text) => log.info({ a: [{ b: { c: [text] } }] }, 'x'),
  "a field's name": (log, text) => log.info({ [text]: 1 }, 'x'),
  "an error's message": (log, text) => log.error(new Error(`refused: ${text}`)),
  'a cause of a cause': (log, text) =>
    log.error({ err: new Fault('x', 'later', { cause: new Error('y', { cause: new Error(text) }) }) }, 'x'),
  'a stack': (log, text) => log.error({ err: Object.assign(new Error('x'), { stack: `Error: x\n  at ${text}` }) }, 'x'),
  'JSON in a text': (log, text) => log.info({ body: JSON.stringify({ token: text }) }, 'x'),
  "a child log's field": (log, text) => log.child({ session: text }).info('x'),
  'a value put into the message': (log, text) => log.info('calling with %s and %o', text, { text }),
};

describe('the log', () => {
  for (const [place, write] of Object.entries(places)) {
    it(`keeps secrets out of ${place}`, () => {
      const { log, lines, parsed } = keepLines();
      for (const text of Object.values(planted)) write(log, text);
      expect(lines).toHaveLength(Object.keys(planted).length);
      expect(lines.filter((line) => line.includes('CANARY'))).toEqual([]);
      expect(() => parsed()).not.toThrow();
    });
  }

  it('keeps known secrets out, whatever they look like and however they are written', () => {
    const secret = 'CANARY "quoted" \\ 50%';
    const { log, lines } = keepLines([secret]);
    log.info({ secret, url: `http://x/?s=${encodeURIComponent(secret)}`, basic: btoa(secret) }, `with ${secret}`);
    expect(lines.join()).not.toContain('CANARY');
    expect(lines.join()).not.toContain(encodeURIComponent(secret));
    expect(lines.join()).not.toContain(btoa(secret).replace(/=+$/, ''));
  });

  it('keeps fields out that are secret by their name', () => {
    const { log, lines } = keepLines();
    const headers = { Authorization: 'CANARY', 'Set-Cookie': ['CANARY=1'], 'x-api-key': 'CANARY' };
    log.info({ headers, client_secret: 'CANARY', signingSecret: 'CANARY "2"', password: 'CANARY' }, 'x');
    expect(lines.join()).not.toContain('CANARY');
    expect(lines.join()).toContain('"x-api-key":"[redacted]"');
  });

  it("takes of a vendor's error its name, message, stack, code and causes, and not the request that hangs on it", () => {
    const { log, parsed } = keepLines();
    const cause = Object.assign(new TypeError('socket hang up'), { code: 'ECONNRESET' });
    const err = Object.assign(new Error('Request failed', { cause }), {
      config: { headers: { 'x-anything': 'CANARY' } },
      response: { request: 'CANARY' },
    });
    log.error({ err }, 'x');
    const [line] = parsed();
    expect(line?.err).toMatchObject({
      name: 'Error',
      message: 'Request failed',
      stack: expect.stringContaining('log.test'),
    });
    expect(line?.err).toMatchObject({ cause: { name: 'TypeError', message: 'socket hang up', code: 'ECONNRESET' } });
    expect(JSON.stringify(line)).not.toContain('CANARY');
  });

  it('says of a fault what to do about it', () => {
    const { log, parsed } = keepLines();
    log.error({ err: new Fault('The file is held', 'never', { remedy: 'Stop the other process' }) }, 'x');
    expect(parsed()[0]?.err).toMatchObject({ name: 'Fault', retry: 'never', remedy: 'Stop the other process' });
  });

  it('survives an error that is its own cause', () => {
    const { log, parsed } = keepLines();
    const err = new Error('round');
    err.cause = err;
    log.error({ err }, 'x');
    expect(parsed()[0]?.err).toMatchObject({ message: 'round', cause: { message: 'round' } });
  });

  it('names the errors of an AggregateError', () => {
    const { log, parsed } = keepLines();
    log.error({ err: new AggregateError([new Error('one'), new Error('two')], 'both') }, 'x');
    expect(parsed()[0]?.err).toMatchObject({ errors: [{ message: 'one' }, { message: 'two' }] });
  });

  it('leaves ordinary words alone', () => {
    const scrub = makeScrubber(['']);
    const text =
      '{"url":"http://127.0.0.1:8080/process-date","table":"a_b","tokens":3,"message":"2021-11-16: 12 rows"}';
    expect(scrub(text)).toBe(text);
  });

  it('writes nothing below its level', () => {
    const lines: string[] = [];
    const log = createLog({ level: 'warn', destination: { write: (line: string) => lines.push(line) } });
    log.info('unheard');
    log.warn('heard');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      severity: 'WARNING',
      message: 'heard',
      time: expect.stringMatching(/Z$/),
    });
  });
});
