/** `/coverage`: checked and acknowledged here, answered by the job `report-coverage`. */
import type { App } from '@slack/bolt';
import type { Ports } from '../src/ports.ts';
import { answerCommand } from './answer-command.ts';

/** Registers `/coverage`. */
export function registerCoverageCommand(app: App, ports: Ports): void {
  app.command('/coverage', (args) => answerCommand('/coverage', args, ports));
}
