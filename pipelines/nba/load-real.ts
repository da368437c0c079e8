/**
 * A developer's tool: puts one real season into a home's warehouse, from a folder of CSV files that is no part of the
 * project. The computed tables stay empty, for `backcourt backfill` to fill; `--run` computes some of them at once.
 *
 *   npm run load:real -- --home DIR [--season 2021-22] [--from DIR] [--run togs,tdgs,pgs [--except pgs:2021-11-16,...]]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDuckdb } from '../../src/warehouse/duckdb-connection.ts';
import { loadReal, missingFiles } from './load-real-tables.ts';
import { type Duckdb, processors, runProcessor } from './processors.ts';

/** A sentence for the person who called, and exit code 2. */
type Complaint = { readonly complaint: string };

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Reads `pgs:2021-11-16,2021-11-18` (several with spaces or semicolons) into "pgs 2021-11-16" and so on. */
function readExcept(text: string): Set<string> {
  const groups = text.split(/[;\s]+/).filter((group) => group !== '');
  return new Set(
    groups.flatMap((group) => {
      const [alias = '', dates = ''] = group.split(':');
      return dates.split(',').map((date) => `${alias} ${date}`);
    }),
  );
}

function listOf(text: string | undefined): string[] {
  return (text ?? '').split(',').filter((part) => part !== '');
}

async function gameDates(duckdb: Duckdb, season: string): Promise<string[]> {
  const rows = await duckdb.withConnection(({ run }) =>
    run('SELECT DISTINCT game_date::VARCHAR AS date FROM nba_raw.nbac_schedule WHERE season = $season ORDER BY date', {
      season,
    }),
  );
  return rows.map((row) => String(row.date));
}

async function compute(duckdb: Duckdb, season: string, aliases: readonly string[], except: ReadonlySet<string>) {
  const dates = await gameDates(duckdb, season);
  for (const processor of processors.filter(({ alias }) => aliases.includes(alias))) {
    let rows = 0;
    for (const date of dates.filter((date) => !except.has(`${processor.alias} ${date}`))) {
      rows += await runProcessor(duckdb, processor, date, Date.now());
    }
    say(`${processor.alias}: ${rows} rows computed`);
  }
}

async function load(): Promise<Complaint | undefined> {
  const { values } = parseArgs({
    options: {
      home: { type: 'string' },
      season: { type: 'string', default: '2021-22' },
      from: { type: 'string', default: '../shared/data/real' },
      run: { type: 'string' },
      except: { type: 'string', default: '' },
    },
  });
  if (values.home === undefined) return { complaint: 'Say where to: --home DIR' };
  const missing = missingFiles(values.from);
  if (missing.length > 0)
    return { complaint: `${values.from} has no ${missing.join(' and no ')}: nothing was loaded.` };
  const aliases = listOf(values.run);
  const unknown = aliases.filter((alias) => !processors.some((processor) => processor.alias === alias));
  if (unknown.length > 0) return { complaint: `There is no processor of ${unknown.join(', ')}.` };
  mkdirSync(values.home, { recursive: true });
  const duckdb = await openDuckdb(join(values.home, 'warehouse.duckdb'));
  const loaded = await loadReal(duckdb, values.from, values.season);
  if (loaded === undefined) {
    await duckdb.close();
    return { complaint: `The pipeline has no season ${values.season}; one that it has is 2021-22.` };
  }
  say(`${values.season}: ${loaded.sched} games, ${loaded.gb} player rows, ${loaded.ntb} team rows loaded`);
  say(`bdl: ${loaded.bdl} player rows of the same games, without shot zones`);
  await compute(duckdb, values.season, aliases, readExcept(values.except));
  await duckdb.close();
  return undefined;
}

const complaint = await load();
if (complaint !== undefined) {
  process.stderr.write(`${complaint.complaint}\n`);
  process.exitCode = 2;
}
