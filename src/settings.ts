/**
 * Every environment variable, read in one place and once. A wrong one is found before anything starts, all of them in
 * one report, and no value is ever repeated in it: people paste a token into the wrong variable.
 */
import { join } from 'node:path';
import type { LevelWithSilent } from 'pino';
import { z } from 'zod';
import { isLoopback } from './loopback.ts';
import { chooseSlack, findTokenProblems, type SlackTokens, slackFields } from './slack-tokens.ts';
import { findStoreUrlProblem, passwordsIn, readStoreUrl } from './store-url.ts';

export type Settings = {
  /** 0: any free port. */
  readonly port: number;
  /** The file of the pipeline; undefined: the one that comes with Backcourt. */
  readonly pipeline: string | undefined;
  readonly home: string;
  readonly warehouse:
    | { readonly kind: 'file'; readonly file: string; readonly isDefault: boolean }
    | { readonly kind: 'remote'; readonly url: string }
    | (BigqueryPlace & { readonly kind: 'bigquery'; readonly maxBytes: number });
  readonly store:
    | { readonly kind: 'pglite'; readonly dir: string }
    | { readonly kind: 'postgres'; readonly url: string; readonly connections: number };
  /** A real Slack over Socket Mode; undefined: the local workspace in its place. */
  readonly slack: SlackTokens | undefined;
  readonly logLevel: LevelWithSilent;
  /** Where lines of the log and traces belong; undefined outside of Google Cloud. */
  readonly project: string | undefined;
  /** Whether this is Cloud Run, which keeps what is printed and no files. */
  readonly onCloudRun: boolean;
  /** Where `/metrics` is served on the loopback; undefined: nowhere. */
  readonly metricsPort: number | undefined;
  /** Calls of processors bear identity tokens of Google's. */
  readonly identityTokens: boolean;
  /** Cells at a time. */
  readonly concurrency: number;
  /** All variables but our own: what a `${NAME}` in the url of a pipeline's service may stand for. */
  readonly variables: Readonly<Record<string, string>>;
  /** Values that must never reach a log. */
  readonly secrets: readonly string[];
};

/** `endpoint`: a stand-in on this machine. */
type BigqueryPlace = { readonly project: string; readonly location: string; readonly endpoint?: string };

export type SettingsRead =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly string[] };

export type SettingDescription = {
  readonly name: string;
  readonly meaning: string;
  /** In words where it depends on another setting; undefined: unset. */
  readonly default: string | undefined;
};

type Environment = Readonly<Record<string, string | undefined>>;

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const schema = z.object({
  PORT: whole(0, 65_535)
    .prefault('3000')
    .meta(say('Where `npm start` and `backcourt serve` listen; 0: any free port', '3000')),
  BACKCOURT_PIPELINE: z.string().optional().meta(say('The pipeline file', 'pipelines/nba/pipeline.yml')),
  BACKCOURT_HOME: z.string().prefault('.backcourt').meta(say('The folder of state and local warehouse', '.backcourt')),
  BACKCOURT_WAREHOUSE: z
    .string()
    .refine(
      isWarehouse,
      'give duckdb:FILE, duckdb:http://127.0.0.1:PORT where another process holds the file, or bigquery:PROJECT?location=US',
    )
    .optional()
    .meta(
      say(
        '`duckdb:FILE`, `duckdb:http://127.0.0.1:PORT` of the process that holds the file, or `bigquery:PROJECT?location=US`',
        'duckdb:HOME/warehouse.duckdb',
      ),
    ),
  BACKCOURT_BIGQUERY_MAX_GIB: whole(1, 1_000_000)
    .prefault('10')
    .meta(say('GiB that one question to BigQuery may read at most', '10')),
  BACKCOURT_STORE: z
    .string()
    .superRefine(refuseWrongStore)
    .optional()
    .meta(say('Where state is kept: `pglite:FOLDER` or `postgres://...`', 'pglite:HOME/state')),
  BACKCOURT_STORE_CONNECTIONS: whole(2, 500)
    .prefault('10')
    .meta(say('Connections to Postgres at most; times the instances it stays below what the server allows', '10')),
  BACKCOURT_LOG_LEVEL: z
    .enum(levels, `give one of ${levels.join(', ')}`)
    .prefault('info')
    .meta(say(`How much is logged: ${levels.join(', ')}`, 'info')),
  BACKCOURT_IDENTITY_TOKENS: z
    .enum(['google', 'none'], 'give google or none')
    .optional()
    .meta(
      say('`google`: calls of processors bear an identity token for their audience', 'google on Cloud Run, else none'),
    ),
  BACKCOURT_CONCURRENCY: whole(1, 1000).prefault('4').meta(say('Cells that are filled at a time', '4')),
  NBA_PROCESSORS_URL: z
    .string()
    .refine((text) => hasProtocol(text, ['http:', 'https:']), 'give an address that begins with http:// or https://')
    .optional()
    .meta(
      say(
        'Root of the processor services that the pipeline file names so; other pipelines name other variables',
        'processors inside this process',
      ),
    ),
  ...slackFields,
  BACKCOURT_METRICS_PORT: whole(1, 65_535)
    .optional()
    .meta(say('Port on 127.0.0.1 where `/metrics` is served to a collector beside the process')),
  GOOGLE_CLOUD_PROJECT: z.string().optional().meta(say('The project that traces in the log belong to')),
  K_SERVICE: z.string().optional().meta(say('Set by Cloud Run, where an embedded store or warehouse is refused')),
});
type Values = z.output<typeof schema>;

/**
 * Reads the settings. Blank is unset, and blanks around a value are dropped.
 * @param env the environment of the process
 * @returns settings, or every problem as "NAME: what to give"
 */
