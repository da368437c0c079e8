/** Pause, resume, cancel and retry at a terminal. What goes on is waited for: where no server is, this process does it. */
import { type SteerRequest, steerBackfill } from '../engine/steer.ts';
import { findView, reportOf } from '../engine/view.ts';
import { Fault, isRefusal, type Refusal } from '../fault.ts';
import { sayStay, saySteered } from '../messages/steered-message.ts';
import { toPlain } from '../messages/words.ts';
import type { Ports } from '../ports.ts';
import { printEnd, waitForEnd } from './launch-here.ts';
import { exitCodes } from './output.ts';
import { personHere } from './person-here.ts';
import type { Terminal } from './terminal.ts';
import type { Words } from './words.ts';

/** Steers and prints what came of it. Returns the exit code. */
export async function steerHere(
  ports: Ports,
  request: SteerRequest,
  words: Words,
  terminal: Terminal,
): Promise<number | Refusal> {
  const { output, user } = terminal;
  const steered = await steerBackfill(ports, request, personHere(words, user));
  if (isRefusal(steered)) return steered;
  if (!words.json) {
    for (const line of saySteered(steered, (verb) => `backcourt ${verb} ${steered.id}`)) output.say(toPlain(line));
    for (const cell of steered.stay) output.say(`  stays: ${toPlain(sayStay(cell, 200))}`);
  }
  if (steered.verb === 'pause' || steered.state === 'canceled' || steered.state === 'done') {
    if (words.json) output.data(JSON.stringify(reportOf(await loadView(ports, steered.id))));
    return exitCodes.done;
  }
  await terminal.startWork?.();
  const exit = printEnd(ports, await waitForEnd(ports, steered.id, words, terminal), words, output);
  return steered.verb === 'cancel' ? exitCodes.done : exit;
}

async function loadView(ports: Ports, id: string) {
  const view = await findView(ports.store.query, id);
  if (!view) throw new Fault(`backfill ${id} is not in the store any more`, 'never');
  return view;
}
