/**
 * The real SQL on PGlite in memory, ten times as fast as through its `query`: every statement is prepared once and then
 * sent with its values written out, as one message, and the answer is read here. One session, used by one event at a time.
 */
import { migrate } from '../../src/store/migrate.ts';
import { pgliteStore } from '../../src/store/pglite.ts';
import { guardDriver, type Run, readInt8 } from '../../src/store/postgres-guard.ts';
import type { Row, Store } from '../../src/store/store.ts';
import { memoryDatabase } from '../support/stores.ts';

export type QuickStore = Store & {
  /** As it was when it was opened. */
  empty(): Promise<void>;
};

/** Opens a migrated store in memory. */
export async function openQuickStore(): Promise<QuickStore> {
  const db = await memoryDatabase();
  await migrate(pgliteStore(db));
  const send = (sql: string) => readAnswer(db.execProtocolRawSync(toMessage(sql)));
  // Plans by chance of the values would differ from run to run.
  send(`set plan_cache_mode = force_generic_plan; set synchronous_commit = off; set jit = off`);
  const run = prepareAll(send);
  const noPause = { wait: () => Promise.reject(new Error('nothing here is repeated')), chance: () => 0 };
  const store = guardDriver(
    {
      run,
      transaction: async (work) => {
        send('begin');
        try {
          const result = await work(run);
          send('commit');
          return result;
        } catch (error) {
          send('rollback');
          throw error;
        }
      },
      close: () => db.close(),
    },
    noPause,
  );
  const tables = send(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not in ('migrations', 'audit_head')`,
  ).map((row) => String(row.name));
  const empty = emptyAll(tables, send);
  return { ...store, empty: async () => empty() };
}

/** Deleting is quicker than truncating, which makes new files, but leaves dead rows behind: now and then it is truncated. */
function emptyAll(tables: readonly string[], send: (sql: string) => Row[]): () => void {
  const sequences = send(
    `select relname as name from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace`,
  );
  const start = [
    ...sequences.map(({ name }) => `select setval('${name}', 1, false)`),
    `update audit_head set number = 0, hash = repeat('0', 64)`,
    'commit',
  ];
  // A replica checks no keys and fires no triggers.
  const begin = ['begin', 'set local session_replication_role = replica'];
  const remove = [...begin, ...tables.map((table) => `delete from ${table}`), ...start].join('; ');
  const truncate = [...begin, `truncate ${tables.join(', ')}`, ...start].join('; ');
  let times = 0;
  return () => void send(times++ % 25 === 0 ? truncate : remove);
}

function prepareAll(send: (sql: string) => Row[]): Run {
  const names = new Map<string, string>();
  return async (sql, params) => {
    if (!/^\s*(select|insert|update|delete|with)\b/i.test(sql)) return send(sql);
    let name = names.get(sql);
    if (name === undefined) {
      name = `s${names.size}`;
      send(`prepare ${name} as ${sql}`);
      names.set(sql, name);
    }
    return send(`execute ${name}${params.length === 0 ? '' : `(${params.map(toLiteral).join(',')})`}`);
  };
}

function toLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) throw new Error('lists travel as jsonb here');
  return `'${String(value).replaceAll("'", "''")}'`;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A simple query, as the protocol wants it: its letter, its length, the text and a zero. */
function toMessage(sql: string): Uint8Array {
  const text = encoder.encode(sql);
  const message = new Uint8Array(text.length + 6);
  message[0] = 'Q'.charCodeAt(0);
  new DataView(message.buffer).setInt32(1, text.length + 5);
  message.set(text, 5);
  return message;
}

type Column = { readonly name: string; readonly read: (text: string) => unknown };

/** The rows of an answer. Throws what the database says, with its code. */
function readAnswer(bytes: Uint8Array): Row[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows: Row[] = [];
  let columns: Column[] = [];
  let error: Error | undefined;
  for (let at = 0; at < bytes.length; ) {
    const kind = String.fromCharCode(bytes[at] ?? 0);
    const body = at + 5;
    at += 1 + view.getInt32(at + 1);
    if (kind === 'T') columns = readColumns(bytes, view, body);
    else if (kind === 'D') rows.push(readRow(bytes, view, body, columns));
    else if (kind === 'E') error = readError(decoder.decode(bytes.subarray(body, at)));
  }
  if (error) throw error;
  return rows;
}

function readColumns(bytes: Uint8Array, view: DataView, body: number): Column[] {
  let at = body + 2;
  return Array.from({ length: view.getInt16(body) }, () => {
    const end = bytes.indexOf(0, at);
    const name = decoder.decode(bytes.subarray(at, end));
    const type = view.getInt32(end + 7);
    at = end + 19;
    return { name, read: readers[type] ?? String };
  });
}

const readers: Readonly<Record<number, (text: string) => unknown>> = {
  16: (text) => text === 't',
  20: readInt8,
  21: Number,
  23: Number,
  114: (text) => JSON.parse(text),
  701: Number,
  3802: (text) => JSON.parse(text),
};

function readRow(bytes: Uint8Array, view: DataView, body: number, columns: readonly Column[]): Row {
  const row: Row = {};
  let at = body + 2;
  for (const { name, read } of columns) {
    const length = view.getInt32(at);
    at += 4;
    row[name] = length < 0 ? null : read(decoder.decode(bytes.subarray(at, at + length)));
    at += Math.max(0, length);
  }
  return row;
}

function readError(fields: string): Error {
  const field = (letter: string) =>
    fields
      .split('\0')
      .find((each) => each.startsWith(letter))
      ?.slice(1);
  return Object.assign(new Error(field('M') ?? 'the database said no'), { code: field('C') });
}
