/** What the state store does, whichever Postgres is below it: every statement, through the functions that hold them. */
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { emptyStore } from '../support/small-backfills.ts';
import { approvalsContract } from './store-approvals.ts';
import { attemptsContract } from './store-attempts.ts';
import { auditContract } from './store-audit.ts';
import { backfillsContract } from './store-backfills.ts';
import { batchesContract } from './store-batches.ts';
import { bellsContract } from './store-bells.ts';
import { boxesContract } from './store-boxes.ts';
import { durationsContract } from './store-durations.ts';
import { failuresContract } from './store-failures.ts';
import { figuresContract } from './store-figures.ts';
import { gapsContract } from './store-gaps.ts';
import { outagesContract } from './store-outages.ts';
import { outcomesContract } from './store-outcomes.ts';
import { queueContract } from './store-queue.ts';
import { retriesContract } from './store-retries.ts';
import { stopsContract } from './store-stops.ts';
import { watchesContract } from './store-watches.ts';

/** @param open gives a new, empty, migrated store. */
export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`store: ${name}`, () => {
    let store: Store;
    beforeAll(async () => {
      store = await open();
    });
    beforeEach(() => emptyStore(store));
    afterAll(() => store.close());

    boxesContract(() => store);
    auditContract(() => store);
    backfillsContract(() => store);
    batchesContract(() => store);
    bellsContract(() => store);
    attemptsContract(() => store);
    outcomesContract(() => store);
    outagesContract(() => store);
    stopsContract(() => store);
    retriesContract(() => store);
    queueContract(() => store);
    approvalsContract(() => store);
    durationsContract(() => store);
    failuresContract(() => store);
    figuresContract(() => store);
    gapsContract(() => store);
    watchesContract(() => store);
  });
}
