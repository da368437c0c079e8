/** What a failing run tells: its seed, what was wrong, how it came, how to see it again, and the fewest faults that do it. */
import { type FaultKind, faultKinds } from './life.ts';
import type { QuickStore } from './quick-pglite.ts';
import { type Ran, runSeed } from './run-seed.ts';

/** As lines. Runs the seed again without each kind of fault to find those that it takes. */
export async function explainRun(store: QuickStore, ran: Ran): Promise<string> {
  const without = await leaveOut(store, ran);
  const needed = faultKinds.filter((kind) => !without.has(kind));
  const smallest = without.size === 0 ? ran : await runSeed(store, ran.seed, { without });
  const flag = without.size === 0 ? '' : ` --without ${[...without].join(',')}`;
  return [
    `seed ${ran.seed}: ${ran.violations.join('; ')}`,
    `It takes these kinds of faults: ${needed.join(', ') || 'none'}.`,
    ...smallest.last.slice(-60),
    ...smallest.violations,
    `To see it again: npm run simulate -- --runs 1 --seed ${ran.seed}${flag}`,
  ].join('\n');
}

/** Kinds that can be left out, and the same kind of thing still goes wrong. */
async function leaveOut(store: QuickStore, ran: Ran): Promise<Set<FaultKind>> {
  const kindOf = (of: Ran) => of.violations[0]?.slice(0, 3);
  const without = new Set<FaultKind>();
  for (const kind of faultKinds) {
    const smaller = await runSeed(store, ran.seed, { without: new Set([...without, kind]) });
    if (kindOf(smaller) === kindOf(ran)) without.add(kind);
  }
  return without;
}
