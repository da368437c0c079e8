/**
 * Two addresses for whoever watches the process. `/healthz` says that it lives, and a restart mends what is wrong there.
 * `/readyz` says whether people get what they ask for: an alarm of this program is no use where Slack takes no messages.
 */
import { sayUnposted } from './messages/unposted-words.ts';
import { toPlain } from './messages/words.ts';
import type { Ports } from './ports.ts';
import { listUnposted } from './store/unposted.ts';

export type HealthAnswer = { readonly status: number; readonly body: object };
export type Health = {
  /** By path; GET only. */
  readonly routes: Readonly<Record<string, () => Promise<HealthAnswer>>>;
  /** The home is open: from now on its state is told. */
  attach(ports: Pick<Ports, 'store' | 'clock' | 'log'>): void;
};

/** Answers from the start of the process on; not ready before it is attached to a home. */
export function openHealth(): Health {
  let ports: Pick<Ports, 'store' | 'clock' | 'log'> | undefined;
  return {
    routes: {
      '/healthz': async () => ({ status: 200, body: { state: 'alive' } }),
      '/readyz': async () => (ports === undefined ? { status: 503, body: { state: 'starting' } } : readState(ports)),
    },
    attach: (given) => {
      ports = given;
    },
  };
}

/** 503 `degraded` where messages could not be posted, and `down` where the state could not be read. */
async function readState({ store, clock, log }: Pick<Ports, 'store' | 'clock' | 'log'>): Promise<HealthAnswer> {
  try {
    const unposted = await listUnposted(store.query, clock.now());
    if (unposted.length === 0) return { status: 200, body: { state: 'ready' } };
    return { status: 503, body: { state: 'degraded', problems: unposted.map((each) => toPlain(sayUnposted(each))) } };
  } catch (error) {
    log.error({ err: error }, 'the state could not be read for /readyz');
    return { status: 503, body: { state: 'down', problems: ['the state could not be read'] } };
  }
}
