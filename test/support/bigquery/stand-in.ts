/**
 * BigQuery's REST interface on loopback, written from its published definition (version 2): jobs that are inserted, asked
 * for, paged through and canceled, dry runs, bounds on bytes, labels, metadata of tables, and errors in their real shape.
 * Questions are answered by a DuckDB. The client that talks to it is Google's own.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DuckdbHome, Run } from '../../../src/warehouse/duckdb-connection.ts';
import { helpers, InvalidQuery, type Parameter, toDuckdb } from './google-to-duckdb.ts';

export type FaultOf = {
  /** What it befalls: the insert of a job, the reading of results, or the metadata of a table. */
  readonly on: 'insert' | 'results' | 'table';
  /** `lost`: the work is done, and the connection breaks before the answer; a number: this status with `reason`. */
  readonly how: 'lost' | number;
  readonly reason?: string;
  /** In the status of the job instead of in the answer. */
  readonly inJob?: boolean;
  times: number;
};
export type TableSetting = {
  /** Null: by the time at which rows arrive. Without it and without `plain` the table is a view. */
  readonly partitionedBy?: string | null;
  /** A table without partitions. */
  readonly plain?: boolean;
  readonly unit?: string;
  readonly expireDays?: number;
  /** A question without a condition on the date column is refused. */
  readonly requireFilter?: string;
};

export type SeenJob = {
  readonly id: string;
  readonly sql: string;
  readonly dryRun: boolean;
  readonly labels: unknown;
  readonly maxBytes: number | null;
};

export type BigqueryStandIn = {
  readonly url: string;
  readonly jobs: SeenJob[];
  readonly canceled: string[];
  readonly faults: FaultOf[];
  /** By `dataset.table`. */
  readonly tables: Map<string, TableSetting>;
  /** What any question reads. */
  bytes: number;
  /** Rows of a page of results at most. */
  pageSize: number;
  /** So many times a job is still running when its results are asked for. */
  stillRunning: number;
  close(): Promise<void>;
};

type Job = {
  readonly id: string;
  readonly rows: Row[];
  readonly fields: Field[];
  readonly error: ApiError | undefined;
  asked: number;
};
type Row = { f: { v: unknown }[] };
type Field = { name: string; type: string; mode: 'NULLABLE' | 'REPEATED' };
type ApiError = { readonly status: number; readonly reason: string; readonly message: string };

