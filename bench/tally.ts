/** Counts what is asked of the ports, and sums up how long each answer was waited for: where the time of a run goes. */
import type { Query, Store } from '../src/store/store.ts';

export type Tally = {
  /** Waits for a promise under a name. */
  time<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Adds a wait that was measured elsewhere. */
  add(name: string, ms: number): void;
  /** How often names that begin so were waited for, and how many milliseconds in all. */
  sum(prefix: string): { readonly count: number; readonly ms: number };
  /** Names that begin so with their sums, the longest first. */
  list(prefix: string): { readonly name: string; readonly count: number; readonly ms: number }[];
  clear(): void;
};

export function makeTally(): Tally {
  const sums = new Map<string, { count: number; ms: number }>();
  const list = (prefix: string) =>
    [...sums]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, sum]) => ({ name, ...sum }))
      .sort((a, b) => b.ms - a.ms);
  const add = (name: string, ms: number) => {
    const { count, ms: before } = sums.get(name) ?? { count: 0, ms: 0 };
    sums.set(name, { count: count + 1, ms: before + ms });
  };
  return {
    add,
    time: async (name, work) => {
      const start = performance.now();
      try {
        return await work();
      } finally {
        add(name, performance.now() - start);
      }
    },
    list,
    sum: (prefix) =>
      list(prefix).reduce((all, { count, ms }) => ({ count: all.count + count, ms: all.ms + ms }), { count: 0, ms: 0 }),
    clear: () => sums.clear(),
  };
}

/**
 * A store whose statements are counted as `sql ...`, transactions as `transaction` (the wait for their turn, begin and
 * commit included), and the time from when one has an advisory lock until its end, in which no other can have it, as `lock`.
 */
export function tallyStore(store: Store, tally: Tally): Store {
  const tallied =
    (query: Query): Query =>
    (sql, params) =>
      tally.time(`sql ${shorten(sql)}`, () => query(sql, params));
  return {
    query: tallied(store.query),
    transaction: async (work) => {
      let locked: number | undefined;
      const watched = (query: Query): Query => {
        const inner = tallied(query);
        return async (sql, params) => {
          const rows = await inner<never>(sql, params);
          if (sql.includes('pg_advisory_xact_lock')) locked ??= performance.now();
          return rows;
        };
      };
      const result = await tally.time('transaction', () => store.transaction((query) => work(watched(query))));
      if (locked !== undefined) tally.add('lock', performance.now() - locked);
      return result;
    },
    close: () => store.close(),
  };
}

/** The statements of this program differ in their first words; those that do not are counted together. */
function shorten(sql: string): string {
  return sql.replaceAll(/\s+/g, ' ').trim().slice(0, 70);
}

/** A port whose methods are counted as `prefix method`. Only for ports whose methods all return promises. */
export function tallyPort<T extends object>(port: T, prefix: string, tally: Tally): T {
  return new Proxy(port, {
    get: (target, name, receiver) => {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function') return method;
      return (...given: unknown[]) => tally.time(`${prefix} ${String(name)}`, () => method.apply(target, given));
    },
  });
}
