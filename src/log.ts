/**
 * The log: one line of JSON each, in the shape that Cloud Logging reads (severity, message, time, trace, labels), on stderr,
 * since stdout belongs to data. Secrets reach a log in ways that no list of
 * field names foresees (a message, a stack, a URL, a header of a vendor's error), so finished lines are scrubbed by value.
 */
import pino, { type LevelWithSilent, type Logger } from 'pino';
import { Fault } from './fault.ts';
import { currentTrace } from './trace.ts';

export type LogOptions = {
  readonly level: LevelWithSilent;
  /** Takes whole lines; stderr if not given. */
  readonly destination?: { write(line: string): unknown };
  /** Values that must not be written, whatever they look like: signing secrets, passwords. */
  readonly secrets?: readonly string[];
  /** The Google Cloud project that traces belong to; without one, lines carry the bare id. */
  readonly project?: string;
};

/** Cloud Logging's names of pino's levels. */
const severities: Readonly<Record<string, string>> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

const deepestCause = 5;

/** Makes the logger. Errors are logged as `err`: name, message, stack and causes, and nothing else that hangs on them. */
export function createLog(given: LogOptions): Logger {
  const { level, destination = pino.destination(2), secrets = [], project } = given;
  const scrub = makeScrubber(secrets);
  const stream = { write: (line: string) => void destination.write(scrub(line)) };
  const options = {
    level,
    base: { pid: process.pid },
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ severity: severities[label] ?? 'DEFAULT' }) },
    mixin: () => sayTrace(project),
    serializers: { err: (error: unknown) => describeError(error), error: (error: unknown) => describeError(error) },
  };
  return pino(options, stream);
}

function sayTrace(project: string | undefined): object {
  const trace = currentTrace();
  if (trace === undefined) return {};
  return {
    'logging.googleapis.com/trace': project === undefined ? trace.id : `projects/${project}/traces/${trace.id}`,
    'logging.googleapis.com/spanId': trace.span,
    ...(Object.keys(trace.labels).length > 0 ? { 'logging.googleapis.com/labels': trace.labels } : {}),
  };
}

type ErrorDescription = {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Vendors' codes, such as ECONNRESET. */
  readonly code?: string | number;
  /** Of a Fault: whether to try again, and what to do. */
  readonly retry?: string;
  readonly remedy?: string;
  readonly cause?: unknown;
  /** Of an AggregateError. */
  readonly errors?: readonly unknown[];
};

/**
 * An error as plain data. Vendors hang whole requests with their headers on errors: only what is named here is taken.
 * Anything that is not an error is given as it is.
 */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const deeper = (inner: unknown) => (depth < deepestCause ? describeError(inner, depth + 1) : 'more causes left out');
  const description: ErrorDescription = {
    name: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...('code' in error && isPlain(error.code) ? { code: error.code } : {}),
    ...(error instanceof Fault ? { retry: error.retry } : {}),
    ...(error instanceof Fault && error.remedy !== undefined ? { remedy: error.remedy } : {}),
    ...(error.cause === undefined ? {} : { cause: deeper(error.cause) }),
    ...(error instanceof AggregateError ? { errors: error.errors.slice(0, deepestCause).map(deeper) } : {}),
  };
  return description;
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

const mark = '[redacted]';

/** What is left where a whole match goes, or `$1mark` where its beginning is harmless. */
const looks: readonly (readonly [RegExp, string])[] = [
  // Slack: bot, user, app, refresh and configuration tokens, and addresses that let anybody post.
  [/xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9_%-]+/g, mark],
  [/xapp-[A-Za-z0-9_%-]+/g, mark],
  [/(https?:(?:\\?\/){2}hooks\.slack(?:-gov)?\.com)(?:\\?\/)[^\s"\\]*/g, `$1/${mark}`],
  // Google: access tokens, API keys, client secrets; any JSON web token.
  [/ya29\.[A-Za-z0-9._-]+/g, mark],
  [/AIza[A-Za-z0-9_-]{30,}/g, mark],
  [/GOCSPX-[A-Za-z0-9_-]+/g, mark],
  [/eyJ[A-Za-z0-9_-]{7,}(?:\.[A-Za-z0-9_-]*){0,4}/g, mark],
  [/((?:Bearer|Basic)(?:\s|\+|%20)+)[A-Za-z0-9._~+/=-]{6,}/gi, `$1${mark}`],
  // A private key, to the end of the string of JSON that it stands in.
  [/-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?:[^"\\]|\\.)*/gs, mark],
  [/([?&][\w-]*(?:token|secret|password|key|code)=)[^&\s"\\]+/gi, `$1${mark}`],
  // The password of a URL, and fields that are secret by their name.
  [/(:\/\/[^\s:/@"\\]*:)[^\s/@"\\]+@/g, `$1${mark}@`],
  [
    /("(?:proxy-)?authorization"|"(?:set-)?cookie"|"[\w-]*(?:password|passwd|secret|token|api[-_]?key|private[-_]?key)")(\s*:\s*)(?:"(?:[^"\\]|\\.)*"|\[[^\]]*\])/gi,
    `$1$2"${mark}"`,
  ],
];
const shortestSecret = 4;

/**
 * Makes a function that scrubs a line.
 * @param secrets known values; found as they are, and as they stand in JSON, in a URL and in base64
 */
export function makeScrubber(secrets: readonly string[]): (line: string) => string {
  const known = secrets.filter((secret) => secret.length >= shortestSecret).flatMap(formsOf);
  const values = [...new Set(known)].sort((a, b) => b.length - a.length);
  return (line) => {
    const withoutKnown = values.reduce((text, value) => text.replaceAll(value, mark), line);
    return looks.reduce((text, [look, instead]) => text.replace(look, instead), withoutKnown);
  };
}

function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), base64];
}
