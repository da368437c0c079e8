/** Bugs that were made elsewhere and would do harm here. Each is planted into the real statements or before a real port. */
import type { Ports } from '../../src/ports.ts';
import { taskName } from '../../src/tasks/task-name.ts';
import { fullRows } from '../jobs/lab-catalogue.ts';
import type { Bug } from './instances.ts';

/** By what they forget. */
export const plantedBugs: Readonly<Record<string, Bug>> = {
  'a claim does not look at the state of the cell': {
    sql: (sql) =>
      sql
        .replace(
          /and state = 'ready' and rung and not held\s+and \(not_before is null or not_before <= \$4::int8\)/,
          '',
        )
        // Otherwise a constraint of the table is in the way.
        .replace(
          /started_at = coalesce\(started_at, \$4::int8\)/,
          'started_at = coalesce(started_at, $4::int8), finished_at = null',
        ),
  },
  'who was taken for dead may still record': {
    sql: (sql) =>
      sql.replace(
        /where id = \$1 and token = \$2 and live(?=\s+returning backfill_id)/,
        "where id = $1 and $2::text <> ''",
      ),
  },
  'an attempt that nobody saw end frees its cell': {
    ports: (ports) => ({
      ...ports,
      processor: {
        run: async (call) => {
          const said = await ports.processor.run(call);
          return said.kind === 'ambiguous' ? { kind: 'failed', detail: said.detail, retry: true } : said;
        },
      },
    }),
  },
  'the lock of an attempt ends with its process': {
    sql: (sql) => sql.replace('a.hold_until::float8 as "holdUntil"', '0::float8 as "holdUntil"'),
  },
  'tasks for one cell have one name': {
    ports: (ports) => ({
      ...ports,
      tasks: {
        ...ports.tasks,
        enqueue: (tasks) =>
          ports.tasks.enqueue(
            tasks.map((each) => {
              const { task } = each;
              return task.kind === 'fill-cell'
                ? { ...each, name: taskName([task.backfill, task.table, task.date]) }
                : each;
            }),
          ),
      },
    }),
  },
  'an answer of 200 is a success': { ports: trustAnswers },
  'a backfill is over when nothing runs': {
    sql: (sql) =>
      sql
        .replace(
          /^select from cells where backfill_id = \$1 and finished_at is null limit 1$/,
          "select from cells where backfill_id = $1 and state = 'running' limit 1",
        )
        .replace(
          /and b\.planned = \(select count\(\*\) from cells c where c\.backfill_id = b\.id and c\.finished_at is not null\)/,
          '',
        ),
  },
  'a pause is not seen by who claims': {
    sql: (sql) =>
      sql
        .replace(
          'select state from backfills where id = $1 for share',
          `select 'running' as state from backfills where id = $1 for share`,
        )
        .replace("and state = 'ready' and rung and not held", "and state = 'ready' and not held"),
  },
  'bells that nobody heard are not forgotten': {
    sql: (sql) => sql.replace('and rung and rung_at <= $2::int8', 'and rung and rung_at <= $2::int8 and false'),
  },
};

function trustAnswers(ports: Ports): Ports {
  const answered = new Set<string>();
  return {
    ...ports,
    processor: {
      run: async (call) => {
        const said = await ports.processor.run(call);
        if (said.kind === 'answered') answered.add(`${call.processor} ${call.date}`);
        return said;
      },
    },
    look: async (table, date) => {
      const looked = await ports.look(table, date);
      if (!answered.delete(`${table} ${date}`)) return looked;
      const snapshot = { ...looked.snapshot, rows: fullRows, entities: fullRows, writtenAt: ports.clock.now() };
      return { ...looked, snapshot, verdict: { ...looked.verdict, status: 'complete', reason: null, rows: fullRows } };
    },
  };
}