export function readSettings(env: Environment): SettingsRead {
  const given = dropBlanks(env);
  const parsed = schema.safeParse(given);
  const issues = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const problems = [...issues, ...checkTogether(given)];
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, settings: buildSettings(parsed.data, given) };
}

/** Every setting, for people: the table of the README and `backcourt check`. */
export function describeSettings(): SettingDescription[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const { description = '', fallback } = field.meta() ?? {};
    return { name, meaning: description, default: typeof fallback === 'string' ? fallback : undefined };
  });
}

/** What is wrong with settings that are each right. */
function checkTogether(given: Readonly<Record<string, string>>): string[] {
  const { K_SERVICE: service, BACKCOURT_STORE: store, BACKCOURT_WAREHOUSE: warehouse } = given;
  const problems: string[] = findTokenProblems(given);
  if (!service) return problems;
  if (!store?.startsWith('postgres')) {
    problems.push('BACKCOURT_STORE: give postgres://...; on Cloud Run each instance would keep its own state');
  }
  if (!warehouse || warehouse.startsWith('duckdb:')) {
    problems.push(
      'BACKCOURT_WAREHOUSE: a local warehouse is refused on Cloud Run, each instance would have its own rows',
    );
  }
  return problems;
}

function buildSettings(values: Values, given: Readonly<Record<string, string>>): Settings {
  const home = values.BACKCOURT_HOME;
  const store = values.BACKCOURT_STORE ?? `pglite:${join(home, 'state')}`;
  return {
    port: values.PORT,
    pipeline: values.BACKCOURT_PIPELINE,
    home,
    warehouse: chooseWarehouse(values.BACKCOURT_WAREHOUSE, home, values.BACKCOURT_BIGQUERY_MAX_GIB),
    store: store.startsWith('pglite:')
      ? { kind: 'pglite', dir: store.slice('pglite:'.length) }
      : { kind: 'postgres', url: store, connections: values.BACKCOURT_STORE_CONNECTIONS },
    slack: chooseSlack(values),
    logLevel: values.BACKCOURT_LOG_LEVEL,
    project: values.GOOGLE_CLOUD_PROJECT,
    onCloudRun: values.K_SERVICE !== undefined,
    metricsPort: values.BACKCOURT_METRICS_PORT,
    identityTokens: (values.BACKCOURT_IDENTITY_TOKENS ?? (values.K_SERVICE ? 'google' : 'none')) === 'google',
    concurrency: values.BACKCOURT_CONCURRENCY,
    variables: Object.fromEntries(Object.entries(given).filter(([name]) => !/^(BACKCOURT|SLACK)_/.test(name))),
    secrets: [...storePasswords(store), values.SLACK_BOT_TOKEN ?? [], values.SLACK_APP_TOKEN ?? []].flat(),
  };
}

function chooseWarehouse(text: string | undefined, home: string, gibibytes: number): Settings['warehouse'] {
  if (text === undefined) return { kind: 'file', file: join(home, 'warehouse.duckdb'), isDefault: true };
  const bigquery = readBigquery(text);
  if (bigquery) return { kind: 'bigquery', ...bigquery, maxBytes: gibibytes * 2 ** 30 };
  const place = text.slice('duckdb:'.length);
  return /^http:/i.test(place) ? { kind: 'remote', url: place } : { kind: 'file', file: place, isDefault: false };
}

/** `bigquery:PROJECT?location=US`; `&endpoint=` leads to a stand-in on this machine, which is sent no credentials. */
function readBigquery(text: string): BigqueryPlace | undefined {
  const [, project = '', query = ''] = /^bigquery:([a-z][a-z0-9.:-]{4,}[a-z0-9])(?:\?(.*))?$/.exec(text) ?? [];
  const search = new URLSearchParams(query);
  const location = search.get('location') ?? 'US';
  const endpoint = search.get('endpoint');
  const isKnown = [...search.keys()].every((key) => key === 'location' || key === 'endpoint');
  if (project === '' || !isKnown || !/^[A-Za-z]+(-[a-z]+\d+)?$/.test(location)) return undefined;
  if (endpoint === null) return { project, location };
  return isOnThisMachine(endpoint) ? { project, location, endpoint } : undefined;
}

function isOnThisMachine(url: string): boolean {
  return hasProtocol(url, ['http:']) && isLoopback(new URL(url).hostname);
}

/** Whoever reaches such a remote warehouse may run any SQL there, so only one on this machine is spoken to. */
function isWarehouse(text: string): boolean {
  if (text.startsWith('bigquery:')) return readBigquery(text) !== undefined;
  if (!/^duckdb:./.test(text)) return false;
  const place = text.slice('duckdb:'.length);
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(place)) return true;
  return isOnThisMachine(place);
}

function refuseWrongStore(text: string, context: z.RefinementCtx): void {
  if (/^pglite:./.test(text)) return;
  const url = readStoreUrl(text);
  const form = 'give pglite:FOLDER or postgres://USER:PASSWORD@HOST/DATABASE';
  const problem = url === undefined ? form : findStoreUrlProblem(url);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
}

function storePasswords(store: string): string[] {
  const url = readStoreUrl(store);
  return url === undefined ? [] : passwordsIn(url);
}

function hasProtocol(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && text.includes('://') && protocols.includes(new URL(text).protocol);
}

function whole(least: number, most: number) {
  return z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: `give a whole number from ${least} to ${most}`,
    })
    .transform(Number);
}

function say(description: string, fallback?: string) {
  return { description, fallback };
}

function dropBlanks(env: Environment): Record<string, string> {
  const entries = Object.entries(env).flatMap(([name, value]): [string, string][] => {
    const text = value?.trim() ?? '';
    return text === '' ? [] : [[name, text]];
  });
  return Object.fromEntries(entries);
}
