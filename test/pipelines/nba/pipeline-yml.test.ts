import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchema, pipelineFolder, processors, readSql } from '../../../pipelines/nba/processors.ts';
import { createRandom } from '../../../pipelines/nba/season/random.ts';
import { makeSlates } from '../../../pipelines/nba/season/slates.ts';
import type { Catalogue } from '../../../src/core/catalogue/catalogue.ts';
import { readCatalogue } from '../../../src/core/catalogue/read-catalogue.ts';
import { daysBetween } from '../../../src/core/dates.ts';
import { duckdbWarehouse } from '../../../src/warehouse/duckdb.ts';
import { type DuckdbHome, openDuckdb } from '../../../src/warehouse/duckdb-connection.ts';

let catalogue: Catalogue;
let duckdb: DuckdbHome;

beforeAll(async () => {
  const read = readCatalogue(readFileSync(join(pipelineFolder(), 'pipeline.yml'), 'utf8'), {
    NBA_PROCESSORS_URL: 'http://127.0.0.1:9',
  });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  catalogue = read.catalogue;
  duckdb = await openDuckdb(undefined);
  await duckdb.withConnection(({ run }) => createSchema(run));
});
afterAll(() => duckdb.close());

describe('the NBA pipeline', () => {
  it('has the sixteen tables of the domain, in an order in which each follows what it needs', () => {
    const order = [...catalogue.tables.keys()];
    expect([...order].sort()).toEqual(
      'bdl gb mlfs ntb pa pcf pdc pgs ppp psza sched tdgs tdza togs upgc utgc'.split(' '),
    );
    for (const table of catalogue.tables.values()) {
      for (const upstream of table.needs.flatMap((need) => [
        ...need.tables,
        ...(need.fallback ? [need.fallback] : []),
      ])) {
        expect(order.indexOf(upstream), `${upstream} before ${table.alias}`).toBeLessThan(order.indexOf(table.alias));
      }
    }
  });

  it('speaks of tables and columns that the schema has', async () => {
    const warehouse = duckdbWarehouse(duckdb, catalogue.schedule ? { schedule: catalogue.schedule } : {});
    expect(await warehouse.check([...catalogue.tables.values()])).toEqual([]);
  });

  it('names quality columns and references that the schema has', async () => {
    for (const table of catalogue.tables.values()) {
      const { flags, critical, entity, reference } = table.quality;
      const wanted = [...flags, ...critical, ...(entity ? [entity] : [])];
      if (wanted.length > 0) await duckdb.run(`SELECT ${wanted.join(', ')} FROM ${table.table}`, {});
      const other = reference && catalogue.tables.get(reference.table);
      if (reference) expect(other, reference.table).toBeDefined();
      if (reference && other) await duckdb.run(`SELECT ${reference.column} FROM ${other.table}`, {});
    }
  });

  it('has a processor of the same name, table and columns for each table that is computed', () => {
    for (const processor of processors) {
      const table = catalogue.tables.get(processor.alias);
      expect(table).toMatchObject({
        table: processor.table,
        dateColumn: processor.dateColumn,
        writtenAt: processor.writtenAt,
      });
      expect(table?.processor?.name).toBe(processor.name);
      expect(catalogue.services.get(table?.processor?.service ?? '')?.path).toBe(processor.path);
      expect(readSql(processor.alias)).toMatch(/SELECT/);
    }
    const computed = [...catalogue.tables.values()].filter((table) => table.processor !== undefined);
    expect(computed.map((table) => table.alias).sort()).toEqual(processors.map(({ alias }) => alias).sort());
  });

  it('agrees with the schema on the starts of the seasons', async () => {
    const rows = await duckdb.run('SELECT season, starts::VARCHAR AS starts FROM nba_raw.seasons ORDER BY starts', {});
    expect(rows).toEqual(catalogue.seasons.map(({ name, starts }) => ({ season: name, starts })));
  });

  it('agrees with the generator on the dates of 2021-22 without games', () => {
    const season = catalogue.seasons.find(({ name }) => name === '2021-22');
    const free = season?.free.flatMap(({ from, to }) => daysBetween(from, to));
    const slates = makeSlates(createRandom(1));
    const played = new Set(slates.map(({ date }) => date));
    const without = daysBetween('2021-10-19', '2022-04-10').filter((date) => !played.has(date));
    expect(without).toEqual(free);
  });

  it('replaces the address of the processors from the environment', () => {
    for (const service of catalogue.services.values()) expect(service.url).toBe('http://127.0.0.1:9');
  });
});
