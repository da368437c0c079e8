/**
 * The store port: a Postgres that takes SQL with $1 parameters. One method more than a query, since the decisions of
 * this program are transactions. Values come back the same from every adapter: int8 and counts as number, dates and
 * timestamps as text (cast in SQL anyway), jsonb as objects.
 */
export type Row = Record<string, unknown>;

export type Query = <T extends Row = Row>(sql: string, params?: readonly unknown[]) => Promise<T[]>;

export type Store = {
  /** One statement in its own transaction. */
  readonly query: Query;
  /**
   * Runs `work` in one transaction and repeats it from the start (at most five times, with jitter) on serialization
   * failures and deadlocks; so `work` must have no effect outside its query. Rolls back and rethrows otherwise.
   */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  close(): Promise<void>;
  /** Absent where there are no connections. */
  pool?(): PoolFigures;
};

/** Connections: open, not in use, and callers that wait for one. */
export type PoolFigures = { readonly open: number; readonly idle: number; readonly waiting: number };
