/** All that Slack can send, in one place: each entrance checks, stores, acknowledges and enqueues; jobs do the work. */
import type { App } from '@slack/bolt';
import type { Ports } from '../src/ports.ts';
import { answerAlways } from './answer-always.ts';
import { registerAppHome } from './app-home.ts';
import { registerAppMention } from './app-mention.ts';
import { registerBackfillCommand } from './backfill-command.ts';
import { registerBackfillForm } from './backfill-form.ts';
import { registerButtonClick } from './button-click.ts';
import { refuseForeigners, refuseOtherTeams } from './check-request.ts';
import { registerCoverageCommand } from './coverage-command.ts';
import { registerUnknownCommand } from './unknown-command.ts';
import { registerWhyShortcut } from './why-shortcut.ts';

/** `team`: the only workspace that is served; without it all are that have the app. */
export type HandlerOptions = { readonly team?: string };

/** Registers every entrance with Bolt. The check of time stamps wraps the receiver: see `refuseWrongTime`. */
export function registerHandlers(app: App, ports: Ports, options: HandlerOptions = {}): void {
  answerAlways(app, ports);
  refuseForeigners(app, ports);
  if (options.team !== undefined) refuseOtherTeams(app, ports, options.team);
  registerCoverageCommand(app, ports);
  registerBackfillCommand(app, ports);
  registerBackfillForm(app, ports);
  registerButtonClick(app, ports);
  registerAppMention(app, ports);
  registerAppHome(app, ports);
  registerWhyShortcut(app, ports);
  registerUnknownCommand(app);
}
