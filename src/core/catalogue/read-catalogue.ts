/** Reads `pipeline.yml`: text in, a catalogue with every default filled in, or every problem at once, out. */
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { addDays } from '../dates.ts';
import { buildAccess } from './access-file.ts';
import type {
  Catalogue,
  CatalogueProblem,
  DateRange,
  Expectation,
  Figure,
  Need,
  Season,
  Service,
  Table,
} from './catalogue.ts';
import { type CatalogueFile, catalogueSchema, type TableFile } from './catalogue-file.ts';
import { checkCatalogue, toList, upstreamsOf } from './check-catalogue.ts';

export type CatalogueRead =
  | { readonly ok: true; readonly catalogue: Catalogue }
  | { readonly ok: false; readonly problems: readonly CatalogueProblem[] };

/**
 * Reads the text of a `pipeline.yml`.
 * @param variables what `${NAME}` in a service's url stands for; an unknown name is left as it is, since looking at
 *   coverage needs no processor.
 */
export function readCatalogue(
  text: string,
  variables: Readonly<Record<string, string | undefined>> = {},
): CatalogueRead {
  const document = readYaml(text);
  if ('problems' in document) return refuseAll(document.problems);
  const parsed = catalogueSchema.safeParse(document.value);
  if (!parsed.success) return refuseAll(parsed.error.issues.map(sayIssue));
  const problems = checkCatalogue(parsed.data);
  if (problems.length > 0) return refuseAll(problems);
  return { ok: true, catalogue: buildCatalogue(parsed.data, variables) };
}

const longestProblem = 300;

/** A problem may quote what stands in the file, however long that is and whatever is in it. */
function refuseAll(problems: readonly CatalogueProblem[]): CatalogueRead {
  const clip = (text: string) => {
    const line = text.replaceAll(/\p{Cc}/gu, ' ');
    return line.length <= longestProblem ? line : `${line.slice(0, longestProblem)}…`;
  };
  return { ok: false, problems: problems.map(({ path, problem }) => ({ path: clip(path), problem: clip(problem) })) };
}

