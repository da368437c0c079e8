import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reportCoverage } from '../../jobs/report-coverage.ts';
import type { Chat, Picture, UploadResult } from '../../src/chat/chat.ts';
import { Fault } from '../../src/fault.ts';
import type { Message } from '../../src/messages/message.ts';
import type { Ports } from '../../src/ports.ts';
import { listAudit } from '../../src/store/audit.ts';
import { listGaps } from '../../src/store/gaps.ts';
import { loadMessage } from '../../src/store/messages.ts';
import { findRequest, receiveRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import { emptyStore } from '../support/small-backfills.ts';
import { memoryStore } from '../support/stores.ts';
import { type Engine, makeEngine } from './engine.ts';

let store: Store;
let engine: Engine;
let uploaded: Picture[];
let answerUpload: () => UploadResult;
let logged: { msg: string; detail?: string }[];
beforeAll(async () => {
  store = await memoryStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  uploaded = [];
  logged = [];
  answerUpload = () => ({ kind: 'ok', file: `F00000000${uploaded.length}` });
  const chat = (list: Chat): Chat => ({
    ...list,
    upload: async (picture) => {
      uploaded.push(picture);
      return answerUpload();
    },
  });
  engine = await makeEngine(store, {}, { chat });
});
afterEach(async () => {
  await engine.close();
  await emptyStore(store);
});

/** Asks, works on it, and gives back what is in the outbox. */
async function ask(text: string, over: Partial<Ports> = {}): Promise<Message> {
  const now = engine.ports.clock.now();
  const payload = { command: '/coverage', text, user: 'ada', userName: 'ada', channel: 'C1', thread: null, at: now };
  await receiveRequest(store.query, { id: 'r1', key: 'r1', kind: 'report-coverage', payload, now });
  const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(JSON.parse(line)) });
  await reportCoverage({ ...engine.ports, log, ...over }, { request: 'r1' });
  expect((await findRequest(store.query, 'r1'))?.doneAt).not.toBeNull();
  return (await loadMessage(store.query, 'answer:r1')).content;
}

const kinds = (message: Message) => message.blocks.map((block) => block.type);
const imageOf = (message: Message) => message.blocks.find((block) => block.type === 'image');
const hasStrip = (message: Message) => /□{7}/.test(JSON.stringify(message.blocks));

describe('an answer about coverage', () => {
  it('shows a picture in place of the strip, with a sentence for who does not see it', async () => {
    const message = await ask('base mid 2022-01-01 2022-01-31');
    const alt = 'Heat map of base and mid, 1-31 Jan 2022: 31 missing, 31 blocked.';
    expect(imageOf(message)).toEqual({ type: 'image', slack_file: { id: 'F000000001' }, alt_text: alt });
    expect(hasStrip(message)).toBe(false);
    expect(uploaded).toHaveLength(1);
    expect(uploaded[0]).toMatchObject({ name: 'coverage-2022-01-01-2022-01-31.png', alt });
    expect([...(uploaded[0]?.bytes.slice(1, 4) ?? [])]).toEqual([0x50, 0x4e, 0x47]);
  });

  it('shows the strip where the picture could not be uploaded, and the log says why', async () => {
    answerUpload = () => ({ kind: 'refused', detail: 'missing_scope' });
    const message = await ask('base 2022-01-01 2022-01-31');
    expect(kinds(message)).not.toContain('image');
    expect(hasStrip(message)).toBe(true);
    expect(logged).toContainEqual(expect.objectContaining({ msg: 'picture not uploaded', detail: 'missing_scope' }));
  });

  it('shows the strip where the picture could not be drawn', async () => {
    const draw = () => Promise.reject(new Fault('the picture could not be rendered', 'never'));
    const message = await ask('base 2022-01-01 2022-01-31', { draw });
    expect(hasStrip(message)).toBe(true);
    expect(logged).toContainEqual(expect.objectContaining({ msg: 'picture not drawn' }));
    expect(uploaded).toEqual([]);
  });

  it('uploads once, however often its task is delivered', async () => {
    await ask('base 2022-01-01 2022-01-31');
    await reportCoverage(engine.ports, { request: 'r1' });
    expect(uploaded).toHaveLength(1);
  });

  it('uploads nothing for questions that have no picture', async () => {
    await ask('why base 2022-01-01');
    expect(uploaded).toEqual([]);
  });
});

describe('accepting a gap', () => {
  it('is told in the channel, once however often it is worked on, and stands in the audit log', async () => {
    const message = await ask('accept mid 2022-01-02 --reason "lost for good"');
    expect(message.text).toMatch(/1 date accepted as a gap, 2 Jan 2022[\s\S]*lost for good/);
    await store.query('update requests set done_at = null');
    await reportCoverage(engine.ports, { request: 'r1' });
    const gaps = await listGaps(store.query, engine.ports.catalogue.pipeline);
    expect(gaps).toMatchObject([{ table: 'mid', dates: ['2022-01-02'], acceptedBy: 'ada', reason: 'lost for good' }]);
    expect(await listAudit(store.query, gaps[0]?.id ?? '')).toMatchObject([{ actor: 'ada', action: 'accept' }]);
  });
});
