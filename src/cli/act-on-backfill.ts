/** The verbs of `backfill` at a terminal. */
import type { BackfillView } from '../core/backfill/backfill.ts';
import type { BackfillRequest } from '../core/request/request.ts';
import { findView, reportOf } from '../engine/view.ts';
import { type Refusal, refuse } from '../fault.ts';
import { sayUnposted } from '../messages/unposted-words.ts';
import { toPlain } from '../messages/words.ts';
import type { Ports } from '../ports.ts';
import { listBackfills } from '../store/backfills.ts';
import { listUnposted } from '../store/unposted.ts';
import { decideHere } from './decide-here.ts';
import { followHere, launchHere } from './launch-here.ts';
import { exitCodes, type Output } from './output.ts';
import { printList, printReport, sayProgress } from './print-backfill.ts';
import { printHandover } from './print-handover.ts';
import { printHelp } from './print-help.ts';
import { steerHere } from './steer-here.ts';
import type { Terminal } from './terminal.ts';
import type { Words } from './words.ts';

/** Does what was asked and prints what came of it. Returns the exit code. */
export async function actOnBackfill(
  ports: Ports,
  request: BackfillRequest,
  words: Words,
  terminal: Terminal,
): Promise<number | Refusal> {
  const { output } = terminal;
  switch (request.verb) {
    case 'launch':
      return launchHere(ports, request, words, terminal);
    case 'status': {
      const view = await findView(ports.store.query, request.id);
      return view
        ? printStatus(view, words, output)
        : refuse(`There is no backfill ${request.id}.`, 'backcourt status');
    }
    case 'list': {
      const backfills = await listBackfills(ports.store.query, { pipeline: ports.catalogue.pipeline, limit: 20 });
      const views = (await Promise.all(backfills.map(({ id }) => findView(ports.store.query, id)))).filter(
        (view) => view !== undefined,
      );
      const unposted = await listUnposted(ports.store.query, ports.clock.now());
      if (words.json) output.data(JSON.stringify({ backfills: views.map(reportOf), unposted }));
      else printList(views, output);
      if (!words.json) for (const each of unposted) output.say(toPlain(sayUnposted(each)));
      return exitCodes.done;
    }
    case 'pause':
    case 'resume':
    case 'cancel':
    case 'retry':
      return steerHere(ports, request, words, terminal);
    case 'approve':
    case 'deny':
      return decideHere(ports, request, words, terminal);
    case 'follow':
      return followHere(ports, request.id, words, terminal);
    case 'handover':
      return printHandover(ports, request.id, words, output);
    case 'help':
      return printHelp(ports, '/backfill', words, output);
  }
}

function printStatus(view: BackfillView, words: Words, output: Output): number {
  if (words.json) output.data(JSON.stringify(reportOf(view)));
  else {
    if (view.backfill.result === null) output.data(sayProgress(view));
    printReport(reportOf(view), view, output);
  }
  return exitCodes.done;
}
