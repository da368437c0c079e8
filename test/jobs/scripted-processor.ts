/**
 * A processor that writes real rows into the lab's warehouse, by a script: each call of a cell takes the next act that
 * was written for it. It notes every call, and every pair of calls that must not be under way together.
 */
import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';
import type { Processor, ProcessorAnswer } from '../../src/processor/processor.ts';
import type { DuckdbHome } from '../../src/warehouse/duckdb-connection.ts';
import { fullRows } from './lab-catalogue.ts';

/** What a call does: how many rows it writes (undefined: it leaves them alone), and what it answers. */
export type Act = { readonly rows?: number; readonly answer?: ProcessorAnswer };

export type LabCall = { readonly cell: string; readonly at: number; endedAt: number | null };

export type ScriptedProcessor = Processor & {
  readonly calls: LabCall[];
  /** Pairs that ran together although one reads what the other writes, or both write the same. */
  readonly clashes: string[];
  /** The most calls that were under way at once. */
  most(): number;
  /** Cells that are being worked on now. */
  underWay(): string[];
  /** Gives the acts of a cell ("base 2022-01-03"), one per call; the last one is repeated. */
  script(cell: string, ...acts: Act[]): void;
  /** From now on calls wait until they are let go: all, or those of one cell. */
  hold(): void;
  release(cell?: string): void;
};

export const success: ProcessorAnswer = { kind: 'answered', reported: 'success' };
export const failure: ProcessorAnswer = { kind: 'failed', detail: 'lab answered 500: no', retry: true };

/** Makes the processor. Calls never reject. */
export function scriptedProcessor(duckdb: DuckdbHome, catalogue: Catalogue): ScriptedProcessor {
  const calls: LabCall[] = [];
  const clashes: string[] = [];
  const scripts = new Map<string, Act[]>();
  const gates = new Map<string, () => void>();
  let holding = false;
  let most = 0;
  const open = () => calls.filter((call) => call.endedAt === null);
  const pass = (cell: string) => (holding ? new Promise<void>((go) => gates.set(cell, go)) : Promise.resolve());
  return {
    calls,
    clashes,
    most: () => most,
    underWay: () => open().map((call) => call.cell),
    script: (cell, ...acts) => void scripts.set(cell, acts),
    hold: () => {
      holding = true;
    },
    release: (cell) => {
      if (cell === undefined) holding = false;
      for (const [name, go] of [...gates]) {
        if (cell !== undefined && name !== cell) continue;
        gates.delete(name);
        go();
      }
    },
    run: async ({ processor, date }) => {
      const cell = `${processor} ${date}`;
      for (const other of open()) if (clash(catalogue, cell, other.cell)) clashes.push(`${cell} beside ${other.cell}`);
      const call: LabCall = { cell, at: performance.now(), endedAt: null };
      calls.push(call);
      most = Math.max(most, open().length);
      await pass(cell);
      const acts = scripts.get(cell) ?? [{}];
      const act = (acts.length > 1 ? acts.shift() : acts[0]) ?? {};
      const rows = 'rows' in act ? act.rows : act.answer === undefined ? fullRows : undefined;
      if (rows !== undefined) await writeRows(duckdb, processor, date, rows);
      call.endedAt = performance.now();
      return act.answer ?? success;
    },
  };
}

/** Replaces the rows of a date, as a processor or somebody else would. */
export async function writeRows(duckdb: DuckdbHome, alias: string, date: string, rows: number): Promise<void> {
  await duckdb.withConnection(async ({ run }) => {
    await run('BEGIN', {});
    await run(`DELETE FROM lab.${alias} WHERE day = $date::DATE`, { date });
    await run(
      `INSERT INTO lab.${alias} SELECT $date::DATE, 'item ' || i, make_timestamp($now::BIGINT * 1000)
       FROM range($rows::BIGINT) AS made(i)`,
      { date, rows, now: String(Date.now()) },
    );
    await run('COMMIT', {});
  });
}

function clash(catalogue: Catalogue, one: string, other: string): boolean {
  return one === other || readsOf(catalogue, one, other) || readsOf(catalogue, other, one);
}

/** Whether `reader` finds what `writer` writes among its needs: the same date, or a window that ends on its own. */
function readsOf(catalogue: Catalogue, reader: string, writer: string): boolean {
  const [table = '', date = ''] = reader.split(' ');
  const [written = '', on = ''] = writer.split(' ');
  const needs = catalogue.tables.get(table)?.needs ?? [];
  return needs.some((need) => need.tables.includes(written) && (need.window === undefined ? on === date : on <= date));
}
