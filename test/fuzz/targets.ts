/**
 * What is thrown at everything that reads from outside, and what must hold whatever it is. Each target gives properties;
 * `npm test` runs each some thousand times, `npm run fuzz` for as long as it is told.
 */
import fc from 'fast-check';
import { readCatalogue } from '../../src/core/catalogue/read-catalogue.ts';
import { isDate } from '../../src/core/dates.ts';
import { emptyTableFacts } from '../../src/core/facts.ts';
import { judge } from '../../src/core/judge/judge.ts';
import { writeRequest } from '../../src/core/request/write-request.ts';
import { isRefusal } from '../../src/fault.ts';
import { readAnswer } from '../../src/processor/read-answer.ts';
import { taskSchema } from '../../src/tasks/tasks.ts';
import { type Command, readAny, readCommand } from '../support/read-requests.ts';
import { smallService } from '../support/small-catalogue.ts';
import { mutatedJson } from './any-json.ts';
import { anyPipelineFile } from './any-pipeline-file.ts';
import { anyText } from './any-request.ts';

/** Throws, or rejects, when the property does not hold for a value. */
export type Target<T = unknown> = {
  readonly name: string;
  readonly values: fc.Arbitrary<T>;
  check(value: T): void;
};

/** One whose answer is waited for. */
export type AskedTarget<T = unknown> = Omit<Target<T>, 'check'> & { check(value: T): Promise<void> };

function claim(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const request: Target<[Command, string]> = {
  name: 'the words of a request',
  values: fc.tuple(fc.constantFrom<Command>('/coverage', '/backfill'), anyText),
  check([command, text]) {
    const began = performance.now();
    const reading = readAny(command, text);
    claim(performance.now() - began < 250, 'it takes long');
    if (isRefusal(reading)) {
      claim(!/[\p{Cc}<]/u.test(reading.message), 'the refusal repeats what may harm');
      claim(reading.message.length < 600, 'the refusal is long');
      claim(!isRefusal(readCommand(reading.try ?? '')), 'what is to be typed instead is refused too');
      return;
    }
    if ('when' in reading) {
      const { dates, from, to } = reading.when;
      claim(
        dates.every((date, i) => isDate(date) && (i === 0 || date > (dates[i - 1] ?? ''))),
        'dates that are none',
      );
      claim(dates[0] === from && dates.at(-1) === to, 'ends that are not the ends');
    }
    const again = JSON.stringify(readCommand(writeRequest(reading, command)));
    claim(again === JSON.stringify(reading), 'written down it is another request');
  },
};

const pipelineFile: Target<string> = {
  name: 'a pipeline file',
  values: anyPipelineFile,
  check(text) {
    const began = performance.now();
    const read = readCatalogue(text, { NBA_PROCESSORS_URL: 'http://127.0.0.1:1' });
    claim(performance.now() - began < 2_000, 'it takes long');
    if (!read.ok) {
      claim(read.problems.length > 0, 'refused without a word');
      claim(
        read.problems.every(({ path, problem }) => problem !== '' && `${path}${problem}`.length < 700),
        'a problem that nobody can read',
      );
      return;
    }
    const { catalogue } = read;
    // What was accepted must be of use: dates without any rows are judged, whatever the file says.
    const days = 40;
    const tables = new Map([...catalogue.tables.keys()].map((alias) => [alias, emptyTableFacts(days, true)]));
    const facts = { from: '2021-11-01', days, tables, unread: new Map() };
    const judging = judge(catalogue, facts, { now: Date.parse('2022-06-01T00:00:00Z') });
    claim(judging.tables.size === catalogue.tables.size, 'a table that was not judged');
  },
};

const tasks = [
  { v: 1, kind: 'fill-cell', backfill: 'b1', table: 'mlfs', date: '2021-11-16' },
  { v: 1, kind: 'verify-cell', backfill: 'b1', table: 'mlfs', date: '2021-11-16' },
  { v: 1, kind: 'send-message', message: 'root b1' },
  { v: 1, kind: 'start-backfill', request: 'r1' },
  { v: 1, kind: 'watch-coverage', channel: 'C1', day: '2021-11-16' },
  { v: 1, kind: 'reconcile' },
];
const taskBody: Target = {
  name: 'the body of a task',
  values: mutatedJson(tasks),
  check(body) {
    const read = taskSchema.safeParse(body);
    if (!read.success) return;
    claim(JSON.stringify(read.data) === JSON.stringify(body), 'a task that is read as another');
    if ('date' in read.data) claim(isDate(read.data.date), 'a date that is none');
  },
};

const call = { service: smallService, processor: 'P', date: '2021-11-16', attempt: 'a1' };
const sent = { analysis_date: '2021-11-16', processors: ['P'] };
const answers = [
  { status: 'completed', analysis_date: '2021-11-16', results: [{ processor: 'P', status: 'success', stats: {} }] },
  { status: 'completed', results: [{ processor: 'P', status: 'error', error: 'division by zero' }] },
  {
    status: 'completed',
    results: [
      { processor: 'Q', status: 'success' },
      { processor: 'P', status: 'exception' },
    ],
  },
  { error: 'analysis_date required' },
  { results: [] },
];
type RawAnswer = { readonly status: number; readonly body: string; readonly retryAfter: string };
const processorAnswer: Target<RawAnswer> = {
  name: 'the answer of a processor',
  values: fc.record({
    status: fc.oneof(
      fc.constantFrom(200, 200, 200, 202, 400, 401, 403, 429, 500, 503),
      fc.integer({ min: 100, max: 599 }),
    ),
    body: fc
      .tuple(mutatedJson(answers), fc.option(fc.nat(), { freq: 4, nil: undefined }), fc.string({ maxLength: 20 }))
      .map(([json, cut, rest]) => {
        const text = JSON.stringify(json) ?? '';
        return cut === undefined ? text : text.slice(0, cut % (text.length + 1)) + rest;
      }),
    retryAfter: fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom('5', '-1', '1e9', 'Tue, 16 Nov 2021 08:00:00 GMT'),
    ),
  }),
  check({ status, body, retryAfter }) {
    const said = readAnswer({ status, body, retryAfter }, call, sent, 0);
    if (said.kind !== 'answered') {
      claim(said.detail.length > 0 && said.detail.length < 1_000, 'a failure without words, or with too many');
      const wait = said.kind === 'failed' ? said.retryAfter : undefined;
      claim(wait === undefined || (Number.isFinite(wait) && wait >= 0), 'a wait that is none');
      return;
    }
    claim(status >= 200 && status < 300, 'success for what was refused');
    if (said.reported !== 'success') return;
    const { results = [], analysis_date: echoed } = JSON.parse(body);
    const ours = results.filter((entry: { processor?: unknown } | null) => entry?.processor === 'P');
    const allWell = ours.length > 0 && ours.every((entry: { status?: unknown }) => entry.status === 'success');
    claim(allWell, 'success that nobody reported');
    claim(typeof echoed !== 'string' || !isDate(echoed) || echoed === call.date, 'success for another date');
  },
};

/** All that need nothing but a value. */
export const pureTargets: readonly Target[] = [request, pipelineFile, taskBody, processorAnswer] as Target[];
