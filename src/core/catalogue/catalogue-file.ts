/**
 * What `pipeline.yml` may say. Everything that is known about somebody's tables stands there; no other module knows a
 * table by name. Rules carry the day since which they hold, because operators change minima and an old verdict must
 * stay explainable.
 */
import { z } from 'zod';
import { accessSchema } from './access-file.ts';

const date = z.iso.date().describe('A calendar date, YYYY-MM-DD');
const dateOrRange = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(\.\.\d{4}-\d{2}-\d{2})?$/)
  .describe('A date, or a range with both ends included: 2022-02-18..2022-02-23');
const alias = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,31}$/)
  .describe('A short table alias: lower case letters, digits, underscore');
const identifier = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
  .describe('A column name');
const share = z.number().gt(0).max(1);

const minimum = {
  at_least: z.number().int().min(0).optional().describe('A fixed minimum of rows'),
  at_least_per_game: z.number().min(0).optional().describe('A minimum of rows for each game of the date'),
  exactly_per_game: z.number().min(0).optional().describe('Exactly this many rows for each game of the date'),
  since: date.optional().describe('The day on which this rule began to be applied'),
};

const inBackfill = z
  .number()
  .min(0)
  .optional()
  .describe('A second, lower figure of the same kind, by which a backfill is judged: pre-flight, plan and outcome');

const expectation = z
  .strictObject({
    ...minimum,
    exactly: z.number().int().min(0).optional().describe('Exactly this many rows; more is `over`'),
    at_most_per_game: z
      .number()
      .min(0)
      .optional()
      .describe('More than this is remarked upon, and bounds what is reachable'),
    share_of: alias.optional().describe('Rows are a share of the entities of this table on the same date'),
    fallback: alias.optional().describe('The table that stands in for `share_of` where that one has no rows'),
    at_least_share: share.optional().describe('The share for `share_of`; 1 if not given'),
    times: z.number().gt(0).optional().describe('Rows for each entity of `share_of`; 1 if not given'),
    in_backfill: inBackfill,
    never_falls: z
      .boolean()
      .optional()
      .describe(
        'A cumulative table: never fewer rows than an earlier date of the same season; the higher figure holds',
      ),
    from_day: z.number().int().min(0).optional().describe('Holds from this day of the season on (day 0 = its start)'),
  })
  .describe('How many rows are right for a date');

const need = z
  .strictObject({
    table: alias.optional().describe('The table that must be there first'),
    any_of: z.array(alias).min(2).optional().describe('Alternatives: any one of these tables will do'),
    ...minimum,
    fallback: alias.optional().describe('Used in place of `table` only where that one has no rows at all'),
    window: z
      .union([z.literal('season'), z.number().int().min(1).max(3660)])
      .optional()
      .describe('`season` so far, or a number of days ending ON the date; without it the same date'),
    share_of: alias
      .optional()
      .describe('It must have a share of the entities that this table has on the same date; this table must have rows'),
    at_least_share: share
      .optional()
      .describe(
        'With `window`: the share of its expected dates that must be there, 0.5 if not given; with `share_of`: the share of its entities, 1 if not given',
      ),
    in_backfill: inBackfill,
    wanted: z.boolean().optional().describe('Shown when absent, but neither blocks nor taints'),
  })
  .describe('What a table must find before it may run');

const table = z
  .strictObject({
    table: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_]*){0,2}$/)
      .describe('[project.]dataset.table in the warehouse'),
    title: z.string().max(80).optional(),
    phase: z.number().int().optional(),
    date_column: identifier.describe('The DATE column that the table is partitioned by'),
    key: z.array(identifier).min(1).describe('The columns that identify a row within a date'),
    written_at: identifier.optional().describe('TIMESTAMP column with the time of the write, if there is one'),
    where: z
      .record(
        identifier,
        z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()])).min(1)]),
      )
      .optional()
      .describe('Only rows with these values count'),
    dates: z
      .enum(['games', 'season', 'daily', 'weekdays'])
      .describe('Which dates can have rows: those with games, every date of a season, every day, Monday to Friday'),
    except: z.array(dateOrRange).optional().describe('daily, weekdays: dates that have no rows'),
    starts: date.optional().describe('daily, weekdays: the first date that has rows'),
    bootstrap: z.boolean().optional().describe('Has no rows in the first `bootstrap_days` of a season, by design'),
    may_be_empty_until_day: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe('May truthfully have no rows up to this day of the season'),
    due_after_hours: z
      .number()
      .min(0)
      .max(240)
      .optional()
      .describe('How long after the end of a date its rows are due; 0 if not given'),
    may_repeat: z
      .boolean()
      .optional()
      .describe('Several rows for one key are normal (a raw table that appends): distinct keys count'),
    expect: z.union([expectation, z.array(expectation).min(1)]).optional(),
    needs: z.array(z.union([alias, need])).optional(),
    processor: z
      .strictObject({ service: z.string(), name: z.string().min(1) })
      .optional()
      .describe('Who fills this table; a table without one is filled elsewhere'),
    quality: z
      .strictObject({
        flags: z.array(identifier).optional().describe('BOOL columns whose share of true rows is reported'),
        ready: identifier.optional().describe('The flag that counts rows as production ready'),
        critical: z
          .array(identifier)
          .optional()
          .describe('Columns whose NULLs, zeros and distinct values are reported, and compared with the dates around'),
        entity: identifier.optional().describe('The key column that is compared with the reference'),
        reference: z
          .strictObject({ table: alias, column: identifier })
          .optional()
          .describe('Where the entities that should be there are found: distinct values of the season so far'),
      })
      .optional(),
  })
  .describe('One date-partitioned table');

