/**
 * A real Slack over Socket Mode: we connect to it, so a laptop without a public address will do. Slack renews a connection
 * every hour or so, and networks come and go; whatever ends one, the next is opened at once, and again until it stands.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { z } from 'zod';
import { registerHandlers } from '../handlers/register.ts';
import { slackClient } from './chat/slack.ts';
import { Fault } from './fault.ts';
import type { Health } from './health.ts';
import { portTaken, type SlackFront } from './local-slack.ts';
import type { Ports } from './ports.ts';
import type { Settings } from './settings.ts';

type Tokens = NonNullable<Settings['slack']>;

/** Waits between attempts to connect double up to this. */
const longestWaitMs = 30_000;
const refusalSchema = z.object({ data: z.object({ error: z.string() }) });

/** Asks Slack about both tokens and opens the health addresses. Throws a Fault that says which token to mend, and where. */
export async function openRealSlack(tokens: Tokens, port: number, health: Health): Promise<SlackFront> {
  const client = slackClient({ token: tokens.botToken, slackApiUrl: tokens.apiUrl });
  const { team, user } = await checkTokens(tokens);
  const server = await serveHealth(port, health);
  const url = `http://127.0.0.1:${server.port}`;
  return {
    client,
    url,
    greeting: `Backcourt is in the Slack workspace ${team} as @${user}; its health is at ${url}/readyz`,
    connect: (ports) => connectSocket(tokens, ports),
    close: server.close,
  };
}

async function checkTokens(tokens: Tokens): Promise<{ team: string; user: string }> {
  const slackApiUrl = tokens.apiUrl;
  const who = await ask('SLACK_BOT_TOKEN', 'OAuth & Permissions, Bot User OAuth Token, xoxb-...', () =>
    slackClient({ token: tokens.botToken, slackApiUrl }).auth.test(),
  );
  await ask('SLACK_APP_TOKEN', 'Basic Information, App-Level Tokens, xapp-..., with connections:write', () =>
    slackClient({ token: tokens.appToken, slackApiUrl }).apps.connections.open(),
  );
  // An app token names its app: xapp-1-A012345-...
  const app = /^xapp-\d+-(A[A-Z0-9]+)-/.exec(tokens.appToken)?.[1];
  if (app !== undefined && who.app_id !== undefined && app !== who.app_id) {
    throw new Fault('SLACK_APP_TOKEN and SLACK_BOT_TOKEN belong to two apps', 'never', {
      remedy: `Take both from the page of one app at https://api.slack.com/apps: the bot token is of ${who.app_id}, the app token of ${app}.`,
    });
  }
  return { team: who.team ?? 'without a name', user: who.user ?? 'a bot' };
}

async function ask<T>(name: string, where: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const read = refusalSchema.safeParse(cause);
    if (!read.success) {
      const remedy = 'Look whether this machine reaches https://slack.com, then start again.';
      throw new Fault('Slack does not answer', 'later', { cause, remedy });
    }
    const code = read.data.data.error;
    throw new Fault(`Slack refuses ${name}: ${code}`, 'never', { remedy: `Copy it anew (${where}) into ${name}.` });
  }
}

async function connectSocket(tokens: Tokens, ports: Ports): Promise<{ stop(): Promise<void> }> {
  const logger = loggerOver(ports);
  // Each gets options of its own: the socket's client writes into those that it is given.
  const clientOptions = () => ({ slackApiUrl: tokens.apiUrl, retryConfig: { retries: 0 } });
  const receiver = new SocketModeReceiver({
    appToken: tokens.appToken,
    logger,
    // Its own way of coming back waits five seconds, and ends the process when Slack cannot be asked for an address.
    autoReconnectEnabled: false,
    installerOptions: { clientOptions: clientOptions() },
  });
  const app = new App({
    token: tokens.botToken,
    receiver,
    logger,
    clientOptions: clientOptions(),
    deferInitialization: true,
  });
  await app.init();
  registerHandlers(app, ports);
  const keeper = keepConnected(receiver, ports);
  await keeper.connected;
  return {
    stop: async () => {
      keeper.stop();
      await app.stop();
    },
  };
}

/** Connects now, and again whenever a connection ended. */
function keepConnected(
  { client }: SocketModeReceiver,
  { clock, log }: Ports,
): { readonly connected: Promise<void>; stop(): void } {
  const stopping = new AbortController();
  let connecting = false;
  const connect = async () => {
    if (connecting || stopping.signal.aborted) return;
    connecting = true;
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      try {
        await client.start();
        log.info('connected to Slack');
        break;
      } catch (err) {
        log.warn({ err }, 'no connection to Slack');
        await clock.wait(Math.min(longestWaitMs, 500 * 2 ** failures), stopping.signal);
      }
    }
    connecting = false;
  };
  client.on('disconnected', () => void connect());
  return { connected: connect(), stop: () => stopping.abort() };
}

/** Bolt's words go to the log, where tokens are taken out, and never to the terminal. */
function loggerOver({ log }: Ports) {
  const words = (given: unknown[]) => given.map(String).join(' ');
  return {
    debug: (...given: unknown[]) => log.trace({ bolt: words(given) }, 'Bolt says'),
    info: (...given: unknown[]) => log.debug({ bolt: words(given) }, 'Bolt says'),
    warn: (...given: unknown[]) => log.warn({ bolt: words(given) }, 'Bolt warns'),
    error: (...given: unknown[]) => log.error({ bolt: words(given) }, 'Bolt reports an error'),
    setLevel: () => undefined,
    setName: () => undefined,
    getLevel: () => LogLevel.INFO,
  };
}

async function serveHealth(port: number, { routes }: Health): Promise<{ port: number; close(): Promise<void> }> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const route = request.method === 'GET' ? routes[new URL(request.url ?? '/', 'http://health').pathname] : undefined;
    const { status, body } = route === undefined ? { status: 404, body: { error: 'not found' } } : await route();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portTaken(port, error)));
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
