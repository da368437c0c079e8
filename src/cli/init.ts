/**
 * `backcourt init`: a first pipeline file from what the warehouse holds. It asks the port no more than a report does:
 * the metadata, one count per table and date, and then the keys of a few dates, since distinct keys are dear to count.
 */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemClock } from '../clock.ts';
import type { Table } from '../core/catalogue/catalogue.ts';
import { addDays, type CalendarDate, dateIn } from '../core/dates.ts';
import type { TableFacts } from '../core/facts.ts';
import {
  dateColumnWords,
  guessColumns,
  isLeftOut,
  type LeftOut,
  type TableDescription,
  type TableGuess,
} from '../core/propose/guess-columns.ts';
import { type DateCount, pickSamples } from '../core/propose/guess-dates.ts';
import {
  type KeySample,
  type Proposal,
  proposePipeline,
  type TableEvidence,
} from '../core/propose/propose-pipeline.ts';
import { Fault, isRefusal, type Refusal, refuse } from '../fault.ts';
import type { Settings } from '../settings.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { openWarehouseToRead } from '../wiring.ts';
import { exitCodes, type Output } from './output.ts';
import type { Words } from './words.ts';

/** Earlier dates are placeholders (1900-01-01, 1970-01-01) and not the beginning of a table. */
const earliest = '1980-01-01';

/** Writes a proposed pipeline to `--out`, which must not exist, or to stdout. Returns a refusal or the exit code. */
export async function initPipeline(settings: Settings, words: Words, output: Output): Promise<number | Refusal> {
  const refusal = checkWords(words);
  if (refusal) return refusal;
  const warehouse = await openWarehouseToRead(settings);
  try {
    const proposal = await readProposal(warehouse, dateIn('UTC', systemClock().now()));
    if (isRefusal(proposal)) return proposal;
    if (words.out !== undefined) writeNew(words.out, proposal.text);
    print(proposal, words, output);
    return exitCodes.done;
  } finally {
    await warehouse.close();
  }
}

function checkWords({ rest, out }: Words): Refusal | undefined {
  if (rest.length > 0)
    return refuse(`init takes no words, and there are: ${rest.join(' ')}`, 'backcourt init --out pipeline.yml');
  if (out === undefined) return undefined;
  if (existsSync(out))
    return refuse(`${out} exists, and init overwrites nothing.`, `backcourt init --out ${freeName(out)}`);
  const folder = dirname(out);
  if (existsSync(folder) && statSync(folder).isDirectory()) return undefined;
  return refuse(`There is no folder ${folder} to write into.`, 'backcourt init --out pipeline.yml');
}

function freeName(file: string): string {
  const [, stem = file, ending = ''] = /^(.*?)(\.[^./\\]+)?$/.exec(file) ?? [];
  for (let n = 2; ; n++) if (!existsSync(`${stem}-${n}${ending}`)) return `${stem}-${n}${ending}`;
}

/** Reads the warehouse and proposes a pipeline, or refuses if it has no table for one. Rows after `today` are not looked at. */
export async function readProposal(warehouse: Warehouse, today: CalendarDate): Promise<Proposal | Refusal> {
  const described = await warehouse.describe();
  const guessed = described.map(guessColumns);
  const leftOut = guessed.filter(isLeftOut);
  const guesses = guessed.filter((guess): guess is TableGuess => !isLeftOut(guess));
  if (guesses.length === 0) return refuseEmpty(described);
  const { counted, unread } = await countDates(warehouse, guesses, today);
  const evidence: TableEvidence[] = [];
  for (const { guess, counts } of counted)
    evidence.push({ guess, counts, samples: await sampleKeys(warehouse, guess, counts) });
  return proposePipeline(evidence, [...leftOut, ...unread]);
}

function refuseEmpty(described: readonly TableDescription[]): Refusal {
  const seen = described.map(({ table }) => table);
  const names = seen.length > 10 ? `${seen.slice(0, 10).join(', ')} and ${seen.length - 10} more` : seen.join(', ');
  const have = seen.length === 0 ? 'it has no tables at all' : `it has ${names}, and none of them has one`;
  return refuse(
    `The warehouse has no table for a pipeline. A table needs ${dateColumnWords}; ${have}. BACKCOURT_WAREHOUSE chooses another warehouse.`,
  );
}

type Counted = { readonly guess: TableGuess; readonly counts: readonly DateCount[] };

async function countDates(
  warehouse: Warehouse,
  guesses: readonly TableGuess[],
  today: CalendarDate,
): Promise<{ counted: Counted[]; unread: LeftOut[] }> {
  // The date itself as the key: no other column is read.
  const tables = guesses.map((guess, i) => tableToRead(`t${i}`, guess, [guess.dateColumn]));
  const facts = await warehouse.readFacts(tables, { from: earliest, to: today });
  const counted = guesses.flatMap((guess, i): Counted[] => {
    const read = facts.tables.get(`t${i}`);
    return read ? [{ guess, counts: listCounts(read) }] : [];
  });
  const unread = guesses.flatMap((guess, i) => {
    const why = facts.unread.get(`t${i}`);
    return why === undefined ? [] : [{ table: guess.table, why: `it could not be read: ${why}` }];
  });
  return { counted, unread };
}

function listCounts({ rows }: TableFacts): DateCount[] {
  const counts: DateCount[] = [];
  rows.forEach((n, i) => {
    if (n > 0) counts.push({ date: addDays(earliest, i), rows: n });
  });
  return counts;
}

/** Counts the distinct values of every candidate key on a few dates, one statement per date. */
async function sampleKeys(warehouse: Warehouse, guess: TableGuess, counts: readonly DateCount[]): Promise<KeySample[]> {
  if (guess.keys.length === 0 || counts.every(({ rows }) => rows <= 1)) return [];
  const tables = guess.keys.map((key, i) => tableToRead(`k${i}`, guess, key));
  const samples: KeySample[] = [];
  for (const date of pickSamples(counts)) {
    const facts = await warehouse.readFacts(tables, { from: date, to: date });
    guess.keys.forEach((key, i) => {
      const read = facts.tables.get(`k${i}`);
      if (read) samples.push({ key, date, rows: read.rows[0] ?? 0, distinct: read.entities[0] ?? 0 });
    });
  }
  return samples;
}

function tableToRead(alias: string, guess: TableGuess, key: readonly string[]): Table {
  return {
    alias,
    title: alias,
    table: guess.table,
    dateColumn: guess.dateColumn,
    key,
    where: [],
    dates: 'daily',
    except: [],
    bootstrap: false,
    mayBeEmptyUntilDay: -1,
    dueAfterHours: 0,
    mayRepeat: false,
    expect: [],
    needs: [],
    quality: { flags: [], critical: [] },
  };
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(`${file} could not be written: ${why}`, 'never', {
      cause,
      remedy: 'Give another file with --out FILE.',
    });
  }
}

function print({ text, tables, leftOut }: Proposal, { json, out }: Words, output: Output): void {
  if (json) {
    output.data(JSON.stringify({ file: out ?? null, tables, leftOut, ...(out === undefined ? { text } : {}) }));
    return;
  }
  if (out === undefined) {
    output.data(text.trimEnd());
    return;
  }
  const left = leftOut.length === 0 ? '' : `; ${leftOut.length} left out, which its last lines name`;
  output.say(`Wrote ${out}: ${tables.map(({ alias }) => alias).join(', ')}${left}.`);
  output.say('It is guessed: read its comments, say which table needs which and who fills it.');
  output.say(`Then: backcourt check --pipeline ${out}`);
}
