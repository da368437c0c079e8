/** Values of every size and with the worst text, for the property that no message is ever refused by Slack. */
import fc from 'fast-check';
import type { BackfillView, FailureGroup } from '../../src/core/backfill/backfill.ts';
import type { Coverage } from '../../src/core/coverage/coverage-report.ts';
import { fromDay, toDay } from '../../src/core/dates.ts';
import type { PlanReport, Preflight } from '../../src/core/plan/plan-report.ts';
import type { Quality, Remark } from '../../src/core/quality/quality-report.ts';
import { type Cause, reasons, statuses, type Verdict } from '../../src/core/verdict.ts';
import { cell, view } from './samples.ts';

/** Text as the worst person or service writes it. */
export const hostile = fc.oneof(
  fc.constantFrom(
    '<!channel>',
    '<!here|here> <@U012ABCDEF> <https://evil.example|Approve>',
    '`code` ```block``` *bold* _it_ ~s~ > quote',
    '&lt;!channel&gt; & <',
    '\u202egnp.exe\u0000\u0007\ud800',
    'é'.repeat(4_000),
    '👩‍👩‍👧‍👦'.repeat(500),
    '',
    ' \n\n ',
  ),
  fc.string({ unit: 'binary', maxLength: 400 }),
);
const name = fc.constantFrom(
  'mlfs',
  'pgs',
  'a_table_with_the_longest_name_32',
  'pcf',
  'x',
  't_0',
  't_1',
  't_2',
  't_3',
  't_4',
  't_5',
  't_6',
);
const some = fc.integer({ min: 0, max: 2_000_000_000 });
const maybe = fc.option(some);

/** 1 to 1,000 dates, with holes between them or without. */
export const dates = fc
  .tuple(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 9 }))
  .map(([many, step]) =>
    Array.from({ length: many }, (_, index) =>
      fromDay(toDay('2019-12-30') + index * step + (index % 3 === 0 && step > 3 ? 1 : 0)),
    ),
  );

/** Figures that follow from a seed: a thousand arbitraries per date would be slow to make and slower to shrink. */
const seeds = fc.nat({ max: 1_000_003 });
type Stream = { at: number };
function next(stream: Stream): number {
  stream.at = (stream.at * 48_271 + 11) % 2_147_483_647;
  return stream.at % 1_000_003;
}

export const pick = <T>(all: readonly T[], at: number): T => all[at % all.length] as T;

function cause(at: number, tables: readonly string[], date: string): Cause {
  return {
    table: pick(tables, at),
    date,
    reason: pick(reasons, at),
    have: at % 4 === 0 ? null : at,
    need: at % 5 === 0 ? null : at * 2,
  };
}

function verdict(date: string, at: number, tables: readonly string[], text: string): Verdict {
  const causes = Array.from({ length: at % 5 }, (_, index) => cause(at + index, tables, date));
  return {
    date,
    status: pick(statuses, at),
    reason: pick(reasons, at * 7),
    also: [],
    rows: at % 6 === 0 ? null : at,
    entities: at,
    expected: at % 3 === 0 ? null : at,
    rule: text,
    failing: causes.map((each) => ({
      table: each.table,
      have: each.have,
      need: each.need,
      ...(at % 2 ? { window: 30 } : {}),
    })),
    causes,
    writtenAt: null,
    notes: [text],
    ...(at % 97 === 0 ? { heldBy: { backfill: text, by: text, channel: at % 2 ? text : null, ts: null } } : {}),
  };
}

export const coverages = fc
  .tuple(
    fc.uniqueArray(name, { minLength: 1, maxLength: 12 }),
    dates,
    hostile,
    seeds.map((at): Stream => ({ at })),
  )
  .map(([tables, days, text, stream]): Coverage => {
    const covered = tables.map((table) => {
      const cells = days.map((date) => verdict(date, next(stream), tables, text));
      const byStatus = Object.fromEntries(
        statuses.map((status) => [status, cells.filter((each) => each.status === status).length]),
      );
      const expected = cells.length - (byStatus.not_expected ?? 0);
      return {
        table,
        calendar: cells.length,
        expected,
        reachable: expected,
        complete: byStatus.complete ?? 0,
        byStatus,
        cells,
      };
    });
    const causes = covered.flatMap((each) => each.cells.flatMap((one) => one.causes)).slice(0, 300);
    return {
      pipeline: 'small',
      from: days[0] ?? '',
      to: days.at(-1) ?? '',
      asOf: '2022-01-08T02:14:00Z',
      tables: covered,
      causes: causes.map((each) => ({ table: each.table, reason: each.reason, dates: days, explains: days.length })),
      rollUp: {
        phases: tables.map((table) => rollUpLine(table, days.length)),
        months: [...new Set(days.map((day) => day.slice(0, 7)))].map((month) => rollUpLine(month, days.length)),
        periods: [rollUpLine(text, days.length)],
      },
      unread: tables.map((table) => ({ table, problem: text })),
    };
  });

