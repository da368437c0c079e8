import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Catalogue, Need, Table } from '../../../src/core/catalogue/catalogue.ts';
import { causeFinder, countCauses, edgeCauses, findCauses } from '../../../src/core/causes/causes.ts';
import { buildCoverage, coverageSteps, indexOf } from '../../../src/core/coverage/coverage.ts';
import { explain } from '../../../src/core/coverage/explain.ts';
import { addDays, daysBetween } from '../../../src/core/dates.ts';
import { emptyTableFacts, type Facts } from '../../../src/core/facts.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { type Judging, judgementOf } from '../../../src/core/judge/judgement.ts';
import { isNaivelyReachable, naiveCauses, naiveFinder, naiveGroups, naiveWindow } from '../../support/naive-causes.ts';
import { smallNeed, smallTable } from '../../support/small-catalogue.ts';

const from = '2021-11-01';
const days = 36;
const dates = daysBetween(from, addDays(from, days - 1));
const now = Date.UTC(2022, 5, 1);
/** Two seasons with days off between them, where windows end that began in the first. */
const seasons = [
  { name: 'one', starts: '2021-11-03', ends: '2021-11-16', free: [], scheduleDecides: [] },
  { name: 'two', starts: '2021-11-20', ends: '2021-12-04', free: [], scheduleDecides: [] },
];

type Drawn = {
  readonly processor: boolean;
  readonly expect: number;
  readonly dates: Table['dates'];
  needs: DrawnNeed[];
};
type DrawnNeed = { readonly table: number; readonly other: number; readonly kind: number };

const needKinds: readonly ((table: string, other: string) => Need)[] = [
  (table) => smallNeed(table),
  (table) => smallNeed(table, { window: 'season' }),
  (table) => smallNeed(table, { window: 'season', atLeastShare: 0.1 }),
  (table) => smallNeed(table, { window: 4, atLeastShare: 0.2 }),
  (table) => smallNeed(table, { window: 11 }),
  (table) => smallNeed(table, { atLeast: { count: 4, perGame: false } }),
  (table) => smallNeed(table, { atLeast: { count: 9, perGame: false } }),
  (table) => smallNeed(table, { atLeast: { count: 5, perGame: false }, window: 6 }),
  (table) => smallNeed(table, { required: false }),
  (table, other) => (table === other ? smallNeed(table) : smallNeed(table, { tables: [table, other] })),
  (table, other) => (table === other ? smallNeed(table) : smallNeed(table, { fallback: other, window: 7 })),
  (table, other) => (table === other ? smallNeed(table) : smallNeed(table, { share: { of: other, atLeast: 1 } })),
];
const expectations: readonly Table['expect'][] = [
  [],
  [{ fromDay: 0, atLeast: { count: 3, perGame: false } }],
  [{ fromDay: 0, exactly: { count: 4, perGame: false } }],
  [{ fromDay: 0, atMost: { count: 4, perGame: true } }],
];

const catalogues = fc.integer({ min: 2, max: 7 }).chain((size) =>
  fc
    .tuple(
      ...Array.from({ length: size }, (_, n) =>
        fc.record({
          processor: fc.boolean(),
          expect: fc.nat(expectations.length - 1),
          dates: fc.constantFrom<Table['dates']>('season', 'season', 'games', 'daily'),
          needs: fc.array(
            fc.record({
              table: fc.nat(Math.max(0, n - 1)),
              other: fc.nat(Math.max(0, n - 1)),
              kind: fc.nat(needKinds.length - 1),
            }),
            { maxLength: n === 0 ? 0 : 3 },
          ),
        }),
      ),
    )
    .map(catalogueOf),
);

function catalogueOf(drawn: readonly Drawn[]): Catalogue {
  const tables = drawn.map((table, n) =>
    smallTable(`t${n}`, {
      dates: table.dates,
      writtenAt: 'at',
      expect: expectations[table.expect] ?? [],
      needs: table.needs.flatMap(({ table: above, other, kind }) => needKinds[kind]?.(`t${above}`, `t${other}`) ?? []),
      ...(table.processor ? { processor: { service: 's', name: 'P' } } : {}),
    }),
  );
  const all = [smallTable('sched', { mayRepeat: true }), ...tables];
  return {
    pipeline: 'drawn',
    title: 'drawn',
    timeZone: 'UTC',
    schedule: { table: 'sched' },
    targets: new Map(),
    periods: [],
    bootstrapDays: 0,
    seasons,
    services: new Map(),
    tables: new Map(all.map((table) => [table.alias, table])),
  };
}

