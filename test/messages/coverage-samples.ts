/** Answers about coverage in shapes that occur: a date, a season, nothing there, everything there, a backfill under way. */

import type { BackfillRollUp } from '../../src/core/backfill/backfill-report.ts';
import { buildCoverage } from '../../src/core/coverage/coverage.ts';
import type { Coverage } from '../../src/core/coverage/coverage-report.ts';
import type { Held } from '../../src/core/coverage/explain.ts';
import { buildWhy } from '../../src/core/coverage/why.ts';
import { daysBetween } from '../../src/core/dates.ts';
import { judge } from '../../src/core/judge/judge.ts';
import type { HeldBy } from '../../src/core/verdict.ts';
import { coverageMessage } from '../../src/messages/coverage-message.ts';
import type { Message } from '../../src/messages/message.ts';
import { summaryMessage } from '../../src/messages/summary-message.ts';
import { whyMessage } from '../../src/messages/why-message.ts';
import { factsOf } from '../support/old-minima.ts';
import { catalogue, coverageOf, finished, finishedCells, judging, now, view } from './samples.ts';

const chain = ['sched', 'pgs', 'psza', 'pcf', 'pdc', 'mlfs'];
const first = '2021-10-19';
const last = '2022-01-07';

/** The same catalogue with a target, a named period and nothing else. */
const withTargets = {
  ...catalogue,
  targets: new Map([[4, 0.881]]),
  periods: [{ name: 'holidays', from: '2021-12-20', to: '2022-01-05' }],
};

/** All tables over the dates that are known, against targets. */
export function seasonCoverage(): Coverage {
  const { facts } = judging();
  return buildCoverage(judge(withTargets, facts, { now }), { tables: chain, dates: daysBetween(first, last) });
}

/** All tables where nothing but the schedule was ever written. */
export function emptyCoverage(): Coverage {
  const dates = daysBetween(first, last);
  const games = Object.fromEntries(dates.map((date) => [date, 7]));
  const judged = judge(catalogue, factsOf(first, last, { ...noRows(), sched: games }), { now });
  return buildCoverage(judged, { tables: chain, dates });
}

function noRows(): Record<string, Record<string, number>> {
  return Object.fromEntries(chain.map((alias) => [alias, {}]));
}

/** As many causes as tables and dates can make. */
function manyCauses(): Coverage {
  const coverage = coverageOf(['mlfs']);
  const dates = daysBetween(first, last);
  const causes = Array.from({ length: 400 }, (_, n) => ({
    table: `table_${n}`,
    reason: n % 2 === 0 ? ('never_run' as const) : ('rows_short' as const),
    dates: dates.slice(0, 1 + (n % 40)),
    explains: 400 - n,
  }));
  return { ...coverage, causes };
}

const holder: HeldBy = { backfill: 'k3v9x2', by: 'U012ABCDEF', channel: 'C012ABCDEF', ts: '1641608045.000100' };
const onTerminal: HeldBy = { backfill: 'a8d2', by: 'mira', channel: null, ts: null };
const held: Held = new Map([
  ['mlfs 2021-11-16', holder],
  ['mlfs 2021-11-17', holder],
  ['mlfs 2021-11-18', holder],
  ['mlfs 2021-11-21', onTerminal],
]);
const links = new Map([['k3v9x2', 'https://team.slack.com/archives/C012ABCDEF/p1641608045000100']]);

export function runningCoverage(): Coverage {
  return buildCoverage(judging(), { tables: ['mlfs'], dates: daysBetween('2021-11-01', '2021-11-30'), held });
}

/** What two tables and their phase, on the dates of a backfill over a turn of the year, add up to. */
function rolledUp(pcf: number, mlfs: number): BackfillRollUp {
  const line = (name: string, complete: number, calendar: number, target: number | null = null) => {
    return { name, calendar, expected: calendar, reachable: calendar, complete, share: complete / calendar, target };
  };
  return {
    tables: [line('pcf', pcf, 10), line('mlfs', mlfs, 10)],
    phases: [{ ...line('phase 4', pcf, 10, 0.881), part: { tables: 1, of: 3 } }, line('phase 5', mlfs, 10)],
    months: [line('2021-12', 0, 4), line('2022-01', pcf + mlfs, 20)],
    periods: [],
  };
}

const asked = (text: string) => ({ catalogue, asked: text });

/** By name, since a golden text stands in a file of that name. */
export const coverageMessages: Readonly<Record<string, () => Message>> = {
  'coverage-season': () =>
    coverageMessage(seasonCoverage(), {
      ...asked('/coverage all 2021-10-19..2022-01-07'),
      catalogue: withTargets,
    }),
  'coverage-one-date': () =>
    coverageMessage(coverageOf(['mlfs'], '2021-11-16', '2021-11-16'), asked('/coverage mlfs 2021-11-16')),
  'coverage-three-tables': () =>
    coverageMessage(coverageOf(['pgs', 'pcf', 'mlfs']), asked('/coverage pgs pcf mlfs 2021-11')),
  'coverage-three-complete': () =>
    coverageMessage(
      coverageOf(['pgs', 'pcf', 'mlfs'], '2021-11-02', '2021-11-08'),
      asked('/coverage pgs pcf mlfs 2021-11-02 2021-11-08'),
    ),
  'coverage-three-not-expected': () =>
    coverageMessage(
      coverageOf(['psza', 'pcf', 'mlfs'], '2021-10-20', '2021-10-22'),
      asked('/coverage psza pcf mlfs 2021-10-20 2021-10-22'),
    ),
  'coverage-everything-missing': () => coverageMessage(emptyCoverage(), asked('/coverage all 2021-10-19..2022-01-07')),
  'coverage-many-causes': () => coverageMessage(manyCauses(), asked('/coverage mlfs 2021-11-01 2021-11-30')),
  'coverage-running': () =>
    coverageMessage(runningCoverage(), { ...asked('/coverage mlfs 2021-11-01 2021-11-30'), links }),
  'summary-coverage': () =>
    summaryMessage(
      view({ ...finished, coverageBefore: rolledUp(2, 2), coverageAfter: rolledUp(9, 8) }, finishedCells()),
      { catalogue },
    ),
  'why-running': () =>
    whyMessage(buildWhy(judging(), 'mlfs', '2021-11-16', held), { asked: '/coverage why mlfs 2021-11-16', links }),
};
