/**
 * The tables of a store as text, from the catalogue of the database: what pg_dump tells, in an order of its own, and the
 * same from every Postgres, whichever version and whichever schema they stand in.
 */
import type { Store } from '../../src/store/store.ts';

const parts = [
  `select c.relname || '  ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
     || case when a.attnotnull then ' not null' else '' end
     || case when a.attidentity <> '' then ' identity' else '' end
     || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as line
   from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace order by c.relname, a.attnum`,
  // Version 18 counts NOT NULL among the constraints; it stands with its column.
  `select c.relname || '  ' || o.conname || ' ' || pg_get_constraintdef(o.oid) as line
   from pg_constraint o join pg_class c on c.oid = o.conrelid
   where o.connamespace = current_schema()::regnamespace and o.contype <> 'n' order by c.relname, o.conname`,
  `select pg_get_indexdef(i.indexrelid) as line from pg_index i join pg_class c on c.oid = i.indexrelid
   where c.relnamespace = current_schema()::regnamespace order by c.relname`,
  `select pg_get_functiondef(oid) as line from pg_proc where pronamespace = current_schema()::regnamespace order by proname`,
  `select pg_get_triggerdef(t.oid) as line from pg_trigger t join pg_class c on c.oid = t.tgrelid
   where c.relnamespace = current_schema()::regnamespace and not t.tgisinternal order by t.tgname`,
];

/** Columns, constraints, indexes, functions and triggers, in this order, without the name of their schema. */
export async function dumpSchema(store: Store): Promise<string> {
  const [row] = await store.query<{ schema: string }>('select current_schema()::text as schema');
  const schema = row?.schema ?? '';
  const texts: string[] = [];
  for (const part of parts) {
    const rows = await store.query<{ line: string }>(part);
    texts.push(rows.map(({ line }) => line.replaceAll(`${schema}.`, '').trimEnd()).join('\n'));
  }
  return `${texts.join('\n\n')}\n`;
}
