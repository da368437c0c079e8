/**
 * What both stores share around their driver, since both are a Postgres: errors become Faults here and only here, a
 * transaction is repeated when the database asks for it or was gone before the commit, and `store.query` inside a transaction is refused. Without that
 * last check PGlite, which has one session, would wait for itself for ever, and Postgres would run it outside.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Fault } from '../fault.ts';
import { wellFormed } from './json.ts';
import type { Query, Row, Store } from './store.ts';

/** Runs one statement; throws what the vendor throws. */
export type Run = (sql: string, params: unknown[]) => Promise<Row[]>;

export type Driver = {
  readonly run: Run;
  /**
   * One try of one transaction: commits, or rolls back and rethrows. Calls `committing` before it asks for the commit
   * over a connection that may break: from then on it may have been made.
   */
  transaction<T>(work: (run: Run) => Promise<T>, committing: () => void): Promise<T>;
  close(): Promise<void>;
};

const mostTries = 5;
const repeatable = new Set(['40001', '40P01']);
const passing = /^(08|53|57P|40001|40P01|55P03|57014|25006|25P03)/;
const brokenLine = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  // A socket that is not there yet.
  'ENOENT',
]);
const lostWords = /^Connection terminated|^timeout exceeded when trying to connect|^Query read timeout|not queryable/;
/**
 * The server ended the session: 57P01-57P03 at its end or restart, 25P03 after idling in a transaction. One that takes no writes any
 * more (25006) is a primary of before: only a new session finds the one of now.
 */
const lostSession = /^(08|57P0[123]|25P03|25006)/;
const tlsCodes = /^(DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_|ERR_TLS_|HOSTNAME_)/;

/** Makes the store of a driver. `wait` and `chance` (0 to 1) are for the pauses between repetitions. */
export function guardDriver(
  driver: Driver,
  pause: { wait(ms: number): Promise<void>; chance(): number } = realPause,
): Store {
  const open = new AsyncLocalStorage<{ ended: boolean }>();
  const refuseInside = () => {
    if (open.getStore()?.ended !== false) return;
    throw new Fault('the store was used inside a transaction; use the query that the transaction gives', 'never');
  };
  const tryOnce = <T>(work: (query: Query) => Promise<T>, committing: () => void): Promise<T> => {
    const inside = { ended: false };
    return open.run(inside, () =>
      driver
        .transaction((run) => work(queryOf(run)), committing)
        .finally(() => {
          inside.ended = true;
        }),
    );
  };
  const query = queryOf(driver.run);
  return {
    query: async (sql, params) => {
      refuseInside();
      return query(sql, params);
    },
    transaction: async (work) => {
      refuseInside();
      for (let tried = 1; ; tried++) {
        let asked = false;
        const committing = () => {
          asked = true;
        };
        try {
          return await tryOnce(work, committing);
        } catch (error) {
          const again = repeatable.has(codeOf(error) ?? '') || (isLost(error) && !asked);
          if (tried === mostTries || !again) throw faultOf(error);
          await pause.wait(2 ** tried * 5 * (0.5 + pause.chance()));
        }
      }
    },
    close: () => driver.close(),
  };
}

const realPause = {
  wait: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  chance: () => Math.random(),
};

/** The rows are what the statement says they are: its author names their type. */
function queryOf(run: Run): Query {
  return async <T extends Row>(sql: string, params: readonly unknown[] = []) => {
    try {
      return (await run(sql, params.map(cleanParameter))) as T[];
    } catch (error) {
      throw faultOf(error);
    }
  };
}

function cleanParameter(value: unknown): unknown {
  return typeof value === 'string' ? wellFormed(value) : (value ?? null);
}

/** The SQLSTATE or system error code of a vendor's error, also when it is a Fault's cause already. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof Fault) return codeOf(error.cause);
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whether the connection is gone, and with it the transaction. */
export function isLost(error: unknown): boolean {
  if (error instanceof Fault) return isLost(error.cause);
  const code = codeOf(error) ?? '';
  return brokenLine.has(code) || lostSession.test(code) || (error instanceof Error && lostWords.test(error.message));
}

/** Vendor errors become Faults; what the work itself threw passes as it is. */
export function faultOf(error: unknown): unknown {
  if (error instanceof Fault) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : '';
  if (brokenLine.has(code ?? '') || lostWords.test(message)) {
    return new Fault('the state store does not answer', 'later', { cause: error });
  }
  if (tlsCodes.test(code ?? '') || message.startsWith('The server does not support SSL')) {
    const remedy =
      'Set sslmode in its URL: verify-full with sslrootcert=FILE, or, in a network that you trust, require or disable.';
    return new Fault('the state store cannot be spoken to in secret', 'never', { cause: error, remedy });
  }
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) return error;
  if (passing.test(code)) return new Fault('the state store could not do this now', 'later', { cause: error });
  if (code.startsWith('28') || code === '3D000') {
    const remedy = 'Check the name, the password and the database in the URL of the state store.';
    return new Fault('the state store does not let us in', 'never', { cause: error, remedy });
  }
  return new Fault('the state store refused a statement', 'never', { cause: error });
}

/** int8 as a number. Throws where it would be rounded: no count or instant of ours is that large. */
export function readInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`int8 ${text} is too large for a number`);
  return value;
}
