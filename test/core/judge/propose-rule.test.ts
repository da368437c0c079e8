import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCoverage } from '../../../src/core/coverage/coverage.ts';
import type { RuleProposals } from '../../../src/core/coverage/coverage-report.ts';
import { addDays, daysBetween } from '../../../src/core/dates.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { proposeRules } from '../../../src/core/judge/propose-rule.ts';
import { sayProposals } from '../../../src/messages/rule-proposals.ts';
import { catalogueOf, factsOf } from '../../support/old-minima.ts';

const from = '2021-11-01';

function yaml(rules: { games?: string; need?: string; box?: string }): string {
  return `
pipeline: x
time_zone: UTC
schedule: { table: games }
seasons: [{ name: one, starts: ${from}, ends: 2021-11-30, schedule_decides: [${from}..2021-11-30] }]
services: { s: { url: "http://127.0.0.1:9", path: /p, body: {} } }
tables:
  games: { table: d.games, date_column: day, key: [id], dates: games }
  box: { table: d.box, date_column: day, key: [id], dates: games, expect: ${rules.box ?? '{}'}, processor: { service: s, name: B } }
  other: { table: d.other, date_column: day, key: [id], dates: games, processor: { service: s, name: O } }
  model: { table: d.model, date_column: day, key: [id], dates: games, needs: [${rules.need ?? 'box'}], processor: { service: s, name: M } }
`;
}

type Day = { games: number; box: number; other?: number; model?: number };

function judged(text: string, days: readonly Day[]) {
  const dates = daysBetween(from, addDays(from, days.length - 1));
  const column = (alias: keyof Day) => Object.fromEntries(days.map((day, i) => [dates[i], day[alias] ?? 0]));
  const counts = { games: column('games'), box: column('box'), other: column('other'), model: column('model') };
  const facts = factsOf(from, dates.at(-1) ?? from, counts);
  const judging = judge(catalogueOf(text), facts, { now: Date.UTC(2022, 0, 1) });
  const coverage = buildCoverage(judging, { tables: ['model', 'box'], dates });
  const roots = coverage.causes.filter((group) => group.reason === 'threshold_unreachable');
  return { coverage, found: proposeRules(judging, roots, ['model', 'box']) };
}

/** Good dates of `games` games with `each` rows per game. */
const good = (each: readonly number[], games = 6): Day[] => each.map((n) => ({ games, box: games * n }));
const paths = ({ proposals }: RuleProposals) => proposals.map(({ path, perGame, yaml: text }) => [path, perGame, text]);