const service = z
  .strictObject({
    url: z.string().min(1).describe('The root of the service; $NAME in braces is read from the environment'),
    path: z.string().regex(/^\//),
    body: z
      .record(z.string(), z.unknown())
      .describe('The JSON body; {date}, {processor} and {attempt} are replaced inside strings'),
    audience: z.string().optional().describe('Audience of the identity token; the url if not given'),
    deadline_seconds: z
      .number()
      .gt(0)
      .max(1740)
      .optional()
      .describe('How long we wait for an answer; 540 if not given'),
    gone_after_seconds: z
      .number()
      .gt(0)
      .max(3600)
      .optional()
      .describe(
        'When the service has surely ended a call that did not answer, counted from its start; twice the deadline if not given',
      ),
    max_concurrent: z.number().int().min(1).max(1000).optional().describe('Calls at a time; 15 if not given'),
    min_interval_seconds: z
      .number()
      .min(0)
      .max(3600)
      .optional()
      .describe('Least time between the starts of two calls, whichever backfill they are of; none if not given'),
    retry_wait_seconds: z
      .number()
      .min(0)
      .max(600)
      .optional()
      .describe('Wait before the second attempt, doubled for the third; 2 if not given'),
  })
  .describe('A processor service');

/** The schema of `pipeline.yml`, published for editors as `pipeline.schema.json`. */
export const catalogueSchema = z
  .strictObject({
    pipeline: z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/),
    title: z.string().max(80).optional(),
    time_zone: z.string().describe('IANA name; "yesterday" and "due" are meant in it'),
    location: z.string().optional().describe('Location of the datasets'),
    schedule: z
      .strictObject({
        table: alias.describe('Its distinct keys on a date are the games of that date'),
        final: z
          .strictObject({ column: identifier, values: z.array(z.union([z.string(), z.number()])).min(1) })
          .optional()
          .describe('The column and values that tell a finished game; until all are finished the date is not due'),
      })
      .optional(),
    watch: z
      .strictObject({
        at: z
          .string()
          .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
          .optional()
          .describe('When the daily digests are due, HH:MM in the time zone of the pipeline; 08:00 if not given'),
      })
      .optional()
      .describe('Daily digests of watched tables'),
    bootstrap_days: z.number().int().min(0).max(365).optional(),
    seasons: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[A-Za-z0-9-]{1,20}$/),
          starts: date,
          ends: date.optional().describe('Its last date; without it the season goes on until the next one starts'),
          free: z.array(dateOrRange).optional().describe('Dates that are declared to have no games'),
          schedule_decides: z
            .array(dateOrRange)
            .optional()
            .describe('Dates on which an empty schedule means no games (play-offs), instead of a hole in the schedule'),
        }),
      )
      .optional(),
    targets: z
      .record(z.string().regex(/^\d+$/), share)
      .optional()
      .describe('By phase: the share of all its dates that is to be complete, free dates and bootstrap included'),
    periods: z
      .array(z.strictObject({ name: z.string().min(1).max(40), from: date, to: date }))
      .optional()
      .describe('Named stretches of dates that coverage is rolled up by, beside months'),
    access: accessSchema.optional(),
    services: z.record(z.string(), service).optional(),
    tables: z.record(alias, table),
  })
  .describe('A Backcourt pipeline');

export type CatalogueFile = z.infer<typeof catalogueSchema>;
export type TableFile = z.infer<typeof table>;
