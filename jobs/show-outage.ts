/** Tells every backfill that waits for a service which fails whatever it is asked; at last a person has to decide. */
import { isLasting, type Outage } from '../src/core/backfill/circuit.ts';
import type { Ports } from '../src/ports.ts';
import { listWaitingFor, type ServiceName } from '../src/store/outages.ts';
import { pauseForOutage } from '../src/store/outcomes.ts';
import { showProgress } from './show-progress.ts';

/** Brings what they say up to date, and pauses them where it does not pass by itself. May be repeated. */
export async function showOutage(ports: Ports, name: ServiceName, outage: Outage): Promise<void> {
  const { pipeline } = name;
  const now = ports.clock.now();
  const facts = { pipeline, ...outage };
  if (outage.closedAt !== null) ports.log.info(facts, 'a service works again; its calls are held no longer');
  else ports.log.error(facts, 'a service fails whatever it is asked; its calls are held');
  for (const backfill of await listWaitingFor(ports.store.query, name)) {
    if (isLasting(outage))
      await ports.store.transaction((query) => pauseForOutage(query, { pipeline, backfill, outage, now }));
    await showProgress(ports, backfill);
  }
}
