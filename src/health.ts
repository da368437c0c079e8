/**
 * Two addresses for whoever watches the process. `/healthz` says that it lives, and a restart mends what is wrong there.
 * `/readyz` says whether people get what they ask for: an alarm of this program is no use where Slack takes no messages.
 * Anybody may ask, so they name what is wrong and no more: the log and `backcourt check` have the rest.
 */
import { type Checked, checkOutside, checkState } from './engine/check.ts';
import type { Finding } from './finding.ts';
import type { Ports } from './ports.ts';

export type HealthAnswer = { readonly status: number; readonly body: object };
export type Health = {
  /** By path; GET only. */
  readonly routes: Readonly<Record<string, () => Promise<HealthAnswer>>>;
  /** The home is open: from now on its state is told. */
  attach(ports: Checked & Pick<Ports, 'log'>): void;
};

/** What is outside is asked so often at most, however often somebody asks here. */
const outsideMs = 60_000;

/** Answers from the start of the process on; not ready before it is attached to a home. */
export function openHealth(): Health {
  let read: (() => Promise<HealthAnswer>) | undefined;
  return {
    routes: {
      '/healthz': async () => ({ status: 200, body: { state: 'alive' } }),
      '/readyz': async () => (read === undefined ? { status: 503, body: { state: 'starting' } } : read()),
    },
    attach: (ports) => {
      const outside = rememberOutside(ports);
      read = () => readState(ports, outside);
    },
  };
}

/** 503 `degraded` where something is not right, and `down` where the state could not be read. */
async function readState(
  ports: Checked & Pick<Ports, 'log'>,
  outside: () => Promise<Finding[]>,
): Promise<HealthAnswer> {
  const state = await checkState(ports);
  const isDown = state.some(({ what, ok }) => what === 'store' && !ok);
  const wrongs = [...state, ...(isDown ? [] : await outside())].filter(({ ok }) => !ok);
  if (wrongs.length === 0) return { status: 200, body: { state: 'ready' } };
  ports.log.warn({ wrongs }, 'not all that is relied on is right');
  const problems = [...new Set(wrongs.map(sayBriefly))];
  return { status: 503, body: { state: isDown ? 'down' : 'degraded', problems } };
}

/** Messages that wait are told in full: nobody but the channel's people can tell what is missing there. */
function sayBriefly({ what, detail }: Finding): string {
  return what === 'messages' ? detail : `${what} is not right`;
}

function rememberOutside(ports: Checked): () => Promise<Finding[]> {
  let last: { readonly at: number; readonly found: Promise<Finding[]> } | undefined;
  return () => {
    const now = ports.clock.now();
    if (last === undefined || now - last.at >= outsideMs) last = { at: now, found: checkOutside(ports) };
    return last.found;
  };
}
