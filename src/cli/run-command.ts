/** Runs one command on open ports: the same engine as in Slack, with a terminal in its place. */
import { dateIn } from '../core/dates.ts';
import { quoteArgument, readBackfillRequest, readCoverageRequest } from '../core/request/request.ts';
import { isRefusal, type Refusal, refuse } from '../fault.ts';
import type { Ports } from '../ports.ts';
import { actOnBackfill } from './act-on-backfill.ts';
import { askCoverage } from './ask-coverage.ts';
import { checkPorts } from './check.ts';
import { printAudit } from './print-audit.ts';
import { sayFault, sayRefusal } from './say-failure.ts';
import type { Terminal } from './terminal.ts';
import type { Words } from './words.ts';

/** Runs a command and returns its exit code. Everything that can be said about failing is said here. */
export async function runCommand(ports: Ports, words: Words, terminal: Terminal): Promise<number> {
  try {
    const result = await perform(ports, words, terminal);
    if (typeof result === 'number') return result;
    const id = ports.ids.next();
    ports.log.info({ id, why: result.message }, 'request refused');
    return sayRefusal(result, words, terminal.output, id);
  } catch (error) {
    return sayFault(error, words, terminal.output, ports.ids.next(), (id) =>
      ports.log.error({ err: error, id }, 'command failed'),
    );
  }
}

async function perform(ports: Ports, words: Words, terminal: Terminal): Promise<number | Refusal> {
  const context = { catalogue: ports.catalogue, today: dateIn(ports.catalogue.timeZone, ports.clock.now()) };
  const text = words.rest.map(quoteArgument).join(' ');
  switch (words.command) {
    case 'coverage':
    case 'why':
    case 'plan':
    case 'quality': {
      const request = readCoverageRequest(words.command === 'coverage' ? text : `${words.command} ${text}`, context);
      return isRefusal(request) ? request : askCoverage(ports, request, words, terminal);
    }
    case 'backfill':
    case 'status':
    case 'pause':
    case 'resume':
    case 'cancel':
    case 'retry':
    case 'approve':
    case 'deny':
    case 'handover': {
      const request = readBackfillRequest(words.command === 'backfill' ? text : `${words.command} ${text}`, context);
      return isRefusal(request) ? request : actOnBackfill(ports, request, words, terminal);
    }
    case 'check':
      return checkPorts(ports, words, terminal.output);
    case 'audit':
      return printAudit(ports, words, terminal.output);
    default:
      return refuse(`${words.command} is not run here.`);
  }
}
