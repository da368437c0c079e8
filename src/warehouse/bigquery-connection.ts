/**
 * Statements on BigQuery. Every one is a job with a name of ours, so that a lost answer is asked for again and not billed
 * twice; it carries labels, a bound on what it may read, and a deadline at which it is canceled, since a client that gives
 * up leaves its job running and billing.
 */
import { randomUUID } from 'node:crypto';
import { BigQuery, type Job } from '@google-cloud/bigquery';
import { Fault } from '../fault.ts';
import { bigqueryFault, isPassing, readError, type Said } from './bigquery-faults.ts';
import type { Sql, SqlValue } from './sql.ts';

export type BigqueryPlace = {
  readonly project: string;
  /** `US`, `EU`, `europe-west3`: where the datasets are. */
  readonly location: string;
  /** The most bytes that one statement may be billed for. */
  readonly maxBytes: number;
  /** Another address than Google's, which is sent no credentials. */
  readonly endpoint?: string;
  /** Goes into the label `pipeline` of every job. */
  readonly pipeline?: string;
};

/** What a table's partitions are; `expireDays` is null where they stay. */
export type Partitioning = {
  /** `TABLE`, `VIEW`, `MATERIALIZED_VIEW`, `EXTERNAL`, `SNAPSHOT`. */
  readonly kind: string;
  readonly column: string | null;
  readonly unit: string | null;
  readonly expireDays: number | null;
};

export type BigqueryConnection = Sql & {
  /** Reads it from the table's metadata, which costs nothing; undefined where there is no such table. Throws Faults. */
  readPartitioning(name: string): Promise<Partitioning | undefined>;
};

/** So long a statement may take, in milliseconds; then its job is canceled. */
const patience = 120_000;
const tries = 3;
const firstWait = 500;

/**
 * Opens nothing: the first statement does. Credentials are the environment's (Application Default Credentials).
 * @param wait waits before another try; milliseconds
 */
export async function openBigquery(
  place: BigqueryPlace,
  wait: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<BigqueryConnection> {
  const client = await makeClient(place);
  /** Tries again what passes within seconds. `ask` is told which try it is. */
  const again = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask();
      } catch (error) {
        if (error instanceof Fault) throw error;
        const said = readError(error);
        if (attempt >= tries || !isPassing(said)) throw bigqueryFault(said, error);
        await wait(firstWait * 2 ** (attempt - 1));
      }
    }
  };
  return {
    run: (sql, params) => {
      let jobId: string | undefined;
      return again(async () => {
        // A job whose answer was lost may still run: it is asked for by its name, and not begun (and billed) anew.
        if (jobId === undefined || (await hasFailed(client, place, jobId))) jobId = `backcourt_${randomUUID()}`;
        try {
          return await runOnce(client, place, { jobId, sql, params });
        } catch (error) {
          const said = readError(error);
          if (said.reason === 'bytesBilledLimitExceeded') throw await tooLarge(client, place, sql, params, said);
          throw error;
        }
      });
    },
    readPartitioning: (name) => again(() => readPartitioning(client, place, name)),
    close: async () => undefined,
  };
}

async function hasFailed(client: BigQuery, { location }: BigqueryPlace, jobId: string): Promise<boolean> {
  try {
    const [metadata] = await client.job(jobId, { location }).getMetadata();
    return metadata?.status?.errorResult !== undefined;
  } catch {
    return false;
  }
}

async function makeClient({ project, location, endpoint }: BigqueryPlace): Promise<BigQuery> {
  const common = { projectId: project, location, maxRetries: tries };
  if (endpoint === undefined) return new BigQuery(common);
  // Real credentials never go to an address that is not Google's.
  const { PassThroughClient } = await import('google-auth-library');
  return new BigQuery({ ...common, apiEndpoint: endpoint, authClient: new PassThroughClient() as never });
}

function jobOf({ location, maxBytes, pipeline }: BigqueryPlace, sql: string, params: Record<string, SqlValue>) {
  return {
    query: sql,
    params: typedParams(params),
    location,
    useLegacySql: false,
    useQueryCache: true,
    maximumBytesBilled: String(maxBytes),
    jobTimeoutMs: patience,
    labels: { app: 'backcourt', ...(pipeline === undefined ? {} : { pipeline: toLabel(pipeline) }) },
  };
}

/** Labels hold lower case letters, digits, dashes and underscores, 63 at most. */
function toLabel(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '-')
    .slice(0, 63);
}

/** Text, numbers and truth values are typed by what they are; the parameters of dates by their name. */
function typedParams(params: Record<string, SqlValue>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, name.startsWith('d') ? BigQuery.date(String(value)) : value]),
  );
}

