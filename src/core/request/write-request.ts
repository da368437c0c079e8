/** Requests as text: what a button or the audit log keeps of one is read back as the same request. */
import type { CalendarDate } from '../dates.ts';
import type { BackfillOptions, Options, StopOnFailure } from './options.ts';
import type { BackfillRequest, CoverageRequest } from './request-kinds.ts';
import { joinWords } from './split-words.ts';
import { writeOptions } from './take-options.ts';
import { type When, writeDates } from './when.ts';
import { writeCommand } from './write-command.ts';

/** The shortest command that is read as this request, whatever the day: phrases such as "yesterday" become dates. */
export function writeRequest(request: CoverageRequest | BackfillRequest, command: '/coverage' | '/backfill'): string {
  const write = (verb: string, what: string, when: string | When, options: Options = new Map()) =>
    writeCommand({
      command,
      verb,
      what: what === '' ? [] : [what],
      when: typeof when === 'string' ? when : writeDates(when.dates),
      options,
    });
  switch (request.verb) {
    case 'help':
    case 'accepted':
    case 'list':
      return write(request.verb, '', '');
    case 'watches':
      return write('watch', '', '');
    case 'watch':
      return write('watch', request.what, request.off ? 'off' : '');
    case 'status':
    case 'handover':
    case 'follow':
    case 'revoke':
      return write(request.verb, request.id, '');
    case 'pause':
    case 'resume':
    case 'cancel':
    case 'retry':
    case 'approve':
    case 'deny':
      return write(request.verb, request.id, '', nameReason(request.reason));
    case 'accept':
      return write('accept', request.table, request.when, nameReason(request.reason));
    case 'why':
      return write('why', request.table, request.date, nameRules(request.rulesAsOf));
    case 'coverage':
      return write('', request.what, request.when, nameRules(request.rulesAsOf));
    case 'plan':
      return write('plan', request.table, request.when, nameRules(request.rulesAsOf));
    case 'quality':
      return write('quality', request.table, request.when);
    case 'launch':
      return write('', request.table, request.when, nameOptions(request.options));
  }
}

function nameReason(reason: string | null): Options {
  return new Map(reason === null ? [] : [['reason', reason]]);
}

function nameRules(rulesAsOf: CalendarDate | undefined): Options {
  return new Map(rulesAsOf === undefined ? [] : [['rules-as-of', rulesAsOf]]);
}

/** The options of a launch as they are typed; empty without any. */
export function writeLaunchOptions(options: BackfillOptions): string {
  return joinWords(writeOptions(nameOptions(options)));
}

/** Options by the names under which they are typed. */
export function nameOptions(options: BackfillOptions): Options {
  const named: [name: string, value: string | null | false][] = [
    ['with-upstream', options.withUpstream && ''],
    ['ready-only', options.readyOnly && ''],
    ['skip-preflight', options.skipPreflight && ''],
    ['rest', options.rest && ''],
    ['after', options.after],
    ['only', options.noResume ? null : (options.only?.join(',') ?? null)],
    ['no-resume', options.noResume && ''],
    ['sample', options.sample === null ? null : String(options.sample)],
    ['stop-on-failure', writeStop(options.stopOnFailure)],
    ['newest-first', options.newestFirst && ''],
    ['dry-run', options.dryRun && ''],
    ['concurrency', options.concurrency === null ? null : String(options.concurrency)],
    ['reason', options.reason],
  ];
  return new Map(named.flatMap(([name, value]) => (value === null || value === false ? [] : [[name, value] as const])));
}

function writeStop(stop: StopOnFailure | null): string | null {
  if (stop === null) return null;
  if (stop.kind === 'share') return `${stop.percent}%`;
  return stop.n === 1 ? '' : String(stop.n);
}
