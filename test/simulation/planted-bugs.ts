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
        .replace('c.reads, c.state, c.planned_status', "c.reads, 'ready' as state, c.planned_status")
        .replace('c.rung, c.held, c.not_before::float8', 'true as rung, false as held, null::float8')
        .replace(/and c\.state = 'ready' and c\.rung and not c\.held\s+and \(c\.not_before is null[^)]*\)/, '')
        // Otherwise a constraint of the table is in the way.
        .replace(
          'started_at = coalesce(c.started_at, x.n)',
          'started_at = coalesce(c.started_at, x.n), finished_at = null',
        ),
  },
  'who was taken for dead may still record': {
    sql: (sql) =>
      sql.replace(/where a\.id = x\.a and a\.token = x\.k and a\.live(?=\s+returning a\.id as)/, 'where a.id = x.a'),
  },
  'nobody takes over from the dead': {
    sql: (sql) => sql.replace('a.lease_until < $4::int8)', 'a.lease_until < $4::int8) and false'),
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
  'nobody is asked for a second yes': {
    ports: (ports) => {
      const { access: _, ...catalogue } = ports.catalogue;
      return { ...ports, catalogue };
    },
  },
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
        .replace('b.state as running, c.rung', "'running' as running, true as rung")
        .replace("and c.state = 'ready' and c.rung and not c.held", "and c.state = 'ready' and not c.held"),
  },
  'a cancel forgets the cells that are ready': {
    sql: (sql) =>
      sql.replace("finished_at is null and state in ('waiting','ready')", "finished_at is null and state = 'waiting'"),
  },
  'a message whose sending failed is not sent again': {
    sql: (sql) => sql.replace('sent_revision < revision', 'false'),
  },
  'two processes may send one message': {
    sql: (sql) =>
      sql
        .replace('(sender is null or sender_until <= $3::int8)', '$3::int8 > 0')
        .replace(/where key = \$1 and sender = (\$\d)/, "where key = $$1 and $1::text <> ''"),
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
