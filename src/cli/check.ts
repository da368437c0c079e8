/** `backcourt check`: asks everything that would be used, and says on one line each what is wrong and where to mend it. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { readCatalogue } from '../core/catalogue/read-catalogue.ts';
import { checkOutside, checkState } from '../engine/check.ts';
import { Fault } from '../fault.ts';
import { type Finding, fine, wrong } from '../finding.ts';
import { createLog } from '../log.ts';
import type { Ports } from '../ports.ts';
import { describeSettings, type Settings, type SettingsRead } from '../settings.ts';
import { defaultPipelineFile, type Home, openHome } from '../wiring.ts';
import { exitCodes, type Output } from './output.ts';
import { askServer, findServer } from './server-line.ts';
import type { Words } from './words.ts';

type Environment = Readonly<Record<string, string | undefined>>;
const answerSchema = z.object({
  checks: z.array(z.object({ what: z.string(), ok: z.boolean(), detail: z.string(), remedy: z.string().optional() })),
});

/**
 * Checks the settings and the pipeline file, and unless those are wrong all that they name: by the server that holds the
 * home where there is one, else here.
 * @param env what the settings were read from
 */
export async function checkAll(read: SettingsRead, env: Environment, words: Words, output: Output): Promise<number> {
  const findings = checkSettings(read, env);
  if (read.ok) {
    const pipeline = checkPipeline(read.settings);
    findings.push(...pipeline);
    if (pipeline.every(({ ok }) => ok)) findings.push(...(await checkHome(read.settings, words, output)));
  }
  return printFindings(findings, words, output);
}

/** The same for a home that is open: what a server answers for the command. */
export async function checkPorts(ports: Ports, words: Words, output: Output): Promise<number> {
  return printFindings([...(await checkState(ports)), ...(await checkOutside(ports))], words, output);
}

function printFindings(checks: readonly Finding[], words: Words, output: Output): number {
  const ok = checks.every((check) => check.ok);
  if (words.json) output.data(JSON.stringify({ ok, checks }));
  else for (const check of checks) output.data(sayFinding(check));
  return ok ? exitCodes.done : exitCodes.fault;
}

function sayFinding({ what, ok, detail, remedy }: Finding): string {
  return `${ok ? 'ok   ' : 'WRONG'} ${what}: ${detail}${remedy === undefined ? '' : `. ${remedy}`}`;
}

/** No value is repeated: it may be a secret, in its own place or in a wrong one. */
function checkSettings(read: SettingsRead, env: Environment): Finding[] {
  const lines = describeSettings().flatMap(({ name, default: usual }) => {
    const problems = read.ok ? [] : read.problems.filter((problem) => problem.startsWith(`${name}: `));
    if (problems.length > 0) {
      return problems.map((problem) =>
        wrong(`setting ${name}`, 'is not right', sentence(problem.slice(name.length + 2))),
      );
    }
    if (env[name]?.trim()) return [fine(`setting ${name}`, 'is set')];
    return [fine(`setting ${name}`, usual === undefined ? 'is not set' : `is not set: ${usual}`)];
  });
  return [fine('settings', read.ok ? `home ${read.settings.home}` : 'were read'), ...lines];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function checkPipeline(settings: Settings): Finding[] {
  const file = settings.pipeline ?? defaultPipelineFile();
  if (!existsSync(file)) return [wrong('pipeline', `there is no file ${file}`, 'Give one with --pipeline FILE.')];
  const read = readCatalogue(readFileSync(file, 'utf8'), settings.variables);
  if (!read.ok) return read.problems.map(({ path, problem }) => wrong('pipeline', `${path || file}: ${problem}`));
  const { tables, seasons } = read.catalogue;
  return [fine('pipeline', `${file}: ${tables.size} tables, ${seasons.length} seasons`)];
}

async function checkHome(settings: Settings, words: Words, output: Output): Promise<Finding[]> {
  const server = findServer(settings.home);
  const told = server && (await askServerToCheck(server, words, output));
  if (told) return [fine('home', 'a server holds it, and says of itself:'), ...told];
  const { warehouse, pipeline } = settings;
  // Opening a home makes its warehouse, and one without the tables would stand in the way of the one that is meant.
  if (pipeline !== undefined && warehouse.kind === 'file' && warehouse.isDefault && !existsSync(warehouse.file)) {
    return [
      fine('warehouse', 'none yet; set BACKCOURT_WAREHOUSE=duckdb:FILE to have the tables of this pipeline checked'),
    ];
  }
  let home: Home | undefined;
  try {
    const log = createLog({ level: 'silent' });
    home = await openHome({ settings, log, empty: words.empty, say: () => undefined, look: true });
    return [...(await checkState(home.ports)), ...(await checkOutside(home.ports))];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [wrong('home', message, error instanceof Fault ? error.remedy : undefined)];
  } finally {
    await home?.close();
  }
}

/** Undefined where nobody answers: the server was killed and left its address behind. */
async function askServerToCheck(
  server: NonNullable<ReturnType<typeof findServer>>,
  words: Words,
  output: Output,
): Promise<Finding[] | undefined> {
  const lines: string[] = [];
  const quiet: Output = { data: (line) => lines.push(line), say: () => undefined, columns: output.columns };
  const exit = await askServer(server, { words: { ...words, json: true }, user: '', output: quiet });
  if (exit === undefined) return undefined;
  const { checks } = answerSchema.parse(JSON.parse(lines.join('')));
  return checks.map(({ what, ok, detail, remedy }) => (ok ? fine(what, detail) : wrong(what, detail, remedy)));
}