export const preflights = fc
  .tuple(
    fc.uniqueArray(name, { minLength: 1 }),
    dates,
    seeds.map((at): Stream => ({ at })),
  )
  .map(([tables, days, stream]): Preflight => {
    const all = days.map((date) => ({
      table: pick(tables, next(stream)),
      date,
      causes: [cause(next(stream), tables, date)],
      failing: [],
    }));
    return {
      ready: all.filter((_, index) => index % 4 === 0),
      blocked: all.filter((_, index) => index % 4 === 1),
      warnings: all.filter((_, index) => index % 4 === 2),
      skipped: all.map((each, index) => ({
        table: each.table,
        date: each.date,
        status: pick(statuses, index),
        reason: pick(reasons, index),
        rows: index % 5 === 0 ? null : index,
      })),
    };
  });

export const plans = fc
  .tuple(
    fc.uniqueArray(name, { minLength: 1 }),
    dates,
    seeds.map((at): Stream => ({ at })),
  )
  .map(
    ([tables, days, stream]): PlanReport => ({
      target: tables[0] ?? '',
      from: days[0] ?? '',
      to: days.at(-1) ?? '',
      steps: tables.map((table) => ({ table, dates: days })),
      blocked: days.map((date) => ({ table: 'mlfs', date, cause: cause(next(stream), tables, date) })),
      staysTainted: tables.flatMap((table) =>
        days.map((date) => ({ table, date, cause: cause(next(stream), tables, date) })),
      ),
      needNothing: statuses.map((status, index) => ({ status, reason: pick(reasons, index), dates: days })),
      cells: tables.length * days.length,
      estimate: { leastMs: 1000 * tables.length, mostMs: 1e7 * days.length, measured: days.length },
    }),
  );

export const qualities = fc
  .tuple(dates, fc.array(hostile, { maxLength: 40 }), some)
  .map(([days, missing, rows]): Quality => {
    const flags = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`upstream_number_${index}_ready`, rows]),
    );
    const one = { rows, entities: rows, duplicates: rows % 9, flags, nulls: flags, missing };
    const kinds = ['rows', 'nulls', 'zeros', 'few_values', 'flag'] as const;
    const remarks = days.flatMap((date, index): Remark[] =>
      [...missing, null].slice(0, 12).map((column, n) => ({
        ...{ date, column, what: kinds[n % 5] ?? 'rows', have: index, usual: rows / 10, rows: Math.max(1, rows) },
        ...{ against: index % 2 ? 'both' : 'before', lasts: index % 3 === 0 },
      })),
    );
    const dates = days.map((date, index) => ({ ...one, date, rows: index, remarks: remarks.slice(0, index % 4) }));
    return { table: 'pcf', dates, total: { ...one, remarks } };
  });

export const views = fc
  .tuple(
    fc.uniqueArray(name, { minLength: 1 }),
    dates,
    hostile,
    hostile,
    seeds.map((at): Stream => ({ at })),
    maybe,
    qualities,
  )
  .map(([tables, days, reason, requestedBy, stream, left, quality]): BackfillView => {
    const states = ['waiting', 'ready', 'running', 'succeeded', 'failed', 'blocked', 'skipped', 'canceled'] as const;
    const cells = tables.flatMap((table) =>
      days.map((date) =>
        cell(table, date, { state: pick(states, next(stream)), rowsAfter: next(stream), detail: reason }),
      ),
    );
    const base = view({ target: tables[0] ?? '', from: days[0] ?? '', to: days.at(-1) ?? '', requestedBy }, cells);
    const over =
      left === null ? { state: 'done' as const, result: 'failed' as const, finishedAt: 1_700_000_000_000 } : {};
    return {
      ...base,
      backfill: {
        ...base.backfill,
        ...over,
        quality,
        qualityBefore: quality,
        options: { ...base.backfill.options, reason },
      },
      progress: { ...base.progress, timeLeft: left === null ? null : { least: left, most: left * 2 } },
    };
  });

export const failureGroups = fc.tuple(dates, hostile, fc.array(hostile, { maxLength: 60 })).map(
  ([days, text, errorIds]): FailureGroup => ({
    key: 'k',
    table: 'pcf',
    state: days.length % 2 ? 'failed' : 'blocked',
    reason: text,
    detail: text,
    dates: days,
    errorIds,
  }),
);

function rollUpLine(name: string, cells: number) {
  return { name, calendar: cells, expected: cells, reachable: 0, complete: 0, share: 0, target: 0.881 };
}
