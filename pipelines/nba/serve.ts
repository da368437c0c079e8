/**
 * A process that owns a warehouse file, fills its tables on request and answers queries about it, so that several
 * Backcourt processes can share one local warehouse (a DuckDB file can be open in one process only).
 *
 *   node --import tsx pipelines/nba/serve.ts --warehouse FILE [--port N] [--journal FILE] [--faults FILE]
 *
 * Prints one JSON line {"url": ...} when it is ready; SIGTERM and SIGINT end it after the writes under way.
 */
import { readFileSync } from 'node:fs';
import { setImmediate as giveWay, setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Fault } from '../../src/fault.ts';
import type { Clock } from '../../src/ports.ts';
import { openDuckdb } from '../../src/warehouse/duckdb-connection.ts';
import { answerQuery } from '../../src/warehouse/duckdb-remote.ts';
import { faultsSchema } from './faults.ts';
import { createSchema } from './processors.ts';
import { startNbaService } from './service.ts';

const clock: Clock = {
  now: () => Date.now(),
  wait: (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
  giveWay: () => giveWay(),
};

function readArguments() {
  const { values } = parseArgs({
    options: {
      warehouse: { type: 'string' },
      port: { type: 'string', default: '0' },
      journal: { type: 'string' },
      faults: { type: 'string' },
    },
  });
  const port = Number(values.port);
  if (values.warehouse === undefined) throw new Error('Say which warehouse: --warehouse FILE');
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`--port ${values.port} is no port`);
  return {
    warehouse: values.warehouse,
    port,
    ...(values.journal === undefined ? {} : { journal: values.journal }),
    ...(values.faults === undefined
      ? {}
      : { faults: faultsSchema.parse(JSON.parse(readFileSync(values.faults, 'utf8'))) }),
  };
}

async function serve(): Promise<void> {
  const { warehouse, ...options } = readArguments();
  const duckdb = await openDuckdb(warehouse);
  await duckdb.withConnection(({ run }) => createSchema(run));
  const routes = { '/query': (body: unknown) => answerQuery(duckdb, body) };
  const service = await startNbaService({ ...options, duckdb, clock, routes });
  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    await service.close();
    await duckdb.close();
  };
  process.on('SIGTERM', () => void end());
  process.on('SIGINT', () => void end());
  process.stdout.write(`${JSON.stringify({ url: service.url })}\n`);
}

await serve().catch((error: unknown) => {
  const remedy = error instanceof Fault && error.remedy !== undefined ? ` ${error.remedy}` : '';
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}${remedy}\n`);
  process.exitCode = 2;
});