const columns = fc.array(
  fc.array(fc.record({ rows: fc.constantFrom(0, 1, 3, 4, 4, 4, 4, 5, 8), twice: fc.boolean(), at: fc.nat(4) }), {
    minLength: days,
    maxLength: days,
  }),
  { minLength: 8, maxLength: 8 },
);
type Column = readonly { readonly rows: number; readonly twice: boolean; readonly at: number }[];

const judgings = fc
  .record({ catalogue: catalogues, columns, unread: fc.constantFrom(undefined, undefined, 't0', 'sched') })
  .map(({ catalogue, columns: drawn, unread }) => {
    const tables = [...catalogue.tables.keys()].flatMap((alias, n) =>
      alias === unread ? [] : [[alias, factsOf(alias, drawn[n] ?? [])] as const],
    );
    const problems = new Map(unread === undefined ? [] : [[unread, 'gone']]);
    const facts: Facts = { from, days, tables: new Map(tables), unread: problems };
    return judge(catalogue, facts, { now });
  });

/** The schedule has one or two games a day, and now and then none where there should be some. */
function factsOf(alias: string, column: Column) {
  const facts = emptyTableFacts(days);
  column.forEach(({ rows, twice, at }, i) => {
    facts.entities[i] = alias === 'sched' ? Math.min(rows, 2) : rows;
    facts.rows[i] = twice && rows === 5 ? rows * 2 : rows;
    if (rows > 0) facts.writtenAt[i] = at;
  });
  return facts;
}

const everyCell = (judging: Judging) =>
  [...judging.tables.values()].flatMap((cell) => dates.map((date) => ({ cell, i: indexOf(judging, date) })));

describe('the causes of random judgings', () => {
  it('are those that a plain walk up every edge finds, in the order of dates', () => {
    fc.assert(
      fc.property(judgings, (judging) => {
        const finder = causeFinder(judging);
        const naive = naiveFinder(judging);
        for (const { cell, i } of everyCell(judging)) {
          const causes = naiveCauses(naive, cell, i);
          expect(findCauses(finder, cell, i)).toEqual(causes);
          expect(countCauses(finder, cell, i)).toBe(causes.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are counted, grouped and told to be reachable as the walk would have it', () => {
    fc.assert(
      fc.property(judgings, (judging) => {
        const aliases = [...judging.tables.keys()];
        const naive = naiveFinder(judging);
        const coverage = buildCoverage(judging, { tables: aliases, dates });
        const all = everyCell(judging).map(({ cell, i }) => naiveCauses(naive, cell, i));
        expect(coverage.causes).toEqual(naiveGroups(all));
        coverage.tables.forEach((table, t) => {
          const own = all.slice(t * days, (t + 1) * days);
          const reachable = table.cells.filter(
            (cell, n) => cell.status !== 'not_expected' && isNaivelyReachable(naive, own[n] ?? []),
          );
          expect(table.reachable).toBe(reachable.length);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('are told of an edge, and of its window the dates that are not good', () => {
    fc.assert(
      fc.property(judgings, fc.nat(days - 1), (judging, i) => {
        const finder = causeFinder(judging);
        for (const cell of judging.tables.values()) {
          for (const failing of explain(finder, cell, i).failing) {
            const edge = cell.edges.find(
              ({ need }) => need.window === failing.window && need.tables[0] === failing.table && need.required,
            );
            if (failing.window === undefined || failing.need === null || !edge) continue;
            const same = cell.edges.filter(
              ({ need }) => need.tables[0] === failing.table && need.window === failing.window,
            );
            if (same.length > 1) continue;
            const { dates: bad, expected } = naiveWindow(judging, edge, i);
            expect(failing).toMatchObject({ dates: bad, have: expected - bad.length, need: expected });
            const dated = new Set(edgeCauses(finder, edge, i).map((cause) => cause.date));
            expect(dated.size > 0).toBe(bad.length > 0);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('make the same coverage in steps, whatever was asked before', () => {
    fc.assert(
      fc.property(judgings, fc.nat(days - 1), (judging, i) => {
        const asked = { tables: [...judging.tables.keys()], dates };
        const whole = buildCoverage(judging, asked);
        const again = judge(judging.catalogue, judging.facts, { now });
        const one = judgementOf(again, asked.tables.at(-1) ?? '');
        const verdict = explain(causeFinder(again), one, i);
        expect(verdict).toEqual(whole.tables.at(-1)?.cells[i]);
        let steps = 1;
        const work = coverageSteps(again, asked);
        let step = work.next();
        for (; !step.done; steps++) step = work.next();
        expect(step.value).toEqual(whole);
        expect(steps).toBeGreaterThan(asked.tables.length / 2);
      }),
      { numRuns: 40 },
    );
  });
});
