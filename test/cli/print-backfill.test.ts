import { describe, expect, it } from 'vitest';
import { printReport, printUnblocked } from '../../src/cli/print-backfill.ts';
import { daysBetween } from '../../src/core/dates.ts';
import { noOptions } from '../../src/core/request/options.ts';
import { readBackfillRequest } from '../../src/core/request/request.ts';
import { reportOf } from '../../src/engine/view.ts';
import { isRefusal } from '../../src/fault.ts';
import { catalogue, cell, finished, preparedNovember, view } from '../messages/samples.ts';

const overridden = preparedNovember().preflight.blocked.slice(0, 2);
const dates = daysBetween('2022-01-01', '2022-01-07');
const ended = view(
  {
    ...finished,
    target: 'psza',
    options: { ...noOptions, skipPreflight: true, newestFirst: true, reason: 'the league will not send them any more' },
    preflight: { ready: [], blocked: [], warnings: [], skipped: [], overridden },
    unblocked: [
      { table: 'pcf', dates },
      { table: 'mlfs', dates },
    ],
  },
  [cell('psza', '2022-01-01', { state: 'succeeded', rowsAfter: 320 })],
);

/** What is printed, as data and as words. */
function print() {
  const data: string[] = [];
  const said: string[] = [];
  const output = {
    columns: 80,
    data: (line: string) => void data.push(line),
    say: (line: string) => void said.push(line),
  };
  printReport(reportOf(ended), ended, output);
  printUnblocked(catalogue, reportOf(ended), output);
  return { data, said };
}

describe('a backfill on a terminal', () => {
  it('says how it was asked for and what was set aside, by whom and why, within the columns', () => {
    const { data } = print();
    const text = data.join('\n').replace(/\n\s+/g, ' ');
    expect(text).toContain(
      'Asked with --skip-preflight --newest-first --reason "the league will not send them any more"',
    );
    expect(text).toContain(
      'Override: --skip-preflight runs 2 blocked dates, by mira: the league will not send them any more',
    );
    expect(Math.max(...data.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('ends with a command that fills what can be filled downstream now', () => {
    const { said } = print();
    expect(said.slice(-2)).toEqual([
      'pcf, mlfs can be filled now for 7 dates, 1-7 Jan 2022:',
      '  backcourt backfill mlfs 2022-01-01..2022-01-07 --with-upstream',
    ]);
    const typed = said.at(-1)?.replace(/^ *backcourt backfill /, '') ?? '';
    const read = readBackfillRequest(typed, { catalogue, today: '2022-01-08' });
    expect(isRefusal(read) ? read.message : read.verb).toBe('launch');
  });
});
