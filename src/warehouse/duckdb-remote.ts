/**
 * DuckDB over HTTP: a file belongs to one process, so any other one asks that process. Values cross as JSON, which has
 * no word for NaN, the infinities and -0: those travel as `{"$number": "NaN"}`.
 */
import { z } from 'zod';
import { Fault } from '../fault.ts';
import type { Sql, SqlValue } from './sql.ts';

/** How long an answer may take, in milliseconds. */
const patience = 120_000;

const oddNumber = z.strictObject({ $number: z.enum(['NaN', 'Infinity', '-Infinity', '-0']) });
const question = z.object({
  sql: z.string().min(1),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), oddNumber])).default({}),
});
const answer = z.object({ rows: z.array(z.record(z.string(), z.unknown())) });
const failure = z.object({ error: z.object({ message: z.string(), retry: z.enum(['later', 'never']) }) });

/** What `POST /query` is answered with; `body` is to be sent as JSON. */
export type QueryAnswer = { readonly status: 200 | 400 | 503; readonly body: Record<string, unknown> };

/**
 * DuckDB in the process that answers at `url`: `POST {url}/query` with `{sql, params}` gives `{rows}`. Throws the same
 * Faults as a local one, and a Fault (`later`) if nobody answers.
 */
export function connectDuckdb(url: string): Sql {
  const endpoint = `${url.replace(/\/+$/, '')}/query`;
  return {
    run: async (sql, params) => {
      const body = await post(endpoint, { sql, params: encodeValue(params) });
      const rows = answer.safeParse(body);
      if (rows.success) return rows.data.rows.map(decodeRow);
      const failed = failure.safeParse(body);
      if (failed.success) throw new Fault(failed.data.error.message, failed.data.error.retry);
      throw new Fault(`What answers at ${endpoint} is no Backcourt warehouse`, 'never', {
        remedy: 'Check the address in BACKCOURT_WAREHOUSE.',
      });
    },
    close: async () => undefined,
  };
}

async function post(endpoint: string, body: unknown): Promise<unknown> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    });
    return parseJson(await response.text());
  } catch (cause) {
    throw new Fault(`The warehouse at ${endpoint} does not answer`, 'later', {
      cause,
      remedy: 'Check that the process that holds the warehouse is running.',
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Answers one `POST /query`, whose body has been parsed as JSON. Never throws for a query that fails. */
export async function answerQuery(home: Pick<Sql, 'run'>, body: unknown): Promise<QueryAnswer> {
  const asked = question.safeParse(body);
  if (!asked.success) return refuseQuery(400, 'A query is {"sql": text, "params": {name: value}}', 'never');
  try {
    const rows = await home.run(asked.data.sql, decodeParams(asked.data.params));
    return { status: 200, body: { rows: rows.map(encodeValue) } };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return refuseQuery(error.retry === 'later' ? 503 : 400, error.message, error.retry);
  }
}

function refuseQuery(status: 400 | 503, message: string, retry: 'later' | 'never'): QueryAnswer {
  return { status, body: { error: { message, retry } } };
}

function decodeParams(params: z.infer<typeof question>['params']): Record<string, SqlValue> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null ? Number(value.$number) : value,
    ]),
  );
}

function encodeValue(value: unknown): unknown {
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return { $number: '-0' };
    return Number.isFinite(value) ? value : { $number: String(value) };
  }
  return mapInside(value, encodeValue);
}

function decodeRow(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, decodeValue(value)]));
}

function decodeValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return '$number' in value ? Number(value.$number) : mapInside(value, decodeValue);
}

function mapInside(value: unknown, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, change(inner)]));
}
