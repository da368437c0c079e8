/**
 * The state store on a Postgres server (15 or later). Values are read as the port says whatever the server's settings:
 * int8 as number, dates and timestamps as text, since a JS Date would shift a calendar date by the machine's zone.
 */
import type { Client, PoolConfig } from 'pg';
import { Fault } from '../fault.ts';
import { driverUrl } from '../store-url.ts';
import { type Driver, guardDriver, isLost, type Run, readInt8 } from './postgres-guard.ts';
import type { PoolFigures, Store } from './store.ts';

const asText = new Set([1082, 1083, 1114, 1184, 1266]);
const int8 = 20;

export type PostgresOptions = {
  /** Times the number of instances it must stay below the server's `max_connections`. */
  readonly poolSize?: number;
  /** Milliseconds; what takes longer is given up as a Fault `later`. */
  readonly limits?: Partial<typeof usualLimits>;
};

/**
 * `lock`: what is held longer than that by somebody else is tried again later, so that waiters do not use up the pool.
 * `idle`: a paused instance must not keep the lock of a whole pipeline. `silence`: beyond `statement`, for a server that
 * is gone without a word.
 */
const usualLimits = { statement: 30_000, lock: 10_000, idle: 30_000, silence: 35_000 };

/**
 * Opens a pool. Connects with the first statement, and anew after the server was away. A schema of its own:
 * `?options=-c%20search_path%3Dbackcourt` in the URL.
 */
export async function openPostgres(
  url: string,
  options: PostgresOptions = {},
): Promise<Store & { readonly pool: () => PoolFigures }> {
  const { default: pg } = await import('pg');
  const limits = { ...usualLimits, ...options.limits };
  const config: PoolConfig = {
    connectionString: driverUrl(url),
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: 10_000,
    statement_timeout: limits.statement,
    lock_timeout: limits.lock,
    idle_in_transaction_session_timeout: limits.idle,
    query_timeout: limits.silence,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
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
    transaction: async (work, committing) => {
      const client = await pool.connect();
      let broken = false;
      try {
        return await transact(client, work, committing);
      } catch (error) {
        broken = isLost(error) || (await client.query('rollback').then(isNever, isAlways));
        throw error;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
  const figures = () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount });
  return { ...guardDriver(driver), pool: figures };
}

function ignore(): void {}
const isNever = () => false;
const isAlways = () => true;

async function transact<T>(
  client: Pick<Client, 'query'>,
  work: (run: Run) => Promise<T>,
  committing: () => void,
): Promise<T> {
  await client.query('begin');
  const result = await work(async (sql, params) => (await client.query(sql, params)).rows);
  committing();
  const ended = await client.query('commit');
  // Postgres answers so, without an error, when a statement failed and the work went on regardless.
  if (ended.command === 'ROLLBACK') throw new Fault('a transaction went on after a statement had failed', 'never');
  return result;
}
