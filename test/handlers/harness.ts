/**
 * Everything between Slack and the queue, as it is in a server: a real Bolt app that listens on loopback, a real store,
 * a stand-in of Slack's Web API, and a list in place of the queue.
 */
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { pino } from 'pino';
import { refuseWrongTime } from '../../handlers/check-request.ts';
import { type HandlerOptions, registerHandlers } from '../../handlers/register.ts';
import { slackChat, slackClient } from '../../src/chat/slack.ts';
import { slackViews } from '../../src/chat/slack-views.ts';
import type { Access } from '../../src/core/access/access.ts';
import { type Asked, readAsked } from '../../src/core/asked.ts';
import type { Ports } from '../../src/ports.ts';
import { findRequest } from '../../src/store/requests.ts';
import type { Store } from '../../src/store/store.ts';
import type { Enqueued } from '../../src/tasks/tasks.ts';
import { type FakeSlack, startFakeSlack } from '../support/fake-slack-api.ts';
import { signingSecret } from '../support/signed-request.ts';
import { smallCatalogue } from '../support/small-catalogue.ts';

export type Harness = {
  readonly url: string;
  readonly slack: FakeSlack;
  readonly tasks: Enqueued[];
  readonly log: { readonly level: number; readonly msg: string }[];
  readonly ports: Ports;
  /** Settable: what the ports' clock says. */
  readonly time: { now: number };
  /** While set, the queue does not answer. */
  readonly queue: { down: boolean };
  close(): Promise<void>;
};

/** Starts a server with the handlers. `store` stays the caller's. */
export async function startHarness(
  store: Store,
  { access, ...options }: HandlerOptions & { readonly access?: Access } = {},
): Promise<Harness> {
  const slack = await startFakeSlack();
  const [tasks, log, time, queue] = [[] as Enqueued[], [] as Harness['log'], { now: Date.now() }, { down: false }];
  let ids = 0;
  const ports: Ports = {
    catalogue: access === undefined ? smallCatalogue : { ...smallCatalogue, access },
    store,
    chat: slackChat(slackClient({ token: 'xoxb-test', slackApiUrl: slack.url }), () => time.now),
    views: slackViews(slackClient({ token: 'xoxb-test', slackApiUrl: slack.url })),
    tasks: {
      enqueue: async (all) => {
        if (queue.down) throw new Error('the queue does not answer');
        for (const each of all) if (!tasks.some((known) => known.name === each.name)) tasks.push(each);
      },
    },
    clock: {
      now: () => time.now,
      wait: () => Promise.reject(new Error('handlers do not wait')),
      giveWay: async () => undefined,
    },
    ids: { next: () => `id${++ids}` },
    log: pino({ level: 'trace' }, { write: (line: string) => log.push(JSON.parse(line)) }),
    warehouse: untouched('warehouse'),
    processor: untouched('processor'),
    look: () => Promise.reject(new Error('a handler looked at a cell')),
    draw: () => Promise.reject(new Error('a handler drew a picture')),
    instance: 'test',
  };
  const { server, app } = await listen(ports, options);
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    await app.stop();
    await slack.close();
  };
  return { url: `http://127.0.0.1:${port}/slack/events`, slack, tasks, log, ports, time, queue, close };
}

/** A Bolt app on some ports, listening on a free port of the loopback. */
export async function listen(ports: Ports, options: HandlerOptions = {}) {
  const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR });
  receiver.requestListener = refuseWrongTime(receiver.requestListener, ports.clock.now);
  const authorize = async () => ({ botToken: 'xoxb-test', botId: 'B1', botUserId: 'UBOT000' });
  const app = new App({ receiver, authorize, logLevel: LogLevel.ERROR });
  registerHandlers(app, ports, options);
  const server = await receiver.start({ port: 0, host: '127.0.0.1' });
  return { server, app };
}

/** A port that handlers must not use: whatever is read from it is an error. */
function untouched<T extends object>(name: string): T {
  const trap = new Proxy(
    {},
    {
      get: (_, property) => {
        throw new Error(`a handler used ${name}.${String(property)}`);
      },
    },
  );
  return trap as T;
}

/** Waits for what happens after the acknowledgement. */
export async function eventually<T>(look: () => T | undefined | false): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const seen = look();
    if (seen) return seen;
    await new Promise((resolve) => setImmediate(resolve));
    if (tries > 50) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('it did not happen');
}

/** What is stored for the request that a task rings for. */
export async function storedFor(store: Store, task: { readonly task: object } | undefined): Promise<Asked> {
  const id = task !== undefined && 'request' in task.task ? String(task.task.request) : '';
  const found = await findRequest(store.query, id);
  const asked = readAsked(found?.payload);
  if (asked === undefined) throw new Error(`nothing is stored for ${id}`);
  return asked;
}
