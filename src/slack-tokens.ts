/** The two tokens of a Slack app that is reached in Socket Mode, as settings. Neither is ever repeated in a problem. */

import { z } from 'zod';

/** The fields of the settings' schema, each with what people are told of it. */
export const slackFields = {
  SLACK_BOT_TOKEN: z
    .string()
    .regex(/^xoxb-/, 'give the Bot User OAuth Token, which begins with xoxb-')
    .optional()
    .meta({ description: 'The bot token of a real Slack, xoxb-...', fallback: 'the local workspace' }),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-/, 'give the app-level token, which begins with xapp-')
    .optional()
    .meta({ description: 'The app-level token, xapp-..., with which Slack is reached in Socket Mode' }),
  SLACK_API_URL: z
    .url({ protocol: /^https?$/, error: 'give an address that begins with http:// or https://' })
    .prefault('https://slack.com/api/')
    .meta({ description: "Slack's Web API, for a stand-in", fallback: 'https://slack.com/api/' }),
};

/** A real Slack over Socket Mode. `apiUrl` ends with a slash. */
export type SlackTokens = { readonly botToken: string; readonly appToken: string; readonly apiUrl: string };

/** What is wrong with one token without the other: the local workspace would start, and be taken for Slack. */
export function findTokenProblems(given: Readonly<Record<string, string>>): string[] {
  const { SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: app } = given;
  if (bot && !app) {
    return ['SLACK_APP_TOKEN: give it too (Basic Information, App-Level Tokens, xapp-...), or unset SLACK_BOT_TOKEN'];
  }
  if (app && !bot) return ['SLACK_BOT_TOKEN: give it too (OAuth & Permissions, xoxb-...), or unset SLACK_APP_TOKEN'];
  return [];
}

/** Both tokens, or undefined when there are not both. */
export function chooseSlack(given: {
  readonly SLACK_BOT_TOKEN?: string | undefined;
  readonly SLACK_APP_TOKEN?: string | undefined;
  readonly SLACK_API_URL: string;
}): SlackTokens | undefined {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_API_URL: url } = given;
  if (botToken === undefined || appToken === undefined) return undefined;
  return { botToken, appToken, apiUrl: url.endsWith('/') ? url : `${url}/` };
}
