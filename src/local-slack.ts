/** The local workspace in Slack's place: its page, its Web API, and Bolt behind signed requests on the loopback. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { App, HTTPReceiver } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { refuseWrongTime } from '../handlers/check-request.ts';
import { registerHandlers } from '../handlers/register.ts';
import { readHints } from '../workspace/server/manifest.ts';
import { startWorkspace, type Workspace } from '../workspace/server/workspace.ts';
import { slackClient } from './chat/slack.ts';
import { systemClock } from './clock.ts';
import { Fault } from './fault.ts';
import type { Health } from './health.ts';
import type { Metrics } from './operations/metrics.ts';
import { watchRequests } from './operations/requests.ts';
import { packageRoot } from './package-root.ts';
import type { Ports } from './ports.ts';
import type { Settings } from './settings.ts';

/** A Slack, real or not: what messages go through at once, and what brings requests once the ports are there. */
export type SlackFront = {
  /** For messages of ours: no retries. */
  readonly client: WebClient;
  /** Where the page or the health addresses are. */
  readonly url: string;
  /** Said to the person who started it. */
  readonly greeting: string;
  /** Lets requests in until stopped. */
  connect(ports: Ports, metrics: Metrics): Promise<{ stop(): Promise<void> }>;
  close(): Promise<void>;
};

/** What to say when nothing can listen where the settings want it. */
export function portTaken(port: number, cause: unknown): Fault {
  const remedy = `Start on another one: PORT=${port + 1} npm start`;
  return new Fault(`port ${port} is taken`, 'never', { cause, remedy });
}

type Secrets = { readonly signingSecret: string; readonly botToken: string };

/** Starts the workspace with its page. Throws a Fault when the port is taken. */
export async function openLocalSlack(settings: Settings, { routes }: Health): Promise<SlackFront> {
  const secrets = {
    signingSecret: randomBytes(16).toString('hex'),
    botToken: `xoxb-local-${randomBytes(12).toString('hex')}`,
  };
  const workspace = await startWorkspace({
    ...secrets,
    ...readHints(join(packageRoot(), 'manifest.yml')),
    port: settings.port,
    clock: systemClock(),
    routes,
    stateFile: join(settings.home, 'workspace.json'),
  }).catch((error: unknown) => {
    throw portTaken(settings.port, error);
  });
  return {
    client: slackClient({ token: secrets.botToken, slackApiUrl: workspace.apiUrl }),
    url: workspace.url,
    greeting: `Backcourt is at ${workspace.url.replace('127.0.0.1', 'localhost')}`,
    connect: (ports, metrics) => startBolt(ports, secrets, workspace, metrics),
    close: () => workspace.close(),
  };
}

async function startBolt(
  ports: Ports,
  secrets: Secrets,
  workspace: Workspace,
  metrics: Metrics,
): Promise<{ stop(): Promise<void> }> {
  const receiver = new HTTPReceiver({ signingSecret: secrets.signingSecret, endpoints: ['/slack/events'] });
  const app = new App({
    token: secrets.botToken,
    receiver,
    clientOptions: { slackApiUrl: workspace.apiUrl, retryConfig: { retries: 0 } },
    deferInitialization: true,
  });
  await app.init();
  registerHandlers(app, ports);
  const listener = refuseWrongTime(receiver.requestListener, () => ports.clock.now());
  const server = createServer(watchRequests(listener, { log: ports.log, metrics, paths: ['/slack/events'] }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/slack/events`;
  workspace.setRequestUrls({ commands: url, interactivity: url, events: url });
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
