/** The bot as a process: the home, a Slack or the local workspace in its place, and the sweep. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { slackChat } from './chat/slack.ts';
import { slackViews } from './chat/slack-views.ts';
import { runCommand } from './cli/run-command.ts';
import { openServerLine } from './cli/server-line.ts';
import { dateIn } from './core/dates.ts';
import { exampleCommand } from './core/request/help.ts';
import { openHealth } from './health.ts';
import { openLocalSlack } from './local-slack.ts';
import { openMetrics } from './operations/metrics.ts';
import { serveMetrics } from './operations/serve-metrics.ts';
import type { Ports } from './ports.ts';
import { openRealSlack } from './real-slack.ts';
import type { Settings } from './settings.ts';
import { defaultPipelineFile, type Home, openHome } from './wiring.ts';

/** The sweep runs this often; a crash between two steps is mended by the next one. */
const sweepMs = 10_000;

/** `greeting`: where it can be met. `example`: a command to try there. */
export type Serving = {
  readonly url: string;
  readonly greeting: string;
  readonly example: string;
  stop(): Promise<void>;
};
export type ServeOptions = {
  readonly settings: Settings;
  readonly log: Logger;
  readonly empty: boolean;
  readonly say: (line: string) => void;
};

/** Starts everything and resolves when the page can be opened. Throws a Fault when something is in the way. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { settings, log, say } = options;
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
    const { slack } = settings;
    const front = slack ? await openRealSlack(slack, settings.port, health) : await openLocalSlack(settings, health);
    closing.push(() => front.close());
    const home = await openHome({
      settings,
      log,
      say,
      metrics,
      empty: options.empty,
      chat: slackChat(front.client),
      views: slackViews(front.client),
    });
    closing.push(() => home.close());
    const bolt = await front.connect(home.ports, metrics);
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
    return { url: front.url, greeting: front.greeting, example: exampleOf(home.ports), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function exampleOf({ catalogue, clock }: Ports): string {
  return exampleCommand('/coverage', { catalogue, today: dateIn(catalogue.timeZone, clock.now()) });
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
