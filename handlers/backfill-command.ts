/** `/backfill`: checked and acknowledged here, judged and launched by the job `start-backfill`. */
import type { App } from '@slack/bolt';
import type { Ports } from '../src/ports.ts';
import { answerCommand } from './answer-command.ts';

/** Registers `/backfill`. */
export function registerBackfillCommand(app: App, ports: Ports): void {
  app.command('/backfill', (args) => answerCommand('/backfill', args, ports));
}
