/**
 * Any other slash command that the app's settings send here. Without an answer Slack shows a timeout after three seconds.
 * Bolt runs every matcher that fits, so this one excludes what the others take.
 */
import type { App } from '@slack/bolt';
import { refuse } from '../src/fault.ts';
import { refusalMessage } from '../src/messages/plain-messages.ts';
import { onlyForAsker } from './answer-command.ts';

/** Registers the answer to commands that are not ours. */
export function registerUnknownCommand(app: App): void {
  app.command(/^\/(?!(?:coverage|backfill)$)/, async ({ command, ack }) => {
    await ack(
      onlyForAsker(refusalMessage(refuse(`${command.command} is not a command of Backcourt.`, '/coverage help'))),
    );
  });
}
