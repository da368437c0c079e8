/**
 * The published shapes of `--json`: every field that is named there must be present and of its kind, and further ones
 * may stand beside them.
 */
import { z } from 'zod';
import { reasons, statuses } from '../../src/core/verdict.ts';

const date = z.iso.date();
const count = z.number().int().min(0);
const status = z.enum(statuses);
const reason = z.enum(reasons);
const figure = z.number().nullable();

const failing = z.object({ table: z.string(), have: figure, need: figure });
const cause = z.object({ table: z.string(), date, reason, have: figure, need: figure });
const cellName = z.object({ table: z.string(), date });

const changes = z.array(z.object({ table: z.string(), from: status, to: status, dates: count.min(1) }));
/** Only where there is something to say. */
const proposals = {
  rulesAsOf: date.optional(),
  proposals: z
    .array(
      z.object({
        path: z.string().regex(/^tables\.\w+\.(needs|expect)\.\d+$/),
        table: z.string(),
        of: z.string(),
        minimum: count,
        dates: z.array(date).min(1),
        perGame: z.number().gt(0).nullable(),
        seen: z.object({ dates: count, least: z.number(), usual: z.number() }).nullable(),
        yaml: z.string().nullable(),
        meets: count,
        over: z.object({ from: date, to: date }),
        changes,
      }),
    )
    .optional(),
  proposalsTogether: changes.optional(),
};

export const coverageSchema = z.object({
  pipeline: z.string(),
  from: date,
  to: date,
  asOf: z.iso.datetime(),
  tables: z.array(
    z.object({
      table: z.string(),
      calendar: count,
      expected: count,
      reachable: count,
      complete: count,
      byStatus: z.partialRecord(status, count.min(1)),
      cells: z.array(
        z.object({
          date,
          status,
          reason: reason.nullable(),
          also: z.array(status),
          rows: count.nullable(),
          entities: count.nullable(),
          expected: count.nullable(),
          rule: z.string().min(1),
          failing: z.array(failing),
          causes: z.array(cause),
          missing: z.array(z.string().min(1)).min(1).optional(),
        }),
      ),
    }),
  ),
  causes: z.array(z.object({ table: z.string(), reason, dates: z.array(date).min(1), explains: count.min(1) })),
  ...proposals,
});

const estimate = z.object({ leastMs: count, mostMs: count, measured: count.min(1) });

export const planSchema = z.object({
  target: z.string(),
  from: date,
  to: date,
  steps: z.array(z.object({ table: z.string(), dates: z.array(date).min(1) })),
  blocked: z.array(z.object({ table: z.string(), date, cause })),
  staysTainted: z.array(z.object({ table: z.string(), date, cause })),
  needNothing: z.array(z.object({ status, reason: reason.nullable(), dates: z.array(date).min(1) })),
  cells: count,
  estimate: estimate.nullable(),
});

const remark = z.object({
  date,
  column: z.string().nullable(),
  what: z.enum(['rows', 'nulls', 'zeros', 'few_values', 'flag']),
  have: count,
  usual: z.number().min(0),
  rows: count.min(1),
  against: z.enum(['both', 'before', 'after']),
  lasts: z.boolean(),
});

const flagCounts = z.record(z.string(), count);
const qualityFigures = {
  rows: count,
  entities: count,
  duplicates: count,
  flags: flagCounts,
  nulls: flagCounts,
  missing: z.array(z.string()),
  remarks: z.array(remark),
};

export const qualitySchema = z.object({
  table: z.string(),
  dates: z.array(
    z.object({
      date,
      ...qualityFigures,
      distribution: z.record(z.string(), z.object({ distinct: count, zeros: count })),
    }),
  ),
  total: z.object(qualityFigures),
});

const rollUpLines = z.array(
  z.object({
    name: z.string(),
    calendar: count,
    expected: count,
    reachable: count,
    complete: count,
    share: figure,
    target: figure,
  }),
);
const backfillRollUp = z.object({
  tables: rollUpLines.min(1),
  phases: rollUpLines,
  months: rollUpLines.min(1),
  periods: rollUpLines,
});

export const backfillSchema = z.object({
  id: z.string().min(1),
  state: z.enum(['preflight', 'waiting_approval', 'running', 'paused', 'canceling', 'finishing', 'done', 'canceled']),
  waitsFor: z.string().nullable(),
  result: z.enum(['succeeded', 'succeeded_with_gaps', 'failed', 'refused', 'canceled']).nullable(),
  round: count,
  steered: z.object({ verb: z.string(), by: z.string(), reason: z.string().nullable() }).nullable(),
  approval: z
    .object({
      state: z.enum(['waiting', 'approved', 'denied', 'expired', 'withdrawn']),
      by: z.string().nullable(),
      reason: z.string().nullable(),
      why: z.array(z.object({ kind: z.enum(['protected', 'overwrites', 'skip-preflight']) })).min(1),
      plan: z.object({
        steps: z.array(z.object({ table: z.string(), dates: z.array(date).min(1), overwritten: z.array(date) })).min(1),
        overridden: z.array(date),
      }),
      expiresAt: z.iso.datetime(),
    })
    .nullable(),
  cells: z.array(
    z.object({
      table: z.string(),
      date,
      state: z.enum(['waiting', 'ready', 'running', 'succeeded', 'failed', 'blocked', 'skipped', 'canceled']),
      attempts: count,
      rowsBefore: count.nullable(),
      rowsAfter: count.nullable(),
      reason: reason.nullable(),
    }),
  ),
  counts: z.object({ succeeded: count, failed: count, blocked: count, skipped: count, canceled: count }),
  preflight: z.object({
    ready: z.array(cellName),
    blocked: z.array(cellName.extend({ failing: z.array(failing), causes: z.array(cause) })),
    warnings: z.array(cellName),
  }),
  quality: qualitySchema.extend({ before: qualitySchema.nullable() }).nullable(),
  coverage: z.object({ before: backfillRollUp, after: backfillRollUp.nullable() }).nullable(),
  estimate: estimate.nullable(),
  options: z.object({
    skipPreflight: z.boolean(),
    noResume: z.boolean(),
    rest: z.boolean(),
    reason: z.string().nullable(),
  }),
  overrides: z.array(
    z.object({
      option: z.enum(['skip-preflight', 'no-resume', 'rest']),
      by: z.string(),
      reason: z.string().nullable(),
      dates: count,
    }),
  ),
  unblocked: z.array(z.object({ table: z.string(), dates: z.array(date).min(1) })),
});

export const whySchema = z.object({
  table: z.string(),
  date,
  status,
  reason: reason.nullable(),
  ...proposals,
  chain: z
    .array(
      z.object({
        table: z.string(),
        date,
        status,
        reason: reason.nullable(),
        have: figure,
        need: figure,
        rule: z.string().min(1),
      }),
    )
    .min(1),
});

export const statusSchema = z.object({ backfills: z.array(backfillSchema) });
export const checkSchema = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ what: z.string(), ok: z.boolean(), detail: z.string() })).min(1),
});
export const helpSchema = z.object({ help: z.array(z.string()).min(1) });

/** What is printed for a refusal (exit 2) or a fault (exit 3). */
export function errorSchema(kind: 'refusal' | 'fault') {
  const text = z.string().min(1);
  return z.strictObject({ error: z.strictObject({ kind: z.literal(kind), message: text, try: text, id: text }) });
}
