/** Gauges of what the state holds, read when somebody asks. A state that does not answer leaves the last figures standing. */
import { Gauge, type Registry } from 'prom-client';
import type { Ports } from '../ports.ts';
import { readFigures } from '../store/figures.ts';

const cellStates = ['waiting', 'ready', 'running', 'succeeded', 'failed', 'blocked', 'skipped', 'canceled'];
const backfillStates = ['preflight', 'waiting_approval', 'running', 'paused', 'finishing', 'canceling'];

/** Makes the gauges. Returns what renews them. */
export function watchState(
  register: Registry,
  { store, catalogue, clock, log }: Pick<Ports, 'store' | 'catalogue' | 'clock' | 'log'>,
): () => Promise<void> {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `backcourt_${name}`, help, labelNames, registers: [register] });
  const cells = gauge('cells', 'Cells of backfills that are not over', ['state']);
  const backfills = gauge('backfills', 'Backfills that are not over', ['state']);
  const lag = gauge('queue_lag_seconds', 'Age of the oldest cell that was rung for and nobody has begun');
  const expired = gauge('leases_expired', 'Attempts whose lease ran out and that nobody has taken over');
  const unsent = gauge('messages_unsent', 'Messages that Slack does not have as they should read');
  const oldest = gauge('messages_unsent_age_seconds', 'Age of the oldest of those');
  const givenUp = gauge('messages_given_up', 'Messages given up in the last day');
  const held = gauge('services_held', 'Services whose calls are held, since all of them failed');
  const connections = gauge('store_connections', 'Connections to the state', ['state']);
  const readable = gauge('store_up', 'Whether the state could be read');
  return async () => {
    const pool = store.pool?.();
    if (pool) for (const [state, n] of Object.entries(pool)) connections.set({ state }, n);
    try {
      const figures = await readFigures(store.query, catalogue.pipeline, clock.now());
      for (const state of cellStates) cells.set({ state }, figures.cells[state] ?? 0);
      for (const state of backfillStates) backfills.set({ state }, figures.backfills[state] ?? 0);
      lag.set(figures.lag / 1000);
      expired.set(figures.expiredLeases);
      unsent.set(figures.unsent.messages);
      oldest.set(figures.unsent.oldestMs / 1000);
      givenUp.set(figures.givenUp);
      held.set(figures.heldServices);
      readable.set(1);
    } catch (err) {
      readable.set(0);
      log.warn({ err }, 'the state could not be read for /metrics');
    }
  };
}
