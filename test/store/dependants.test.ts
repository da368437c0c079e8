/**
 * Plans of every shape, run to their end in every order with every outcome, against a model that knows only the rule:
 * what a cell becomes follows from what stands above it.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { emptyStore, launch, runCell, statesOf } from '../support/small-backfills.ts';
import { memoryStore } from '../support/stores.ts';

type Above = { readonly of: number; readonly strict: boolean };
type Planned = { readonly above: readonly Above[]; readonly outcome: 'succeeded' | 'failed' | 'skipped' | 'blocked' };
type Run = { readonly plan: readonly Planned[]; readonly picks: readonly number[] };

const most = 7;
const plans: fc.Arbitrary<Run> = fc.record({
  plan: fc
    .array(
      fc.record({
        above: fc.array(fc.record({ of: fc.nat(most), strict: fc.boolean() }), { maxLength: 3 }),
        outcome: fc.constantFrom(
          'succeeded' as const,
          'succeeded' as const,
          'failed' as const,
          'skipped' as const,
          'blocked' as const,
        ),
      }),
      { minLength: 1, maxLength: most },
    )
    .map((cells) =>
      cells.map((cell, n) => ({
        ...cell,
        above: n === 0 ? [] : cell.above.map((one) => ({ ...one, of: one.of % n })),
      })),
    ),
  picks: fc.array(fc.nat(99), { minLength: most, maxLength: most }),
});

/** Cell n is table t<n>, so that an edge means one cell. */
const cellName = (n: number) => `t${n} 11-01`;
const edgeText = (n: number, { of, strict }: Above) => `${cellName(n)} ${strict ? '<-' : '<~'} ${cellName(of)}`;
const isFinal = (state: string) => !['waiting', 'ready', 'running'].includes(state);
const isBad = (state: string | undefined) => state === 'failed' || state === 'blocked';

/** What every cell that has not run must be, given those that have. Above comes before below in a plan. */
function model(plan: readonly Planned[], ran: ReadonlySet<number>): string[] {
  const states: string[] = [];
  for (const [n, cell] of plan.entries()) {
    const above = cell.above.map(({ of, strict }) => ({ state: states[of] ?? '', strict }));
    if (ran.has(n)) states.push(cell.outcome);
    else if (above.some(({ state, strict }) => strict && isBad(state))) states.push('blocked');
    else states.push(above.every(({ state }) => isFinal(state)) ? 'ready' : 'waiting');
  }
  return states;
}

describe('a plan that is run', () => {
  let store: Store;
  beforeAll(async () => {
    store = await memoryStore();
  });
  afterAll(() => store.close());

  it('has after every recording the states that follow from what stands above, and ends exactly once', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async ({ plan, picks }) => {
        await emptyStore(store);
        const edges = plan.flatMap((cell, n) => cell.above.map((above) => edgeText(n, above)));
        await launch(store, 'b', { cells: plan.map((_, n) => cellName(n)), edges });
        const ran = new Set<number>();
        let finished = 0;
        for (let step = 0; ; step++) {
          const expected = model(plan, ran);
          const states = (await statesOf(store, 'b')).map((text) => text.split(' ')[2]);
          expect(states).toEqual(expected);
          const ready = plan.flatMap((_, n) => (expected[n] === 'ready' ? [n] : []));
          const next = ready[(picks[step] ?? 0) % Math.max(1, ready.length)];
          if (next === undefined) break;
          expect(finished).toBe(0);
          if (await runCell(store, 'b', cellName(next), plan[next]?.outcome ?? 'failed')) finished++;
          ran.add(next);
        }
        expect(model(plan, ran).every(isFinal)).toBe(true);
        expect(finished).toBe(1);
      }),
      { numRuns: 60 },
    );
  });
});
