import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { ProcessorAnswer } from '../../src/processor/processor.ts';
import type { Store } from '../../src/store/store.ts';
import { eachEngine } from '../jobs/each-engine.ts';
import type { Engine } from '../jobs/engine.ts';
import { waitUntil } from '../jobs/wait-until.ts';
import { type Ran, runLine } from './run-line.ts';

let store: Store;
let engine: Engine;
eachEngine((made, empty) => {
  [engine, store] = [made, empty];
});

const run = (...argv: string[]): Promise<Ran> => runLine(engine, argv);

type Entry = {
  number: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  detail: Record<string, unknown>;
};
const audit = async (): Promise<Entry[]> => JSON.parse((await run('audit', '--json')).out);
const refusing: ProcessorAnswer = { kind: 'failed', detail: 'lab answered 400: no', retry: false };
const from = `terminal ${hostname()}`;

describe('backcourt audit', () => {
  it('has who launched, paused, resumed and retried what, in which words, whence and why, and how it ended', async () => {
    engine.processor.hold();
    engine.processor.script('base 2022-01-04', { answer: refusing });
    const launched = run('backfill', 'base', '2022-01-03', '2022-01-04', '--concurrency', '1', '--reason', 'for ada');
    await waitUntil('a call', () => engine.processor.underWay().length === 1);
    const id = JSON.parse((await run('status', '--json')).out).backfills[0].id;
    await run('pause', id, '--reason', 'the source is late');
    await run('pause', id);
    engine.processor.release();
    await launched;
    await run('resume', id);
    engine.processor.script('base 2022-01-04', {});
    await engine.write('base', '2022-01-02', 4);
    await run('retry', id, '--reason', 'it is up');
    const told = (await audit()).map(({ actor, action, subject, detail }) => [actor, action, subject, detail]);
    expect(told.slice(0, 4)).toMatchObject([
      [
        'bob',
        'launch',
        id,
        {
          typed: 'backcourt backfill base 2022-01-03 2022-01-04 --concurrency 1 --reason "for ada"',
          ...{ from, reason: 'for ada', target: 'base', when: '3-4 Jan 2022 (2 dates)', cells: 2 },
        },
      ],
      ['bob', 'pause', id, { from, reason: 'the source is late', waiting: 1, running: 1 }],
      ['bob', 'resume', id, { from, typed: `backcourt resume ${id}`, reason: null }],
      ['engine', 'finish', id, { result: 'succeeded_with_gaps', round: 1 }],
    ]);
  });

  it('has cancels by a person and by an option, told apart', async () => {
    const first = await engine.run('base 2022-01-03');
    await run('cancel', first, '--reason', 'wrong month');
    engine.processor.script('base 2022-01-04', { answer: refusing });
    await run('backfill', 'base', '2022-01-04', '2022-01-06', '--concurrency', '1', '--stop-on-failure');
    const cancels = (await audit()).filter(({ action }) => action === 'cancel');
    expect(cancels).toMatchObject([
      { actor: 'bob', subject: first, detail: { reason: 'wrong month', from } },
      { actor: 'engine', detail: { reason: expect.stringContaining('--stop-on-failure') } },
    ]);
  });

  it('has gaps that were accepted and taken back', async () => {
    const accepted = await run('coverage', 'accept', 'base', '2022-01-03', '--reason', 'no source', '--json');
    const { id } = JSON.parse(accepted.out);
    await run('coverage', 'revoke', id);
    expect(await audit()).toMatchObject([
      { actor: 'bob', action: 'accept', subject: id, detail: { dates: ['2022-01-03'], reason: 'no source', from } },
      { actor: 'bob', action: 'revoke', subject: id, detail: { typed: `backcourt coverage revoke ${id}`, from } },
    ]);
  });

  it('has an override that was declined, and no other launch that was', async () => {
    await engine.start();
    const id = await engine.run('base 2022-01-03 --concurrency 1');
    expect((await run('backfill', 'mid', '2022-01-10')).code).toBe(1);
    expect((await run('backfill', 'mid', '2022-01-10', '--no-resume', '--reason', 'I know')).code).toBe(1);
    await engine.done(id);
    const declined = (await audit()).filter(({ action }) => action === 'refused');
    expect(declined).toMatchObject([
      {
        actor: 'bob',
        detail: { overrides: ['--no-resume'], reason: 'I know', target: 'mid', why: 'dates are blocked', from },
      },
    ]);
  });

  it('is listed newest last, wrapped to the terminal, and from a date on', async () => {
    await run(
      'coverage',
      'accept',
      'base',
      '2022-01-03',
      '--reason',
      'no source, and there will never be one for this date',
    );
    await run('backfill', 'base', '2022-01-04');
    const { out } = await runLine(engine, ['audit'], { columns: 80 });
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(out).toMatch(/UTC {2}bob +accept[\s\S]*UTC {2}bob +launch[\s\S]*UTC {2}Backcourt +finish/);
    expect((await run('audit', '--since', '2999-01-01')).said).toBe('Nothing was done since 2999-01-01.');
    const [first] = await audit();
    expect((await run('audit', '--since', first?.at.slice(0, 10) ?? '')).out).toContain('accept');
  });

  it('refuses what it cannot read', async () => {
    const wrong = await run('audit', '--since', '11/01/2021');
    expect(wrong).toMatchObject({
      code: 2,
      said: expect.stringMatching(/Try: backcourt audit --since \d{4}-\d\d-\d\d/),
    });
    expect((await run('audit', 'b1')).code).toBe(2);
    expect((await run('audit', '--verify', '--since', '2022-01-01')).said).toContain('Try: backcourt audit --verify');
  });
});

describe('backcourt audit --verify', () => {
  it('is content with a log as it was written, and names the entry that was changed in another', async () => {
    await run('coverage', 'accept', 'base', '2022-01-03', '--reason', 'no source');
    await run('backfill', 'base', '2022-01-04');
    const whole = await run('audit', '--verify');
    expect(whole).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^The log of 3 entries stands as it was written; .* [0-9a-f]{64}$/),
    });
    await store.transaction(async (query) => {
      await query(`alter table audit disable trigger user`);
      await query(`update audit set actor = 'eve' where number = 2`);
      await query(`alter table audit enable trigger user`);
    });
    const changed = await run('audit', '--verify');
    expect(changed).toMatchObject({ code: 1, out: expect.stringContaining('entry 2: it is not what was written') });
    const { ok, problems } = JSON.parse((await run('audit', '--verify', '--json')).out);
    expect([ok, problems.length, problems[0].number]).toEqual([false, 1, 2]);
  });
});
