/** Requests as text: what a button or the audit log keeps of one is read back as the same request. */
import type { Options } from './options.ts';
import type { BackfillOptions, BackfillRequest, CoverageRequest } from './request.ts';
import { writeDates } from './when.ts';
import { writeCommand } from './write-command.ts';

/** The shortest command that is read as this request, whatever the day: phrases such as "yesterday" become dates. */
export function writeRequest(request: CoverageRequest | BackfillRequest, command: '/coverage' | '/backfill'): string {
  const none: Options = new Map();
  switch (request.verb) {
    case 'help':
    case 'accepted':
    case 'list':
      return `${command} ${request.verb}`;
    case 'status':
      return `${command} status ${request.id}`;
    case 'revoke':
      return `${command} revoke ${request.id}`;
    case 'accept':
      return writeCommand({
        command,
        verb: 'accept',
        what: [request.table],
        when: writeDates(request.when.dates),
        options: new Map([['reason', request.reason]]),
      });
    case 'why':
      return writeCommand({ command, verb: 'why', what: [request.table], when: request.date, options: none });
    case 'coverage':
      return writeCommand({
        command,
        verb: '',
        what: [request.what],
        when: writeDates(request.when.dates),
        options: none,
      });
    case 'plan':
    case 'quality':
      return writeCommand({
        command,
        verb: request.verb,
        what: [request.table],
        when: writeDates(request.when.dates),
        options: none,
      });
    case 'launch':
      return writeCommand({
        command,
        verb: '',
        what: [request.table],
        when: writeDates(request.when.dates),
        options: nameOptions(request.options),
      });
  }
}

/** Options by the names under which they are typed. */
function nameOptions(options: BackfillOptions): Options {
  const named: [name: string, value: string | null | false][] = [
    ['with-upstream', options.withUpstream && ''],
    ['ready-only', options.readyOnly && ''],
    ['only', options.noResume ? null : (options.only?.join(',') ?? null)],
    ['no-resume', options.noResume && ''],
    ['newest-first', options.newestFirst && ''],
    ['dry-run', options.dryRun && ''],
    ['concurrency', options.concurrency === null ? null : String(options.concurrency)],
    ['reason', options.reason],
  ];
  return new Map(named.flatMap(([name, value]) => (value === null || value === false ? [] : [[name, value] as const])));
}
