/**
 * Whether Slack takes our token, whether it grants what the manifest asks for, and whether the channels that are to hear
 * of something are there. Slack tells the granted scopes in a header of every answer.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WebClient } from '@slack/web-api';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Finding, fine, wrong } from '../finding.ts';
import { packageRoot } from '../package-root.ts';

const manifestSchema = z.object({ oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }) });
const errorSchema = z.object({ data: z.object({ error: z.string() }) });

/** The scopes that `manifest.yml` asks for. */
export function readNeededScopes(): string[] {
  return manifestSchema.parse(parse(readFileSync(join(packageRoot(), 'manifest.yml'), 'utf8'))).oauth_config.scopes.bot;
}

/** Token, scopes and channels. Never throws for what Slack answers. */
export async function checkSlack(client: WebClient, channels: readonly string[]): Promise<Finding[]> {
  try {
    const who = await client.auth.test();
    const granted = who.response_metadata?.scopes;
    const lines = [fine('slack', `takes us for ${who.user ?? 'a bot'} of ${who.team ?? 'a workspace'}`)];
    return [...lines, checkScopes(granted), ...(await Promise.all(channels.map((id) => checkChannel(client, id))))];
  } catch (error) {
    const code = codeOf(error);
    const remedy = 'Copy the bot token (OAuth & Permissions, xoxb-...) into SLACK_BOT_TOKEN.';
    return [
      code === undefined ? wrong('slack', 'does not answer') : wrong('slack', `refuses the token: ${code}`, remedy),
    ];
  }
}

function checkScopes(granted: readonly string[] | undefined): Finding {
  const what = 'slack scopes';
  const needed = readNeededScopes();
  if (granted === undefined) return fine(what, 'not told by this Slack');
  const missing = needed.filter((scope) => !granted.includes(scope));
  if (missing.length > 0) {
    const remedy = 'Paste manifest.yml into the app once more (App Manifest), then install it again.';
    return wrong(what, `not granted: ${missing.join(', ')}`, remedy);
  }
  const extra = granted.filter((scope) => !needed.includes(scope));
  return fine(what, `all ${needed.length} are granted${extra.length > 0 ? `; not needed: ${extra.join(', ')}` : ''}`);
}

/** Reading one message needs no scope that we lack otherwise. A public channel can be posted to from outside. */
async function checkChannel(client: WebClient, channel: string): Promise<Finding> {
  const what = `slack channel ${channel}`;
  try {
    await client.conversations.history({ channel, limit: 1 });
    return fine(what, 'is there, and we are in it');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'not_in_channel')
      return fine(what, 'is there; invite us, and a message whose answer was lost can be found again');
    const remedy = 'Invite the bot there, or end the watch: /coverage watch TABLE off';
    return code === undefined ? wrong(what, 'could not be looked at') : wrong(what, `cannot be read: ${code}`, remedy);
  }
}

function codeOf(error: unknown): string | undefined {
  const read = errorSchema.safeParse(error);
  return read.success ? read.data.data.error : undefined;
}