/** Starts one that answers from a DuckDB. */
export async function startBigquery(duckdb: Pick<DuckdbHome, 'withConnection'>): Promise<BigqueryStandIn> {
  const kept = new Map<string, Job>();
  const standIn: Omit<BigqueryStandIn, 'url' | 'close'> = {
    jobs: [],
    canceled: [],
    faults: [],
    tables: new Map(),
    bytes: 1_000_000,
    pageSize: 1000,
    stillRunning: 0,
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (error instanceof Refused) return send(response, error.said.status, errorBody(error.said));
      send(response, 500, errorBody({ status: 500, reason: 'internalError', message: String(error) }));
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand-in');
    const path = pathname.replace(/^\/bigquery\/v2/, '');
    const body = await readBody(request);
    const found =
      /^\/projects\/([^/]+)\/(jobs|queries|datasets)(?:\/([^/]+))?(?:\/(tables|cancel))?(?:\/([^/]+))?$/.exec(path);
    if (!found) throw new Refused({ status: 404, reason: 'notFound', message: `Not found: ${path}` });
    const [, project = '', what, id = '', then, table = ''] = found;
    if (what === 'jobs' && request.method === 'POST' && id === '') return insert(project, body, response);
    if (what === 'jobs' && then === 'cancel') {
      standIn.canceled.push(id);
      return send(response, 200, { job: jobBody(project, find(id), 'DONE') });
    }
    if (what === 'jobs') return send(response, 200, jobBody(project, find(id), 'DONE'));
    if (what === 'queries') return results(project, find(id), searchParams, response);
    return metadata(`${id}.${table}`, response);
  }

  function find(id: string): Job {
    const job = kept.get(id);
    if (!job) throw new Refused({ status: 404, reason: 'notFound', message: `Not found: Job ${id}` });
    return job;
  }

  /** The fault that befalls this, if one is to. */
  function strike(on: FaultOf['on'], inJob = false): FaultOf | undefined {
    const fault = standIn.faults.find((each) => each.on === on && each.times > 0 && (each.inJob ?? false) === inJob);
    if (fault) fault.times -= 1;
    return fault;
  }

  function refuseBy(fault: FaultOf | undefined, response: ServerResponse): boolean {
    if (!fault) return false;
    if (fault.how === 'lost') response.destroy();
    else {
      const reason = fault.reason ?? 'backendError';
      send(response, fault.how, errorBody({ status: fault.how, reason, message: `planted ${reason}` }));
    }
    return true;
  }

  async function insert(project: string, body: InsertBody, response: ServerResponse): Promise<void> {
    const { configuration, jobReference } = body;
    const { query: asked, dryRun = false, labels = {} } = configuration;
    const id = jobReference?.jobId ?? `job_${kept.size}`;
    if (kept.has(id))
      throw new Refused({ status: 409, reason: 'duplicate', message: `Already Exists: Job ${project}:US.${id}` });
    const fault = strike('insert');
    if (fault && fault.how !== 'lost' && refuseBy(fault, response)) return;
    const maxBytes = asked.maximumBytesBilled === undefined ? null : Number(asked.maximumBytesBilled);
    standIn.jobs.push({ id, sql: asked.query, dryRun, labels, maxBytes });
    const job = await perform(id, asked, dryRun, maxBytes);
    // A dry run is no job that one can ask for.
    if (!dryRun) kept.set(id, job);
    if (fault) return response.destroy() as unknown as undefined;
    if (dryRun && job.error) throw new Refused(job.error);
    send(response, 200, jobBody(project, job, dryRun ? 'DONE' : 'RUNNING'));
  }

  async function perform(id: string, asked: QueryBody, dryRun: boolean, maxBytes: number | null): Promise<Job> {
    const job = { id, rows: [], fields: [], asked: 0 };
    const planted = strike('insert', true);
    if (planted) {
      const reason = planted.reason ?? 'jobBackendError';
      return { ...job, error: { status: 400, reason, message: `planted ${reason}` } };
    }
    try {
      if (asked.useLegacySql !== false) throw new InvalidQuery('The stand-in speaks GoogleSQL only');
      requireFilters(asked.query);
      const params = readParameters(asked);
      const sql = toDuckdb(asked.query, params);
      if (dryRun) return { ...job, error: undefined };
      if (maxBytes !== null && standIn.bytes > maxBytes)
        return {
          ...job,
          error: {
            status: 400,
            reason: 'bytesBilledLimitExceeded',
            message: `Query exceeded limit for bytes billed: ${maxBytes}. ${standIn.bytes} or higher required.`,
          },
        };
      const values = Object.fromEntries([...params].map(([name, { value }]) => [name, value]));
      const rows = await duckdb.withConnection(async ({ run }) => {
        await compareDates(asked.query, run);
        for (const helper of helpers) await run(helper, {});
        return run(sql, values);
      });
      return { ...job, ...toWire(rows), error: undefined };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const missing = /Table with name|Catalog Error.*does not exist|schema .* does not exist/i.test(message);
      return { ...job, error: { status: missing ? 404 : 400, reason: missing ? 'notFound' : 'invalidQuery', message } };
    }
  }

  /** As BigQuery does for tables that ask for it. */
  function requireFilters(sql: string): void {
    for (const [table, { requireFilter }] of standIn.tables) {
      if (requireFilter === undefined || !sql.includes(`${table}\``)) continue;
      if (!new RegExp(`\`${requireFilter}\`\\s+(BETWEEN|=|>=|<=|<|>|IN)`).test(sql))
        throw new InvalidQuery(
          `Cannot query over table '${table}' without a filter over column(s) '${requireFilter}' that can be used for partition elimination`,
        );
    }
  }

  function results(project: string, job: Job, search: URLSearchParams, response: ServerResponse): void {
    if (refuseBy(strike('results'), response)) return;
    if (job.error) throw new Refused(job.error);
    const jobReference = { projectId: project, jobId: job.id, location: 'US' };
    job.asked += 1;
    if (job.asked <= standIn.stillRunning) {
      send(response, 200, { jobComplete: false, jobReference });
      return;
    }
    const from = Number(search.get('pageToken') ?? 0);
    const rows = job.rows.slice(from, from + standIn.pageSize);
    const next = from + rows.length;
    send(response, 200, {
      jobComplete: true,
      jobReference,
      schema: { fields: job.fields },
      totalRows: String(job.rows.length),
      rows,
      ...(next < job.rows.length ? { pageToken: String(next) } : {}),
    });
  }

  async function metadata(name: string, response: ServerResponse): Promise<void> {
    if (refuseBy(strike('table'), response)) return;
    const [schema = '', table = ''] = name.split('.');
    const columns = await duckdb.withConnection(({ run }) =>
      run(
        `SELECT 1 FROM information_schema.columns WHERE lower(table_schema) = lower($s) AND lower(table_name) = lower($t)`,
        { s: schema, t: table },
      ),
    );
    if (columns.length === 0)
      throw new Refused({ status: 404, reason: 'notFound', message: `Not found: Table ${name}` });
    const { partitionedBy, unit = 'DAY', expireDays, plain } = standIn.tables.get(name) ?? {};
    const expirationMs = expireDays === undefined ? {} : { expirationMs: String(expireDays * 86_400_000) };
    const field = partitionedBy === null || partitionedBy === undefined ? {} : { field: partitionedBy };
    const timePartitioning = { type: unit, ...field, ...expirationMs };
    send(response, 200, {
      kind: 'bigquery#table',
      type: partitionedBy === undefined && !plain ? 'VIEW' : 'TABLE',
      tableReference: { datasetId: schema, tableId: table },
      ...(partitionedBy === undefined ? {} : { timePartitioning }),
    });
  }

  function jobBody(project: string, job: Job, state: string): object {
    const said =
      state === 'DONE' && job.error ? { errorResult: { reason: job.error.reason, message: job.error.message } } : {};
    return {
      kind: 'bigquery#job',
      jobReference: { projectId: project, jobId: job.id, location: 'US' },
      configuration: { query: {}, jobType: 'QUERY' },
      status: { state, ...said },
      statistics: { totalBytesProcessed: String(standIn.bytes) },
    };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(standIn, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

/** A DATE is compared with nothing but a DATE. */
async function compareDates(sql: string, run: Run): Promise<void> {
  for (const [, from = '', alias = ''] of sql.matchAll(/FROM `([^`]+)` AS `([^`]+)`/g)) {
    const [schema = '', table = ''] = from.split('.').slice(-2);
    const compared = new RegExp(`\`${alias}\`\\.\`([^\`]+)\` BETWEEN`, 'g');
    for (const [, column = ''] of sql.matchAll(compared)) {
      const [found] = await run(
        `SELECT data_type AS type FROM information_schema.columns WHERE lower(table_schema) = lower($s) AND lower(table_name) = lower($t) AND lower(column_name) = lower($c)`,
        { s: schema, t: table, c: column },
      );
      if (found && found.type !== 'DATE')
        throw new InvalidQuery(
          `No matching signature for operator BETWEEN for argument types: ${found.type}, DATE, DATE`,
        );
    }
  }
}

type QueryBody = {
  readonly query: string;
  readonly useLegacySql?: boolean;
  readonly maximumBytesBilled?: string;
  readonly parameterMode?: string;
  readonly queryParameters?: readonly {
    name?: string;
    parameterType: { type: string };
    parameterValue: { value?: string };
  }[];
};
type InsertBody = {
  readonly configuration: { readonly query: QueryBody; readonly dryRun?: boolean; readonly labels?: object };
  readonly jobReference?: { readonly jobId?: string };
};

class Refused extends Error {
  readonly said: ApiError;
  constructor(said: ApiError) {
    super(said.message);
    this.said = said;
  }
}

function readParameters({ queryParameters = [], parameterMode }: QueryBody): Map<string, Parameter> {
  if (queryParameters.length > 0 && parameterMode?.toUpperCase() !== 'NAMED')
    throw new InvalidQuery('parameters have to be named');
  return new Map(
    queryParameters.map(({ name = '', parameterType: { type }, parameterValue: { value = null } }) => {
      if (value === null || value === '') throw new InvalidQuery(`Query parameter '${name}' has no value`);
      if (type === 'DATE' && !/^\d{4}-\d{2}-\d{2}$/.test(value))
        throw new InvalidQuery(`Could not cast literal "${value}" to type DATE`);
      return [name, { type, value }];
    }),
  );
}

/** All values travel as text, lists as rows of one field. */
function toWire(rows: readonly Record<string, unknown>[]): { rows: Row[]; fields: Field[] } {
  const names = Object.keys(rows[0] ?? {});
  const fields = names.map((name): Field => {
    const value = rows.map((row) => row[name]).find((each) => each !== null && each !== undefined);
    const one = Array.isArray(value) ? value[0] : value;
    const type =
      typeof one === 'number'
        ? Number.isInteger(one)
          ? 'INTEGER'
          : 'FLOAT'
        : typeof one === 'boolean'
          ? 'BOOLEAN'
          : 'STRING';
    return { name, type, mode: Array.isArray(value) ? 'REPEATED' : 'NULLABLE' };
  });
  const wire = (value: unknown): unknown =>
    value === null || value === undefined
      ? null
      : Array.isArray(value)
        ? value.map((item) => ({ v: wire(item) }))
        : String(value);
  return {
    fields,
    rows: rows.map((row) => ({
      f: fields.map(({ name, mode }) => ({ v: wire(row[name] ?? (mode === 'REPEATED' ? [] : null)) })),
    })),
  };
}

function errorBody({ status, reason, message }: ApiError): object {
  return { error: { code: status, message, errors: [{ domain: 'global', reason, message }], status: 'FAILED' } };
}

async function readBody(request: IncomingMessage): Promise<InsertBody> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString('utf8');
  return JSON.parse(text === '' ? '{}' : text) as InsertBody;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
