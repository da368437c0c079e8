/** The bot as a process: the home, the local workspace, Bolt, and the sweep. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { App, HTTPReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { refuseWrongTime } from '../handlers/check-request.ts';
import { registerHandlers } from '../handlers/register.ts';
import { readHints } from '../workspace/server/manifest.ts';
import { startWorkspace, type Workspace } from '../workspace/server/workspace.ts';
import { slackChat, slackClient } from './chat/slack.ts';
import { slackViews } from './chat/slack-views.ts';
import { runCommand } from './cli/run-command.ts';
import { openServerLine } from './cli/server-line.ts';
import { systemClock } from './clock.ts';
import { dateIn } from './core/dates.ts';
import { exampleCommand } from './core/request/help.ts';
import { Fault } from './fault.ts';
import { type Health, openHealth } from './health.ts';
import { type Metrics, openMetrics } from './operations/metrics.ts';
import { watchRequests } from './operations/requests.ts';
import { serveMetrics } from './operations/serve-metrics.ts';
import { packageRoot } from './package-root.ts';
import type { Ports } from './ports.ts';
import type { Settings } from './settings.ts';
import { defaultPipelineFile, type Home, openHome } from './wiring.ts';

/** The sweep runs this often; a crash between two steps is mended by the next one. */
const sweepMs = 10_000;

/** `example`: a command to try there. */
export type Serving = { readonly url: string; readonly example: string; stop(): Promise<void> };
export type ServeOptions = {
  readonly settings: Settings;
  readonly log: Logger;
  readonly empty: boolean;
  readonly say: (line: string) => void;
};

/** Starts everything and resolves when the page can be opened. Throws a Fault when something is in the way. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { settings, log, say } = options;
  const secrets = {
    signingSecret: randomBytes(16).toString('hex'),
    botToken: `xoxb-local-${randomBytes(12).toString('hex')}`,
  };
  const closing: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const health = openHealth();
    const metrics = openMetrics();
    const { metricsPort } = settings;
    if (metricsPort !== undefined) {
      const served = await serveMetrics(metricsPort, metrics);
      closing.push(() => served.close());
    }
    const workspace = await openWorkspace(settings, secrets, health);
    closing.push(() => workspace.close());
    const client = slackClient({ token: secrets.botToken, slackApiUrl: workspace.apiUrl });
    const home = await openHome({
      settings,
      log,
      say,
      metrics,
      empty: options.empty,
      chat: slackChat(client),
      views: slackViews(client),
    });
    closing.push(() => home.close());
    const bolt = await startBolt(home.ports, secrets, workspace, metrics);
    closing.push(() => bolt.stop());
    const line = await openServerLine({
      home: settings.home,
      token: randomBytes(24).toString('hex'),
      pipeline: resolve(settings.pipeline ?? defaultPipelineFile()),
      run: (words, who) => runCommand(home.ports, words, who),
    });
    closing.push(() => line.close());
    await home.startWork();
    const sweep = startSweep(home);
    closing.push(() => sweep.stop());
    // First of all: nothing may begin while the rest is being closed.
    closing.push(async () => home.stopWork());
    health.attach(home.ports);
    return { url: workspace.url, example: exampleOf(home.ports), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function exampleOf({ catalogue, clock }: Ports): string {
  return exampleCommand('/coverage', { catalogue, today: dateIn(catalogue.timeZone, clock.now()) });
}

type Secrets = { readonly signingSecret: string; readonly botToken: string };

async function openWorkspace(settings: Settings, secrets: Secrets, { routes }: Health): Promise<Workspace> {
  const hints = readHints(join(packageRoot(), 'manifest.yml'));
  try {
    return await startWorkspace({
      ...secrets,
      port: settings.port,
      clock: systemClock(),
      ...hints,
      routes,
      stateFile: join(settings.home, 'workspace.json'),
    });
  } catch (error) {
    throw new Fault(`port ${settings.port} is taken`, 'never', {
      cause: error,
      remedy: `Start on another one: PORT=${settings.port + 1} npm start`,
    });
  }
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

function startSweep({ ports, tasks }: Home): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) {
      await ports.clock.wait(sweepMs, stopping.signal);
      if (stopping.signal.aborted) return;
      const name = `reconcile-${Math.floor(ports.clock.now() / sweepMs)}`;
      await tasks.enqueue([{ name, task: { v: 1, kind: 'reconcile' } }]);
    }
  };
  const running = run().catch((error: unknown) => ports.log.error({ err: error }, 'the sweep stopped'));
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
