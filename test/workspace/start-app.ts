/** A real Bolt app on its own loopback port, wired to a workspace: what the workspace signs is what Bolt verifies. */
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { startWorkspace, type Workspace, type WorkspaceOptions } from '../../workspace/server/workspace.ts';

export const SECRET = 'a-signing-secret-for-tests';
export const TOKEN = 'xoxb-for-tests';
export const APP_TOKEN = 'xapp-for-tests';
export const CHANNEL = 'C0PIPELINE';
export const MAYA = 'U0MAYACHEN';

export const COMMANDS = [
  { command: '/coverage', description: 'What is there and what is missing', usageHint: '<table> <when>' },
  { command: '/backfill', description: 'Fill what is missing', usageHint: '<table> <when> [options]' },
];

/** Starts a workspace on a free port with the faults route open. */
export function startTestWorkspace(options: Partial<WorkspaceOptions> = {}): Promise<Workspace> {
  return startWorkspace({
    port: 0,
    signingSecret: SECRET,
    botToken: TOKEN,
    appToken: APP_TOKEN,
    clock: { now: () => Date.now() },
    commands: COMMANDS,
    faults: true,
    ...options,
  });
}

/** A client as the app has one: no retries of its own, answers to limits passed on. */
export function clientOf(workspace: Workspace, token = TOKEN): WebClient {
  return new WebClient(token, {
    slackApiUrl: workspace.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
    logger: silent,
  });
}

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

export type RunningApp = { readonly app: App; readonly url: string; close(): Promise<void> };

/** Starts Bolt, tells the workspace where it listens, and lets `register` add its listeners. */
export async function startApp(
  workspace: Workspace,
  register: (app: App) => void,
  signingSecret = SECRET,
): Promise<RunningApp> {
  const receiver = new HTTPReceiver({ signingSecret, logger: silent, unhandledRequestTimeoutMillis: 1_000 });
  const app = new App({
    token: TOKEN,
    receiver,
    logger: silent,
    clientOptions: { slackApiUrl: workspace.apiUrl, retryConfig: { retries: 0 } },
    deferInitialization: true,
  });
  await app.init();
  register(app);
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  const address = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${address.port}/slack/events`;
  workspace.setRequestUrls({ commands: url, interactivity: url, events: url });
  return {
    app,
    url,
    close: async () => {
      await app.stop();
    },
  };
}

/**
 * Starts Bolt over Socket Mode. It comes back `away` milliseconds after a connection ended,
 * and takes one for dead when a ping was not answered for as long.
 */
export async function connectApp(
  workspace: Workspace,
  register: (app: App) => void,
  away = 1_000,
): Promise<{ close(): Promise<void> }> {
  const clientOptions = { slackApiUrl: workspace.apiUrl, retryConfig: { retries: 0 } };
  const receiver = new SocketModeReceiver({
    appToken: APP_TOKEN,
    logger: silent,
    clientPingTimeout: away,
    installerOptions: { clientOptions: { ...clientOptions } },
  });
  const app = new App({ token: TOKEN, receiver, logger: silent, clientOptions, deferInitialization: true });
  await app.init();
  register(app);
  await app.start();
  return {
    close: async () => {
      await app.stop();
    },
  };
}

/** Does what the page does when a person acts. */
export async function act(workspace: Workspace, body: Record<string, unknown>): Promise<Record<string, unknown>> {
  const response = await fetch(`${workspace.url}/act`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: MAYA, ...body }),
  });
  return (await response.json()) as Record<string, unknown>;
}

/** Orders a fault, or the pace limit. */
export async function order(workspace: Workspace, body: Record<string, unknown>): Promise<void> {
  const response = await fetch(`${workspace.url}/_faults`, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
}
