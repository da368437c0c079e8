/** `backcourt check`: asks everything that would be used, and says on one line each what is wrong and where to mend it. */
import { existsSync, readFileSync } from 'node:fs';
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import { readCatalogue } from '../core/catalogue/read-catalogue.ts';
import { createLog } from '../log.ts';
import type { Settings } from '../settings.ts';
import { defaultPipelineFile, type Home, openHome } from '../wiring.ts';
import { exitCodes, type Output } from './output.ts';
import { findServer } from './server-line.ts';
import type { Words } from './words.ts';

type Check = { readonly what: string; readonly ok: boolean; readonly detail: string };

/** Checks the pipeline file, and unless that is wrong the warehouse, the store and the services. */
export async function checkAll(settings: Settings, words: Words, output: Output): Promise<number> {
  const checks: Check[] = [{ what: 'settings', ok: true, detail: `home ${settings.home}` }];
  const catalogue = checkPipeline(settings, checks);
  if (catalogue) await checkHome(settings, words, catalogue, checks);
  const ok = checks.every((check) => check.ok);
  if (words.json) output.data(JSON.stringify({ ok, checks }));
  else for (const check of checks) output.data(`${check.ok ? 'ok   ' : 'WRONG'} ${check.what}: ${check.detail}`);
  return ok ? exitCodes.done : exitCodes.fault;
}

function checkPipeline(settings: Settings, checks: Check[]): Catalogue | undefined {
  const file = settings.pipeline ?? defaultPipelineFile();
  if (!existsSync(file)) {
    checks.push({ what: 'pipeline', ok: false, detail: `there is no file ${file}` });
    return undefined;
  }
  const read = readCatalogue(readFileSync(file, 'utf8'), settings.variables);
  if (read.ok) {
    checks.push({
      what: 'pipeline',
      ok: true,
      detail: `${file}: ${read.catalogue.tables.size} tables, ${read.catalogue.seasons.length} seasons`,
    });
    return read.catalogue;
  }
  for (const { path, problem } of read.problems)
    checks.push({ what: 'pipeline', ok: false, detail: `${path === '' ? file : path}: ${problem}` });
  return undefined;
}

async function checkHome(settings: Settings, words: Words, catalogue: Catalogue, checks: Check[]): Promise<void> {
  if (findServer(settings.home)) {
    checks.push({ what: 'home', ok: true, detail: 'a server holds it; stop it to have warehouse and store checked' });
    return;
  }
  const { warehouse, pipeline } = settings;
  // Opening a home makes its warehouse, and one without the tables would stand in the way of the one that is meant.
  if (pipeline !== undefined && warehouse.kind === 'file' && warehouse.isDefault && !existsSync(warehouse.file)) {
    const detail = 'none yet; set BACKCOURT_WAREHOUSE=duckdb:FILE to have the tables of this pipeline checked';
    checks.push({ what: 'warehouse', ok: true, detail });
    return;
  }
  let home: Home | undefined;
  try {
    home = await openHome({ settings, log: createLog({ level: 'silent' }), empty: words.empty, say: () => undefined });
    checks.push({ what: 'store', ok: true, detail: 'answers, and its tables are up to date' });
    const problems = await home.ports.warehouse.check([...catalogue.tables.values()]);
    for (const { table, problem } of problems)
      checks.push({ what: 'warehouse', ok: false, detail: `${table}: ${problem}` });
    if (problems.length === 0)
      checks.push({ what: 'warehouse', ok: true, detail: `has all ${catalogue.tables.size} tables and their columns` });
    await checkServices(home, checks);
  } catch (error) {
    checks.push({ what: 'home', ok: false, detail: error instanceof Error ? error.message : String(error) });
  } finally {
    await home?.close();
  }
}

async function checkServices(home: Home, checks: Check[]): Promise<void> {
  for (const service of home.ports.catalogue.services.values()) {
    const what = `service ${service.name}`;
    if (service.url.includes('${')) {
      checks.push({
        what,
        ok: false,
        detail: `${service.url} is not set; set this variable, or write the url into the pipeline file`,
      });
      continue;
    }
    try {
      const answer = await fetch(service.url, { signal: AbortSignal.timeout(5000), redirect: 'manual' });
      checks.push({ what, ok: true, detail: `${service.url} answers (${answer.status})` });
    } catch {
      checks.push({ what, ok: false, detail: `${service.url} does not answer` });
    }
  }
}
