/**
 * A first pipeline file from what a warehouse holds. What it says is guessed, so each line says from what: a person has
 * to read it once anyway, since no warehouse knows which table needs which and who fills it.
 */
import type { CalendarDate } from '../dates.ts';
import { dateColumnWords, type LeftOut, type TableGuess } from './guess-columns.ts';
import { type DateCount, guessDates, guessMinimum } from './guess-dates.ts';
import { nameTables } from './name-tables.ts';

/** Rows of a sampled date, and the distinct values that a set of columns has there. */
export type KeySample = {
  readonly key: readonly string[];
  readonly date: CalendarDate;
  readonly rows: number;
  readonly distinct: number;
};

/** A table with what was read of it. `counts`: ascending, only dates with rows. */
export type TableEvidence = {
  readonly guess: TableGuess;
  readonly counts: readonly DateCount[];
  readonly samples: readonly KeySample[];
};

/** A table of the proposed file. */
export type ProposedTable = {
  readonly alias: string;
  readonly table: string;
  readonly key: readonly string[];
  readonly dates: 'daily' | 'weekdays';
  readonly starts: CalendarDate | null;
};
export type Proposal = {
  readonly text: string;
  readonly tables: readonly ProposedTable[];
  readonly leftOut: readonly LeftOut[];
};

/** Writes the text of a pipeline file for at least one table. It is valid as it is. */
export function proposePipeline(evidence: readonly TableEvidence[], leftOut: readonly LeftOut[]): Proposal {
  const aliases = nameTables(evidence.map(({ guess }) => guess.table));
  const starts = evidence.flatMap(({ counts }) => counts.slice(0, 1).map(({ date }) => date)).sort()[0];
  const written = evidence.map((each, i) => writeTable(aliases[i] ?? '', each, starts));
  const text = [
    ...head(evidence),
    ...written.flatMap(({ lines }) => lines),
    ...hints(aliases),
    ...sayLeftOut(leftOut),
  ].join('\n');
  return { text: `${text}\n`, tables: written.map(({ proposed }) => proposed), leftOut };
}

function head(evidence: readonly TableEvidence[]): string[] {
  return [
    '# A first pipeline file, written by `backcourt init` from what the warehouse holds. It is guessed, and the comments',
    '# say from what. Read each line, say what needs what, then: backcourt check --pipeline FILE',
    `pipeline: ${namePipeline(evidence)}`,
    'time_zone: UTC # where a date ends: any IANA name, such as Europe/Berlin',
    '',
    'tables:',
  ];
}

/** The dataset, where there is one only. */
function namePipeline(evidence: readonly TableEvidence[]): string {
  const datasets = new Set(evidence.map(({ guess }) => guess.table.split('.').at(-2)?.toLowerCase() ?? 'main'));
  const [name = 'main'] = datasets;
  const fits = datasets.size === 1 && name !== 'main' && /^[a-z][a-z0-9_-]{0,31}$/.test(name);
  return fits ? scalar(name) : 'warehouse';
}

type Written = { readonly lines: string[]; readonly proposed: ProposedTable };

function writeTable(alias: string, evidence: TableEvidence, otherStarts: CalendarDate | undefined): Written {
  const { guess, counts } = evidence;
  const key = chooseKey(evidence);
  const when = guessDates(counts) ?? { dates: 'daily' as const, starts: otherStarts ?? null, remark: noRows };
  const others = guess.otherDates.length === 0 ? '' : `, or is it ${guess.otherDates.join(' or ')}?`;
  const lines = [
    `  ${alias}:`,
    `    table: ${scalar(guess.table)}`,
    `    date_column: ${scalar(guess.dateColumn)} # the date that its rows belong to${others}`,
    `    key: [${key.columns.map(scalar).join(', ')}] # ${key.remark}`,
    ...(key.repeats ? ['    # may_repeat: true # if several rows for one key are normal'] : []),
    ...(guess.writtenAt === undefined ? [] : [`    written_at: ${scalar(guess.writtenAt)} # when a row was written`]),
    `    dates: ${when.dates} # ${when.remark}`,
    ...(when.starts === null ? [] : [`    starts: ${when.starts}`]),
    ...writeExpectation(key.repeats ? key.counts : counts),
    '',
  ];
  return { lines, proposed: { alias, table: guess.table, key: key.columns, dates: when.dates, starts: when.starts } };
}

const noRows = 'it has no rows yet, so nothing shows which dates will have some';

