/**
 * The words of a command, read before it is acknowledged: what cannot be understood or is help is answered at once, and
 * only what somebody has to work on is stored.
 */
import { findRoles, refuseRequest } from '../src/access/permit.ts';
import type { Asked } from '../src/core/asked.ts';
import { dateIn } from '../src/core/dates.ts';
import { helpText } from '../src/core/request/help.ts';
import type { BackfillRequest, CoverageRequest } from '../src/core/request/request.ts';
import { readBackfillRequest, readCoverageRequest } from '../src/core/request/request.ts';
import { isRefusal } from '../src/fault.ts';
import type { Message } from '../src/messages/message.ts';
import { helpMessage, noticeMessage, refusalMessage } from '../src/messages/plain-messages.ts';
import type { Ports } from '../src/ports.ts';

/** `answer`: this is the whole answer. `ask`: to be stored and worked on; `notice` is said meanwhile. */
export type Understood =
  | { readonly kind: 'answer'; readonly message: Message }
  | { readonly kind: 'ask'; readonly notice: Message };

/**
 * Reads what was asked, and whether this person may. Never throws for what a person typed.
 * @param text the words after the command as they were typed
 */
export async function readCommand(asked: Asked, text: string, ports: Ports): Promise<Understood> {
  const { command } = asked;
  const today = dateIn(ports.catalogue.timeZone, ports.clock.now());
  const context = { catalogue: ports.catalogue, today };
  const read = command === '/coverage' ? readCoverageRequest(text, context) : readBackfillRequest(text, context);
  if (isRefusal(read)) return { kind: 'answer', message: refusalMessage(read) };
  if (read.verb === 'help')
    return { kind: 'answer', message: helpMessage(helpText(command, context, await findRoles(ports, asked))) };
  const denied = await refuseRequest(ports, read, asked);
  if (denied) return { kind: 'answer', message: refusalMessage(denied) };
  return { kind: 'ask', notice: noticeMessage(sayNotice(read)) };
}

const steering = {
  pause: 'Pausing',
  resume: 'Resuming',
  cancel: 'Canceling',
  retry: 'Trying again what failed in',
  approve: 'Approving',
  deny: 'Denying',
} as const;

function sayNotice(request: Exclude<CoverageRequest | BackfillRequest, { verb: 'help' }>): string {
  switch (request.verb) {
    case 'coverage':
      return `Reading ${request.what}, ${request.when.said} ...`;
    case 'why':
      return `Looking for what is behind ${request.table} on ${request.date} ...`;
    case 'plan':
      return `Planning what would mend ${request.table}, ${request.when.said} ...`;
    case 'quality':
      return `Reading the quality of ${request.table}, ${request.when.said} ...`;
    case 'accept':
      return `Accepting ${request.table}, ${request.when.said}, as a gap ...`;
    case 'accepted':
      return 'Looking up accepted gaps ...';
    case 'revoke':
      return `Taking back the accepted gap ${request.id} ...`;
    case 'watch':
      return request.off
        ? `Ending the watch of ${request.what} here ...`
        : `Watching ${request.what} here from now on ...`;
    case 'watches':
      return 'Looking up what is watched here ...';
    case 'launch':
      return `Checking ${request.table}, ${request.when.said}, before anything runs ...`;
    case 'pause':
    case 'resume':
    case 'cancel':
    case 'retry':
    case 'approve':
    case 'deny':
      return `${steering[request.verb]} backfill ${request.id} ...`;
    case 'status':
      return `Looking up backfill ${request.id} ...`;
    case 'follow':
      return `Following backfill ${request.id} ...`;
    case 'handover':
      return `Writing down how backfill ${request.id} stands ...`;
    case 'list':
      return 'Looking up backfills ...';
  }
}
