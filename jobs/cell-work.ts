/**
 * What every attempt does with the store, by the batch: claims, the beginnings of calls, outcomes, and the bells after
 * them. Thirty calls that end together cost one transaction, and one choice of what starts next.
 */

import { gather } from '../src/engine/gather.ts';
import { ringCells } from '../src/engine/ring.ts';
import type { Ports } from '../src/ports.ts';
import { type BegunCall, beginCalls } from '../src/store/attempts.ts';
import { type Claim, type Claimed, claimCells } from '../src/store/claims.ts';
import { type EndedAttempt, type Recorded, recordOutcomes } from '../src/store/outcomes.ts';

export type CellWork = {
  /** Claims a cell; see `claimCells`. */
  claim(claim: Claim): Promise<Claimed>;
  /** Returns false when the attempt was taken over; see `beginCalls`. */
  begin(call: BegunCall): Promise<boolean>;
  /** Records how an attempt ended; see `recordOutcomes`. */
  record(ended: EndedAttempt): Promise<Recorded>;
  /** Rings for what may start by now; see `ringCells`. */
  ring(): Promise<void>;
};

/** Makes the batches of one process. */
export function cellWork(ports: Ports): CellWork {
  const { store, catalogue } = ports;
  const giveWay = () => ports.clock.giveWay();
  const ring = gather<null, null>(giveWay, async (asked) => {
    await ringCells(ports);
    return asked;
  });
  return {
    claim: gather(giveWay, (claims) => store.transaction((query) => claimCells(query, catalogue.pipeline, claims))),
    begin: gather(giveWay, (calls) => beginCalls(store.query, calls)),
    record: gather(giveWay, (ended) => store.transaction((query) => recordOutcomes(query, catalogue.pipeline, ended))),
    ring: async () => void (await ring(null)),
  };
}
