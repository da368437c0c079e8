/** A service that fails whatever it is asked: while it may pass by itself, when a person is asked, and when it is over. */
import type { Outage } from '../../src/core/backfill/circuit.ts';
import type { Message } from '../../src/messages/message.ts';
import { outageMessage } from '../../src/messages/outage-message.ts';
import { progressMessage } from '../../src/messages/progress-message.ts';
import { view } from './samples.ts';

const begun = Date.UTC(2022, 0, 8, 22, 10);
const outage: Outage = {
  service: 'phase4',
  failures: 9,
  detail: 'phase4 answered 500: no connection to the warehouse',
  openedAt: begun,
  heldUntil: begun + 30_000,
  trials: 0,
  closedAt: null,
};

export const outageMessages: Readonly<Record<string, () => Message>> = {
  'outage-held': () => outageMessage(outage, 'k3v9x2'),
  'outage-lasting': () => outageMessage({ ...outage, failures: 14, trials: 5 }, 'k3v9x2'),
  'outage-over': () => outageMessage({ ...outage, closedAt: begun + 260_000 }, 'k3v9x2'),
  'progress-held': () => progressMessage({ ...view(), outages: [outage] }),
};
