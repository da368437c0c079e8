import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chainStart,
  checkEnd,
  checkLinks,
  type Head,
  hashOf,
  type Link,
  listAudit,
  recordAudit,
  verifyAudit,
} from '../../src/store/audit.ts';
import { auditChain } from '../../src/store/audit-chain.ts';
import { migrate } from '../../src/store/migrate.ts';
import { migrations } from '../../src/store/migrations.ts';
import { memoryStore } from '../support/stores.ts';

const length = 12;

/** A chain as the database makes it; some entries have the same content but for their number. */
function chain(): { links: Link[]; head: Head } {
  const links: Link[] = [];
  for (let number = 1; number <= length; number++) {
    const content = JSON.stringify([number, 'ada', `b${number % 2}`]);
    links.push({ number, content, hash: hashOf(links.at(-1) ?? chainStart, content) });
  }
  return { links, head: links.at(-1) ?? chainStart };
}

const place = fc.nat({ max: length - 1 });
const byte = fc.record({ at: fc.nat({ max: 200 }), by: fc.integer({ min: 1, max: 90 }) });
const flip = (text: string, { at, by }: { at: number; by: number }) => {
  const i = at % text.length;
  return text.slice(0, i) + String.fromCharCode(((text.charCodeAt(i) - 33 + by) % 91) + 33) + text.slice(i + 1);
};
type Tamper = (links: readonly Link[]) => readonly Link[];
const tampers: fc.Arbitrary<Tamper> = fc.oneof(
  fc.tuple(place, byte).map(
    ([n, change]): Tamper =>
      (all) =>
        edit(all, n, (each) => ({ ...each, content: flip(each.content, change) })),
  ),
  fc.tuple(place, byte).map(
    ([n, change]): Tamper =>
      (all) =>
        edit(all, n, (each) => ({ ...each, hash: flip(each.hash, change) })),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 5 })).map(
    ([n, many]): Tamper =>
      (all) =>
        all.toSpliced(n, many),
  ),
  fc
    .tuple(place, place)
    .filter(([a, b]) => a !== b)
    .map(
      ([a, b]): Tamper =>
        (all) =>
          edit(
            edit(all, a, (each) => ({ ...all[b], number: each.number }) as Link),
            b,
            (each) => ({ ...all[a], number: each.number }) as Link,
          ),
    ),
  place.map(
    (n): Tamper =>
      (all) => {
        const before = all[n - 1] ?? chainStart;
        const content = JSON.stringify([n + 1, 'eve', 'b1']);
        const forged = { number: n + 1, content, hash: hashOf(before, content) };
        return [...all.slice(0, n), forged, ...all.slice(n).map((each) => ({ ...each, number: each.number + 1 }))];
      },
  ),
  // Changed, and its own hash made anew: then the next one does not follow.
  fc.tuple(place, byte).map(
    ([n, change]): Tamper =>
      (all) =>
        edit(all, n, (each) => {
          const content = flip(each.content, change);
          return { ...each, content, hash: hashOf(all[n - 1] ?? chainStart, content) };
        }),
  ),
);

function edit(all: readonly Link[], n: number, change: (link: Link) => Link): readonly Link[] {
  return all.map((link, i) => (i === n ? change(link) : link));
}

describe('the chain of the audit log', () => {
  it('is whole as it was written', () => {
    const { links, head } = chain();
    expect([...checkLinks(chainStart, links), ...checkEnd(links.at(-1) ?? chainStart, head)]).toEqual([]);
    expect(checkEnd(chainStart, chainStart)).toEqual([]);
    expect(checkEnd(head, undefined)).toHaveLength(1);
  });

  it('shows ten thousand edits, deletions, exchanges and forged entries, every one', () => {
    const { links, head } = chain();
    fc.assert(
      fc.property(tampers, (tamper) => {
        const now = tamper(links);
        const problems = [...checkLinks(chainStart, now), ...checkEnd(now.at(-1) ?? chainStart, head)];
        expect(problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 10_000 },
    );
  });

  it('takes in what was written before there was one, in its order', async () => {
    const store = await memoryStore({ migrated: false });
    const later = migrations.filter(({ number }) => number >= auditChain.number);
    await migrate(
      store,
      migrations.filter((step) => !later.includes(step)),
    );
    const entry = { at: 1000, actor: 'ada', action: 'launch', subject: 'b1', detail: { cells: 3 } };
    for (const at of [1000, 3000, 2000]) await recordAudit(store.query, { ...entry, at });
    expect(await migrate(store)).toEqual(later.map(({ number }) => number));
    await recordAudit(store.query, { ...entry, at: 4000 });
    expect((await listAudit(store.query, 'b1')).map(({ at }) => at)).toEqual([1000, 3000, 2000, 4000]);
    expect(await store.transaction(verifyAudit)).toMatchObject({ ok: true, entries: 4 });
    await store.close();
  });
});
