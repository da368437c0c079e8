/**
 * What BigQuery's errors mean for a question of ours. It says them in two places, the answer of a request and the status
 * of a job, with one `reason` each; the reason decides, since messages are worded for people and change.
 */
import { Fault } from '../fault.ts';

/** What passes within seconds: worth another try at once. */
const passing = new Set([
  'backendError',
  'internalError',
  'jobBackendError',
  'jobInternalError',
  'jobRateLimitExceeded',
  'rateLimitExceeded',
  'tableUnavailable',
]);
/** What passes, but not while somebody waits. */
const waiting = new Set(['quotaExceeded', 'stopped', 'timeout', 'blocked']);

const remedies: Readonly<Record<string, string>> = {
  accessDenied:
    'Give the service account BigQuery Data Viewer on the datasets, and BigQuery Job User in the project of BACKCOURT_WAREHOUSE.',
  billingNotEnabled: 'Turn billing on for the project of BACKCOURT_WAREHOUSE.',
  notFound: 'Check the names in the pipeline file, and project and location in BACKCOURT_WAREHOUSE.',
  quotaExceeded: 'Ask again later, or raise the quota of the project.',
};

/** An error as BigQuery says it; `reason` is `unreachable` where no answer came. */
export type Said = { readonly reason: string; readonly message: string };

/** Reads what the client threw, or what stands in the status of a job. */
export function readError(error: unknown): Said {
  const given = error as { errors?: unknown; message?: unknown; reason?: unknown; code?: unknown; status?: unknown };
  const [first] = Array.isArray(given?.errors) ? (given.errors as { reason?: unknown; message?: unknown }[]) : [];
  const message = String(first?.message ?? given?.message ?? error);
  if (typeof first?.reason === 'string') return { reason: first.reason, message };
  if (typeof given?.reason === 'string') return { reason: given.reason, message };
  const status = Number(given?.code ?? given?.status);
  if (status === 401 || status === 403) return { reason: 'accessDenied', message };
  if (status === 404) return { reason: 'notFound', message };
  if (status === 429) return { reason: 'rateLimitExceeded', message };
  if (status >= 500) return { reason: 'backendError', message };
  return { reason: status >= 400 ? 'invalid' : 'unreachable', message };
}

/** Whether another try within seconds may help. */
export function isPassing({ reason }: Said): boolean {
  return passing.has(reason) || reason === 'unreachable';
}

/** The error as a Fault, in words for a person. */
export function bigqueryFault(said: Said, cause: unknown): Fault {
  const { reason, message } = said;
  const retry = isPassing(said) || waiting.has(reason) ? 'later' : 'never';
  const remedy = remedies[reason];
  return new Fault(`BigQuery ${wordsOf(reason)}: ${message}`, retry, {
    cause,
    ...(remedy === undefined ? {} : { remedy }),
  });
}

function wordsOf(reason: string): string {
  if (reason === 'unreachable') return 'did not answer';
  if (reason === 'accessDenied') return 'does not let us in';
  if (reason === 'notFound') return 'does not have it';
  if (reason === 'quotaExceeded') return 'has no quota left for us';
  return `said ${reason}`;
}