type Work = { readonly jobId: string; readonly sql: string; readonly params: Record<string, SqlValue> };

async function runOnce(
  client: BigQuery,
  place: BigqueryPlace,
  { jobId, sql, params }: Work,
): Promise<Record<string, unknown>[]> {
  const deadline = afterMs(patience);
  const work = submit(client, place, { ...jobOf(place, sql, params), jobId }, jobId).then(readRows);
  try {
    const rows = await Promise.race([work, deadline.passed]);
    if (rows !== undefined) return rows;
  } finally {
    deadline.stop();
  }
  work.catch(() => undefined);
  await client
    .job(jobId, { location: place.location })
    .cancel()
    .catch(() => undefined);
  throw new Fault(`BigQuery took longer than ${patience / 1000} s; the job ${jobId} was canceled`, 'later');
}

/** A name that is known already is our own job, whose answer was lost. */
async function submit(
  client: BigQuery,
  { location }: BigqueryPlace,
  options: Parameters<BigQuery['createQueryJob']>[0],
  jobId: string,
): Promise<Job> {
  try {
    const [job] = await client.createQueryJob(options);
    return job;
  } catch (error) {
    if (readError(error).reason === 'duplicate') return client.job(jobId, { location });
    throw error;
  }
}

async function readRows(job: Job): Promise<Record<string, unknown>[]> {
  const [rows] = await job.getQueryResults({ wrapIntegers: { integerTypeCastFunction: plainInteger } } as never);
  return (rows as Record<string, unknown>[]).map(plainRow);
}

/** Whole numbers beyond 2^53 stay text, since a rounded count is worse than an odd type. */
function plainInteger(text: unknown): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : String(text);
}

function plainRow(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]));
}

/** Dates and instants come as objects around their text. */
function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value === 'object' && value !== null && 'value' in value) return value.value;
  return value;
}

function afterMs(ms: number): { readonly passed: Promise<undefined>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return { passed, stop: () => clearTimeout(timer) };
}

/** Nothing was read and nothing is billed; a dry run, which is free, tells how much it would have been. */
async function tooLarge(
  client: BigQuery,
  place: BigqueryPlace,
  sql: string,
  params: Record<string, SqlValue>,
  said: Said,
): Promise<Fault> {
  const { maximumBytesBilled: _, ...unbound } = jobOf(place, sql, params);
  const bytes = await client.createQueryJob({ ...unbound, dryRun: true }).then(
    ([job]) =>
      Number((job.metadata as { statistics?: { totalBytesProcessed?: string } }).statistics?.totalBytesProcessed),
    () => Number.NaN,
  );
  const reads = Number.isFinite(bytes)
    ? `would read ${sayBytes(bytes)} (about ${sayPrice(bytes)} on demand)`
    : 'would read more';
  return new Fault(`This question ${reads}; one may read ${sayBytes(place.maxBytes)}. Nothing was read.`, 'never', {
    cause: said.message,
    remedy: 'Ask for fewer dates or tables, or raise BACKCOURT_BIGQUERY_MAX_GIB.',
  });
}

/** "1.2 TiB" */
function sayBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 2 ** (10 * power);
  return `${value >= 10 || power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** The price of a TiB on demand in the US, which is among the lowest: said as "about". */
const dollarsPerTib = 6.25;

function sayPrice(bytes: number): string {
  const dollars = (bytes / 2 ** 40) * dollarsPerTib;
  return dollars < 0.01 ? 'less than $0.01' : `$${dollars.toFixed(2)}`;
}

type TableMetadata = {
  readonly type?: string;
  readonly rangePartitioning?: { readonly field?: string };
  readonly timePartitioning?: { readonly type?: string; readonly field?: string; readonly expirationMs?: string };
};

async function readPartitioning(
  client: BigQuery,
  place: BigqueryPlace,
  name: string,
): Promise<Partitioning | undefined> {
  const parts = name.split('.');
  const [dataset = '', table = ''] = parts.slice(-2);
  const project = parts.length > 2 ? parts.slice(0, -2).join('.') : place.project;
  try {
    const [metadata] = (await client
      .dataset(dataset, { projectId: project })
      .table(table)
      .getMetadata()) as unknown as [TableMetadata];
    const { rangePartitioning: ranges, timePartitioning } = metadata;
    const { type = null, field = null, expirationMs } = timePartitioning ?? {};
    return {
      kind: metadata.type ?? 'TABLE',
      column: ranges?.field ?? field,
      unit: ranges ? 'RANGE' : type,
      expireDays: expirationMs === undefined ? null : Number(expirationMs) / 86_400_000,
    };
  } catch (error) {
    if (readError(error).reason === 'notFound') return undefined;
    throw error;
  }
}