/** Aliases are followed only here, and those that would grow without end are refused by the library. */
function readYaml(text: string): { readonly value: unknown } | { readonly problems: readonly CatalogueProblem[] } {
  const document = parseDocument(text, { lineCounter: new LineCounter(), prettyErrors: true });
  const say = (error: unknown) => ({
    path: '',
    problem: firstLine(error instanceof Error ? error.message : String(error)),
  });
  if (document.errors.length > 0) return { problems: document.errors.map(say) };
  try {
    return { value: document.toJS() };
  } catch (error) {
    return { problems: [say(error)] };
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}

function sayIssue(issue: z.core.$ZodIssue): CatalogueProblem {
  return { path: issue.path.map(String).join('.'), problem: issue.message };
}

function buildCatalogue(file: CatalogueFile, variables: Readonly<Record<string, string | undefined>>): Catalogue {
  const seasons = [...(file.seasons ?? [])].sort((a, b) => (a.starts < b.starts ? -1 : 1));
  return {
    pipeline: file.pipeline,
    title: file.title ?? file.pipeline,
    timeZone: file.time_zone,
    ...(file.location === undefined ? {} : { location: file.location }),
    ...(file.schedule === undefined
      ? {}
      : { schedule: { table: file.schedule.table, ...(file.schedule.final ? { final: file.schedule.final } : {}) } }),
    targets: new Map(Object.entries(file.targets ?? {}).map(([phase, target]) => [Number(phase), target])),
    periods: file.periods ?? [],
    bootstrapDays: file.bootstrap_days ?? 0,
    ...(file.watch?.at === undefined ? {} : { watchAt: file.watch.at }),
    ...(file.access === undefined ? {} : { access: buildAccess(file.access) }),
    seasons: seasons.map((s, i) => buildSeason(s, seasons[i + 1])),
    services: new Map(Object.entries(file.services ?? {}).map(([name, s]) => [name, buildService(name, s, variables)])),
    tables: new Map(inOrder(file).map((alias) => [alias, buildTable(alias, file.tables[alias] as TableFile)])),
  };
}

/** Aliases so that each stands after what it needs; otherwise in the order of the file. */
function inOrder(file: CatalogueFile): string[] {
  const order: string[] = [];
  const visit = (alias: string): void => {
    if (order.includes(alias)) return;
    for (const upstream of upstreamsOf(file.tables[alias])) visit(upstream);
    order.push(alias);
  };
  if (file.schedule) visit(file.schedule.table);
  for (const alias of Object.keys(file.tables)) visit(alias);
  return order;
}

type SeasonFile = NonNullable<CatalogueFile['seasons']>[number];

function buildSeason(season: SeasonFile, next: SeasonFile | undefined): Season {
  const ends = season.ends ?? (next ? addDays(next.starts, -1) : undefined);
  return {
    name: season.name,
    starts: season.starts,
    ...(ends === undefined ? {} : { ends }),
    free: (season.free ?? []).map(toRange),
    scheduleDecides: (season.schedule_decides ?? []).map(toRange),
  };
}

function buildService(
  name: string,
  service: NonNullable<CatalogueFile['services']>[string],
  variables: Readonly<Record<string, string | undefined>>,
): Service {
  const url = service.url.replace(/\$\{([A-Z0-9_]+)\}/g, (whole, key: string) => variables[key] ?? whole);
  const deadline = (service.deadline_seconds ?? 540) * 1000;
  return {
    name,
    url,
    path: service.path,
    body: service.body,
    audience: service.audience ?? url,
    deadline,
    goneAfter: service.gone_after_seconds === undefined ? deadline * 2 : service.gone_after_seconds * 1000,
    retryWait: (service.retry_wait_seconds ?? 2) * 1000,
    minInterval: (service.min_interval_seconds ?? 0) * 1000,
    maxConcurrent: service.max_concurrent ?? 15,
  };
}

function buildTable(alias: string, t: TableFile): Table {
  return {
    alias,
    title: t.title ?? alias,
    ...(t.phase === undefined ? {} : { phase: t.phase }),
    table: t.table,
    dateColumn: t.date_column,
    key: t.key,
    ...(t.written_at === undefined ? {} : { writtenAt: t.written_at }),
    where: Object.entries(t.where ?? {}).map(([column, value]) => ({
      column,
      values: Array.isArray(value) ? value : [value],
    })),
    dates: t.dates,
    except: (t.except ?? []).map(toRange),
    ...(t.starts === undefined ? {} : { starts: t.starts }),
    bootstrap: t.bootstrap ?? false,
    mayBeEmptyUntilDay: t.may_be_empty_until_day ?? -1,
    dueAfterHours: t.due_after_hours ?? 0,
    mayRepeat: t.may_repeat ?? false,
    expect: toList(t.expect).map(buildExpectation),
    needs: (t.needs ?? []).map(buildNeed),
    ...(t.processor === undefined ? {} : { processor: t.processor }),
    quality: {
      flags: t.quality?.flags ?? [],
      ...(t.quality?.ready === undefined ? {} : { ready: t.quality.ready }),
      critical: t.quality?.critical ?? [],
      ...(t.quality?.entity === undefined ? {} : { entity: t.quality.entity }),
      ...(t.quality?.reference === undefined ? {} : { reference: t.quality.reference }),
    },
  };
}

function figure(
  count: number | undefined,
  perGameCount: number | undefined,
  since: string | undefined,
): Figure | undefined {
  const dated = since === undefined ? {} : { since };
  if (count !== undefined) return { count, perGame: false, ...dated };
  return perGameCount === undefined ? undefined : { count: perGameCount, perGame: true, ...dated };
}

type ExpectationFile = Exclude<NonNullable<TableFile['expect']>, readonly unknown[]>;

function buildExpectation(rule: ExpectationFile): Expectation {
  const atLeast = figure(rule.at_least, rule.at_least_per_game, rule.since);
  const exactly = figure(rule.exactly, rule.exactly_per_game, rule.since);
  const atMost = figure(undefined, rule.at_most_per_game, rule.since);
  return {
    fromDay: rule.from_day ?? 0,
    ...(rule.since === undefined ? {} : { since: rule.since }),
    ...(atLeast ? { atLeast } : {}),
    ...(exactly ? { exactly } : {}),
    ...(atMost ? { atMost } : {}),
    ...(rule.share_of === undefined
      ? {}
      : {
          share: {
            of: rule.share_of,
            ...(rule.fallback === undefined ? {} : { fallback: rule.fallback }),
            atLeast: rule.at_least_share ?? 1,
            ...(rule.times === undefined ? {} : { times: rule.times }),
          },
        }),
    ...(rule.never_falls ? { neverFalls: true as const } : {}),
    ...(rule.in_backfill === undefined ? {} : { inBackfill: rule.in_backfill }),
  };
}

function buildNeed(need: NonNullable<TableFile['needs']>[number]): Need {
  if (typeof need === 'string') return { tables: [need], atLeastShare: 0.5, required: true };
  const atLeast = figure(need.at_least, need.at_least_per_game ?? need.exactly_per_game, need.since);
  return {
    tables: need.any_of ?? (need.table === undefined ? [] : [need.table]),
    ...(need.fallback === undefined ? {} : { fallback: need.fallback }),
    ...(atLeast ? { atLeast } : {}),
    ...(need.share_of === undefined ? {} : { share: { of: need.share_of, atLeast: need.at_least_share ?? 1 } }),
    ...(need.since === undefined ? {} : { since: need.since }),
    ...(need.window === undefined ? {} : { window: need.window }),
    atLeastShare: need.at_least_share ?? 0.5,
    required: !(need.wanted ?? false),
    ...(need.in_backfill === undefined ? {} : { inBackfill: need.in_backfill }),
  };
}

function toRange(text: string): DateRange {
  const [from = text, to = from] = text.split('..');
  return { from, to };
}