describe('a minimum that a date cannot meet', () => {
  const short: Day = { games: 2, box: 40 };

  it('gets a figure per game that no good date is below, where the rule stands', () => {
    const { found } = judged(yaml({ need: 'box, { table: box, at_least: 100, since: 2021-01-01 }' }), [
      ...good([21, 22, 19.5, 20, 22]),
      short,
    ]);
    expect(paths(found)).toEqual([
      ['tables.model.needs.1', 19, '{ table: box, at_least_per_game: 19, since: 2021-01-01 }'],
    ]);
    expect(found.proposals[0]).toMatchObject({ meets: 1, seen: { dates: 5, least: 19.5, usual: 21 } });
    expect(found.proposals[0]?.changes).toEqual([{ table: 'model', from: 'blocked', to: 'missing', dates: 1 }]);
    expect(sayProposals(found).each).toEqual([
      {
        fault:
          'model needs box at least 100 rows; on 6 Nov 2021 that cannot be. 19 per game fits: 5 good dates had 19.5 or more, usually 21.',
        paste: 'tables.model.needs.1: { table: box, at_least_per_game: 19, since: 2021-01-01 }',
        effect: 'The date has as many. Alone it would have changed 1 cell: model 1 blocked -> missing (1-6 Nov 2021).',
      },
    ]);
  });

  it('of the table itself keeps what else its rule says, and gives up a lower figure in rows', () => {
    const box = '[{ at_least: 10 }, { at_least: 100, at_most_per_game: 30, in_backfill: 50, from_day: 1 }]';
    const { found } = judged(yaml({ box }), [{ games: 1, box: 20 }, ...good([20, 20, 20, 20, 20]), short]);
    expect(paths(found)).toEqual([
      ['tables.box.expect.1', 20, '{ from_day: 1, at_least_per_game: 20, at_most_per_game: 30 }'],
    ]);
    expect(found.proposals[0]?.changes).toEqual([
      { table: 'model', from: 'blocked', to: 'missing', dates: 1 },
      { table: 'box', from: 'thin', to: 'complete', dates: 1 },
    ]);
  });

  it('of exactly so many rows is at fault likewise', () => {
    const { found } = judged(yaml({ box: '{ exactly: 120 }' }), [...good([20, 20, 20, 20, 20]), short]);
    expect(paths(found)).toEqual([['tables.box.expect.0', 20, '{ at_least_per_game: 20 }']]);
    expect(found.proposals[0]?.changes).toContainEqual({ table: 'box', from: 'thin', to: 'complete', dates: 1 });
  });

  it('gets no figure where too few good dates are known, and that is said', () => {
    const box = '{ at_least: 100, at_most_per_game: 30 }';
    const { found } = judged(yaml({ box }), [...good([20, 20]), short]);
    expect(paths(found)).toEqual([['tables.box.expect.0', null, null]]);
    expect(sayProposals(found).each[0]?.fault).toContain('Too few good dates are known');
  });

  it('is not at fault while an alternative can meet it', () => {
    const need = '{ any_of: [box, other], at_least: 100 }';
    const days = [...good([20, 20, 20, 20, 20]), short].map((day) => ({ ...day, other: 0 }));
    expect(paths(judged(yaml({ need }), days).found)).toHaveLength(1);
    const rich = days.map((day, i) => ({ ...day, other: i < 5 ? day.games * 60 : 0 }));
    const { coverage, found } = judged(yaml({ need }), rich);
    expect(found.proposals).toEqual([]);
    expect(coverage.causes.map((cause) => cause.reason)).not.toContain('threshold_unreachable');
  });

  it('taints what has it in a window, as a rule at fault and not as data to mend', () => {
    const need = '{ table: box, window: 3, at_least: 100 }';
    const days = [...good([20, 20, 20, 20, 20]), short].map((day) => ({ ...day, model: 5 }));
    const { coverage, found } = judged(yaml({ need }), days);
    expect(coverage.tables[0]?.cells.at(-1)).toMatchObject({ status: 'tainted' });
    expect(coverage.causes).toMatchObject([{ table: 'box', reason: 'threshold_unreachable', dates: ['2021-11-06'] }]);
    expect(paths(found)).toEqual([['tables.model.needs.0', 20, '{ table: box, window: 3, at_least_per_game: 20 }']]);
    expect(found.proposals[0]?.changes).toEqual([{ table: 'model', from: 'tainted', to: 'complete', dates: 1 }]);
  });

  it('never gets a figure that makes a complete date worse', () => {
    const days = fc.array(fc.record({ games: fc.nat(9), each: fc.integer({ min: 10, max: 30 }) }), {
      minLength: 12,
      maxLength: 25,
    });
    fc.assert(
      fc.property(days, fc.integer({ min: 30, max: 120 }), (drawn, minimum) => {
        const all = drawn.map(({ games, each }) => ({ games, box: games * each, model: games > 0 ? 3 : 0 }));
        const rules = { box: `{ at_least: ${minimum} }`, need: `{ table: box, at_least: ${minimum} }` };
        const { found } = judged(yaml(rules), all);
        const changes = [...found.proposals.flatMap((each) => each.changes), ...(found.proposalsTogether ?? [])];
        for (const change of changes) expect([change.from, change]).not.toEqual(['complete', change]);
      }),
      { numRuns: 150 },
    );
  });
});
