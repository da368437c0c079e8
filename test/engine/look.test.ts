import { describe, expect, it } from 'vitest';
import { addDays } from '../../src/core/dates.ts';
import { emptyTableFacts } from '../../src/core/facts.ts';
import { createLook } from '../../src/engine/look.ts';
import type { Look } from '../../src/ports.ts';
import type { Store } from '../../src/store/store.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';
import { labCatalogue } from '../jobs/lab-catalogue.ts';
import { manualClock } from '../support/manual-clock.ts';

const date = '2022-01-02';

/** Every table has so many rows on every date, but those that cannot be read. */
function lookAt(rows: number, unread: readonly string[]): Look {
  const warehouse: Pick<Warehouse, 'readFacts' | 'readFingerprints'> = {
    readFingerprints: async () => [],
    readFacts: async (tables, { from, to }) => {
      let days = 1;
      while (addDays(from, days - 1) < to) days += 1;
      const facts = emptyTableFacts(days);
      facts.rows.fill(rows);
      facts.entities.fill(rows);
      if (rows > 0) facts.writtenAt.fill(Date.UTC(2022, 0, 10));
      const read = tables.filter(({ alias }) => !unread.includes(alias)).map(({ alias }) => [alias, facts] as const);
      return { from, days, tables: new Map(read), unread: new Map(unread.map((alias) => [alias, 'no answer'])) };
    },
  };
  const store: Pick<Store, 'query'> = { query: async () => [] };
  const ports = { catalogue: labCatalogue(), clock: manualClock(Date.UTC(2022, 0, 20)), store, warehouse };
  return createLook(ports as unknown as Parameters<typeof createLook>[0]);
}

describe('a look at a cell', () => {
  it('tells what is there', async () => {
    const { verdict, snapshot } = await lookAt(4, [])('mid', date);
    expect([verdict.status, snapshot.rows]).toEqual(['complete', 4]);
  });

  it.each([
    ['the cell itself', 4, 'mid'],
    ['what its rows were built on', 4, 'base'],
    ['what it waits for', 0, 'base'],
  ])('fails for now, and judges nothing, when %s could not be read', async (_what, rows, unread) => {
    await expect(lookAt(rows, [unread])('mid', date)).rejects.toMatchObject({ name: 'Fault', retry: 'later' });
  });
});