function writeExpectation(counts: readonly DateCount[]): string[] {
  if (counts.length === 0) return ['    # expect: { at_least: 1 } # how many rows are right for a date'];
  const { atLeast, remark } = guessMinimum(counts);
  return [`    expect: { at_least: ${atLeast} } # ${remark}`];
}

type Key = {
  readonly columns: readonly string[];
  readonly remark: string;
  /** No set of columns tells the rows apart; `counts` are then the distinct keys of the sampled dates. */
  readonly repeats: boolean;
  readonly counts: readonly DateCount[];
};

/** The likeliest set of columns that is distinct on every sampled date; without one, the one that comes nearest. */
function chooseKey({ guess, counts, samples }: TableEvidence): Key {
  const dateItself = [guess.dateColumn];
  const named = guess.keys[0] ?? dateItself;
  if (counts.length === 0) return { columns: named, remark: 'guessed from its name', repeats: false, counts: [] };
  if (counts.every(({ rows }) => rows <= 1))
    return { columns: dateItself, remark: 'never more than one row a date', repeats: false, counts: [] };
  const tried = guess.keys.map((key) => ({ key, samples: samples.filter((sample) => sample.key === key) }));
  const judged = tried.filter((each) => each.samples.length > 0);
  const found = judged.find((each) => each.samples.every(({ rows, distinct }) => rows === distinct));
  if (found) {
    const dates = found.samples.length === 1 ? 'the one date' : `the ${found.samples.length} dates`;
    return { columns: found.key, remark: `tells rows apart on ${dates} looked at`, repeats: false, counts: [] };
  }
  const best = judged.reduce<(typeof judged)[number] | undefined>(
    (a, b) => (a && shareOf(a) >= shareOf(b) ? a : b),
    undefined,
  );
  const worst = best?.samples.toSorted((a, b) => a.distinct / a.rows - b.distinct / b.rows)[0];
  if (!best || !worst) return { columns: dateItself, remark: 'no column will do as a key', repeats: true, counts: [] };
  const remark = `does not tell all rows apart: ${worst.distinct} keys in ${worst.rows} rows on ${worst.date}`;
  const distinct = best.samples.map(({ date, distinct: rows }) => ({ date, rows }));
  return { columns: best.key, remark, repeats: true, counts: distinct };
}

function shareOf({ samples }: { readonly samples: readonly KeySample[] }): number {
  return Math.min(...samples.map(({ rows, distinct }) => distinct / rows));
}

/** What no warehouse knows, to be written by a person: as comments that are valid once they are none. */
function hints(aliases: readonly string[]): string[] {
  const table = aliases.at(-1) ?? 'table';
  const upstream = aliases.length > 1 ? (aliases[0] ?? 'table') : 'another_table';
  return [
    `    # What \`${table}\` needs first, and who fills it. A table without a processor is filled elsewhere: its holes are`,
    '    # shown as causes, and no backfill of it is offered.',
    '    # needs:',
    `    #   - ${upstream} # the same date`,
    `    #   - { table: ${upstream}, window: 7 } # and the 7 dates that end on it`,
    `    # processor: { service: jobs, name: fill-${table} }`,
    '',
    '# A service that fills a table for one date, over HTTP. The variable is read from the environment.',
    '# services:',
    '#   jobs:',
    `#     url: \${JOBS_URL}`,
    '#     path: /run',
    "#     body: { date: '{date}', job: '{processor}', run: '{attempt}' }",
  ];
}

const mostSaid = 20;

function sayLeftOut(leftOut: readonly LeftOut[]): string[] {
  if (leftOut.length === 0) return [];
  const rest = leftOut.length > mostSaid ? [`#   and ${leftOut.length - mostSaid} more`] : [];
  const said = leftOut.slice(0, mostSaid).map(({ table, why }) => `#   ${cleanWords(table)}: ${cleanWords(why)}`);
  return ['', `# Left out (a table needs ${dateColumnWords}):`, ...said, ...rest];
}

/** Foreign text on one line of a comment. */
function cleanWords(text: string): string {
  const plain = text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, ' ').trim();
  return plain.length > 160 ? `${plain.slice(0, 159)}…` : plain;
}

/** A name as YAML text: some names are values there. */
function scalar(name: string): string {
  return /^(null|true|false|yes|no|on|off|y|n)$/i.test(name) ? `'${name}'` : name;
}
