/** A second person at a terminal: what waits for one, and its answer. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildAccess } from '../../src/core/catalogue/access-file.ts';
import { isRefusal } from '../../src/fault.ts';
import type { Store } from '../../src/store/store.ts';
import { type Engine, makeEngine } from '../jobs/engine.ts';
import { backfillSchema, errorSchema, statusSchema } from '../support/contract-schemas.ts';
import { emptyStore } from '../support/small-backfills.ts';
import { memoryStore } from '../support/stores.ts';
import { runLine } from './run-line.ts';

let store: Store;
let engine: Engine;
beforeAll(async () => {
  store = await memoryStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  engine = await makeEngine(store, { access: buildAccess({ tables: { base: { protected: true } } }) });
});
afterEach(async () => {
  await engine.close();
  await emptyStore(store);
});

const run = (...argv: string[]) => runLine(engine, argv);

/** Asked for in the chat. */
async function askFor(text: string, user = 'U0MIRA0001'): Promise<string> {
  const launched = await engine.launch(text, user, 'C1');
  if (isRefusal(launched) || launched.kind !== 'asks') throw new Error(JSON.stringify(launched));
  return launched.id;
}

describe('backcourt status', () => {
  it('shows what waits for a second person: why, the dates, what is overwritten, and what to type', async () => {
    await engine.write('base', '2022-01-02', 2);
    const id = await askFor('base 2022-01-01 2022-01-03');
    const { code, out } = await run('status', id);
    expect(code).toBe(0);
    expect(out.split('\n').slice(0, 5)).toEqual([
      'waits for a second person to approve it',
      `Backfill ${id} of base: waiting_approval`,
      'nothing has run',
      'Before it runs it takes the yes of a second person: base is protected.',
      '  base 1-3 Jan 2022 (3 dates): 1 has rows, which are overwritten, 2 Jan 2022',
    ]);
    expect((await run('status')).out).toContain('waiting_approval  U0MIRA0001  waits for a second person');
  });

  it('has a hand-over note that says what to type next', async () => {
    const id = await askFor('base 2022-01-01');
    const note = (await run('handover', id)).out;
    expect(note).toContain('It is not over: waiting approval');
    expect(note).toContain(`backcourt approve ${id}`);
    expect(note).toContain(`backcourt cancel ${id}`);
  });

  it('prints it with --json, alone and in the list', async () => {
    const id = await askFor('base 2022-01-01');
    const one = backfillSchema.parse(JSON.parse((await run('status', id, '--json')).out));
    expect(one).toMatchObject({ id, state: 'waiting_approval', result: null, approval: { state: 'waiting' } });
    expect(statusSchema.parse(JSON.parse((await run('status', '--json')).out)).backfills).toMatchObject([{ id }]);
  });
});

describe('backcourt backfill', () => {
  it('ends with what to type where the same is asked for in the chat and waits', async () => {
    const id = await askFor('base 2022-01-01');
    const same = await run('backfill', 'base', '2022-01-01');
    expect(same.code).toBe(1);
    expect(same.said).toContain(`Say yes with: backcourt approve ${id}, or no with: backcourt deny ${id}`);
  });

  it('says with --dry-run on a shared home that it would take a second person', async () => {
    expect((await run('backfill', 'base', '2022-01-01', '--dry-run')).out).not.toContain('second person');
    Object.assign(engine.ports, { isShared: true });
    expect((await run('backfill', 'base', '2022-01-01', '--dry-run')).out).toContain('the yes of a second person');
    const plan = JSON.parse((await run('backfill', 'base', '2022-01-01', '--dry-run', '--json')).out);
    expect(plan.secondPerson).toEqual([{ kind: 'protected', tables: ['base'] }]);
  });

  it('of what takes a second person is refused on a shared home, as an override is', async () => {
    Object.assign(engine.ports, { isShared: true });
    const refused = await run('backfill', 'base', '2022-01-01', '--json');
    expect(refused.code).toBe(2);
    expect(errorSchema('refusal').parse(JSON.parse(refused.out)).error.message).toBe(
      'This needs a second person, and a terminal cannot tell people apart. Nothing was started. Ask for it in the chat: /backfill base 2022-01-01',
    );
    const override = await run('backfill', 'mid', '2022-01-01', '--skip-preflight', '--reason', 'lost');
    expect(override).toMatchObject({ code: 2, said: expect.stringContaining('a terminal cannot tell people apart') });
    expect(engine.processor.calls).toEqual([]);
  });
});

describe('backcourt approve', () => {
  it('starts it and waits for its end', async () => {
    const id = await askFor('base 2022-01-01');
    const approved = await run('approve', id, '--reason', 'checked the source', '--json');
    expect(approved.code).toBe(0);
    expect(backfillSchema.parse(JSON.parse(approved.out))).toMatchObject({
      state: 'done',
      result: 'succeeded',
      approval: { state: 'approved', by: 'bob', reason: 'checked the source' },
    });
    const again = await run('approve', id);
    expect(again).toMatchObject({ code: 1, said: expect.stringContaining('was approved already, by bob') });
    const told = (await run('audit')).out;
    expect(told).toMatch(/bob +approve +\S+ +backcourt approve \S+ --reason "checked the source"/);
    expect((await run('handover', id)).out).toMatch(/approve by bob: checked the source/);
  });

  it('of whoever asked is refused, and so it is on a shared home', async () => {
    const id = await askFor('base 2022-01-01', 'bob');
    expect(await run('approve', id)).toMatchObject({ code: 2, said: expect.stringContaining('You asked for this') });
    Object.assign(engine.ports, { isShared: true });
    expect(await run('approve', await askFor('base 2022-01-02'))).toMatchObject({
      code: 2,
      said: expect.stringContaining('nobody can approve there'),
    });
    expect(engine.processor.calls).toEqual([]);
  });

  it('starts nothing where the plan has changed, and exits with 1', async () => {
    const id = await askFor('base 2022-01-01 2022-01-02');
    await engine.write('base', '2022-01-01', 1);
    const changed = await run('approve', id);
    expect(changed.code).toBe(1);
    expect(changed.said).toContain(`See the plan as it is now, and approve that: backcourt status ${id}`);
    expect((await run('status', id)).out).toContain('1 has rows, which are overwritten');
  });
});

describe('backcourt deny', () => {
  it('ends it with the reason', async () => {
    const id = await askFor('base 2022-01-01');
    const denied = await run('deny', id, '--reason', 'not tonight', '--json');
    expect(denied.code).toBe(0);
    expect(backfillSchema.parse(JSON.parse(denied.out))).toMatchObject({
      state: 'done',
      result: 'refused',
      approval: { state: 'denied', by: 'bob', reason: 'not tonight' },
    });
    expect((await run('handover', id)).out).toContain('deny by bob: not tonight');
  });
});
