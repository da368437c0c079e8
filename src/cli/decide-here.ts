/** Approve and deny at a terminal. What starts is waited for, as after a launch. */
import { answerForSecond } from '../../jobs/decide-backfill.ts';
import type { DecideRequest } from '../engine/decide.ts';
import { findView, reportOf } from '../engine/view.ts';
import { Fault, isRefusal, type Refusal } from '../fault.ts';
import { sayDecided } from '../messages/decided-message.ts';
import { toPlain } from '../messages/words.ts';
import type { Ports } from '../ports.ts';
import { printEnd, waitForEnd } from './launch-here.ts';
import { exitCodes } from './output.ts';
import { personHere } from './person-here.ts';
import { asShell } from './say-failure.ts';
import type { Terminal } from './terminal.ts';
import type { Words } from './words.ts';

/** Answers for a second person and prints what came of it. Returns the exit code: 1 where a yes started nothing. */
export async function decideHere(
  ports: Ports,
  request: DecideRequest,
  words: Words,
  terminal: Terminal,
): Promise<number | Refusal> {
  const { output, user } = terminal;
  const decided = await answerForSecond(ports, request, { ...personHere(words, user), channel: null });
  if (isRefusal(decided)) return decided;
  if (!words.json) for (const line of sayDecided(decided, asShell)) output.say(toPlain(line));
  if (decided.kind === 'approved') {
    await terminal.startWork?.();
    return printEnd(ports, await waitForEnd(ports, request.id, words, terminal), words, output);
  }
  if (words.json) {
    const view = await findView(ports.store.query, request.id);
    if (!view) throw new Fault(`backfill ${request.id} is not in the store any more`, 'never');
    output.data(JSON.stringify(reportOf(view)));
  }
  return decided.kind === 'denied' ? exitCodes.done : exitCodes.gaps;
}
