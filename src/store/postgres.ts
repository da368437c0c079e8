/**
 * The state store on a Postgres server (15 or later). Values are read as the port says whatever the server's settings:
 * int8 as number, dates and timestamps as text, since a JS Date would shift a calendar date by the machine's zone.
 */
import type { Client, PoolConfig } from 'pg';
import { Fault } from '../fault.ts';
import { type Driver, guardDriver, type Run, readInt8 } from './postgres-guard.ts';
import type { Store } from './store.ts';

const asText = new Set([1082, 1083, 1114, 1184, 1266]);
const int8 = 20;

/**
 * Opens a pool. Connects with the first statement. `poolSize` (default 10) times the number of instances must stay below
 * the server's `max_connections`. A schema of its own: `?options=-c%20search_path%3Dbackcourt` in the URL.
 */
export async function openPostgres(url: string, options: { readonly poolSize?: number } = {}): Promise<Store> {
  const { default: pg } = await import('pg');
  const config: PoolConfig = {
    connectionString: url,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
    // A paused instance must not keep the lock of a whole pipeline.
    idle_in_transaction_session_timeout: 30_000,
    application_name: 'backcourt',
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') => {
        if (oid === int8) return readInt8;
        return asText.has(oid) ? (text: string) => text : pg.types.getTypeParser(oid, format ?? 'text');
      },
    } as NonNullable<PoolConfig['types']>,
  };
  const pool = new pg.Pool(config);
  // A server that goes away is reported by the next statement; without listeners it would end the process.
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  const driver: Driver = {
    run: async (sql, params) => (await pool.query(sql, params)).rows,
    transaction: async (work) => {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        return await transact(client, work);
      } catch (error) {
        await client.query('rollback').catch((failure: Error) => {
          broken = failure;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
  return guardDriver(driver);
}

function ignore(): void {}

async function transact<T>(client: Pick<Client, 'query'>, work: (run: Run) => Promise<T>): Promise<T> {
  await client.query('begin');
  const result = await work(async (sql, params) => (await client.query(sql, params)).rows);
  const ended = await client.query('commit');
  // Postgres answers so, without an error, when a statement failed and the work went on regardless.
  if (ended.command === 'ROLLBACK') throw new Fault('a transaction went on after a statement had failed', 'never');
  return result;
}
