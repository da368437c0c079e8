/**
 * A local stand-in of the part of Slack that Backcourt uses: the Web API, signed requests to the app, and a page, on one
 * port. Where it differs from the real Slack (kept in step with DIFFERENCES.md):
 * - one team, three channels, four people and the app; no messages between people, reactions, search or unread marks
 * - one bot token with every scope; missing_scope, token rotation and rate limits per method do not occur
 * - posts are paced only when asked for (`burst`); other limits on speed are not kept
 * - an event that is not answered is sent again once, at once; the real one tries again after 1 and 5 minutes too
 * - limits that Slack does not publish (msg_blocks_too_long) are the nearest that others measured
 * - a file can be used as soon as it is completed; the real one needs a moment more
 * - ephemeral messages stay until dismissed or until a restart; the real ones vanish at a reload
 * - link previews, /commands of Slack's own, and messages.* events do not exist
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openAppLine, type RequestUrls } from './app-requests.ts';
import { openBook } from './book.ts';
import { type Cast, localCast } from './cast.ts';
import type { Desk } from './desk.ts';
import { openFaultDesk, openPace } from './faults.ts';
import { send } from './http.ts';
import { openJournal } from './journal.ts';
import { chatMethods } from './methods-chat.ts';
import { conversationMethods } from './methods-conversations.ts';
import { openFileDesk } from './methods-files.ts';
import { readMethods } from './methods-read.ts';
import { viewMethods } from './methods-views.ts';
import { findPageFolder } from './page-files.ts';
import { openPlaces } from './places.ts';
import { answerRequest, type Door } from './routes.ts';
import { openSocketDesk } from './socket-mode.ts';
import { openResponseDesk, openTriggers } from './tickets.ts';
import { openViewDesk } from './views.ts';
import type { CommandHint, ShortcutHint } from './wire.ts';

export type WorkspaceOptions = {
  /** 0 takes any free port. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly signingSecret: string;
  readonly botToken: string;
  /** Lets the app connect in Socket Mode. */
  readonly appToken?: string;
  readonly clock: { now(): number };
  /** Where the app listens, if that is known already. */
  readonly requestUrls?: RequestUrls;
  readonly commands?: readonly CommandHint[];
  /** Message shortcuts, shown in the menu of each message. */
  readonly shortcuts?: readonly ShortcutHint[];
  /** Messages and files are kept here; without it they are forgotten at the end. */
  readonly stateFile?: string;
  readonly cast?: Cast;
  /** Milliseconds that the app has to answer; default 3,000 as in Slack. */
  readonly appDeadline?: number;
  /** Posts at once per channel before the pace limit of one per second; default 0: no limit. */
  readonly burst?: number;
  /** More that is answered to a GET, by path: what the app tells of itself. */
  readonly routes?: Door['routes'];
  /** Opens /_faults. For tests. */
  readonly faults?: boolean;
};

export type Workspace = {
  /** `http://127.0.0.1:3000`, where the page is. */
  readonly url: string;
  /** For `slackApiUrl`, with its last slash. */
  readonly apiUrl: string;
  readonly cast: Cast;
  setRequestUrls(urls: RequestUrls): void;
  setCommands(commands: readonly CommandHint[]): void;
  close(): Promise<void>;
};

/** Starts the workspace. Rejects when the port is taken. */
export async function startWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const host = options.host ?? '127.0.0.1';
  const server = createServer();
  let origin = '';
  let commands = options.commands ?? [];
  const desk = openDesk(
    options,
    () => origin,
    () => commands,
  );
  const door = openDoor(options, desk, isLoopback(host));
  serve(server, door);
  origin = await listen(server, options.port, host);
  return {
    url: origin,
    apiUrl: `${origin}/api/`,
    cast: desk.cast,
    setRequestUrls: (urls) => desk.app.setUrls(urls),
    setCommands: (next) => {
      commands = next;
      desk.book.tell({ type: 'commands', commands });
    },
    close: () => close(server, door),
  };
}

function openDesk(options: WorkspaceOptions, origin: () => string, commands: () => readonly CommandHint[]): Desk {
  const { clock, signingSecret, botToken } = options;
  const cast = options.cast ?? localCast('Backcourt');
  const book = openBook(clock, openJournal(options.stateFile));
  const urls = options.requestUrls;
  const deadline = options.appDeadline ?? 3_000;
  const socket = openSocketDesk({ clock, deadline, appId: cast.app.id });
  return {
    cast,
    clock,
    book,
    places: openPlaces(cast, book.tell),
    views: openViewDesk(cast, book),
    triggers: openTriggers({ clock, stamp: book.stamp }),
    responses: openResponseDesk({ clock, stamp: book.stamp, secret: signingSecret }),
    faults: openFaultDesk(),
    pace: openPace(clock, options.burst ?? 0),
    app: openAppLine({ signingSecret, clock, urls, deadline, socket }),
    botToken,
    appToken: options.appToken,
    socket,
    commands,
    shortcuts: options.shortcuts ?? [],
    origin,
  };
}

function openDoor(options: WorkspaceOptions, desk: Desk, loopbackOnly: boolean): Door {
  const uploads = openFileDesk(options.signingSecret);
  return {
    desk,
    uploads,
    methods: { ...chatMethods, ...readMethods, ...conversationMethods, ...viewMethods, ...uploads.methods },
    pageFolder: findPageFolder(),
    routes: options.routes ?? {},
    faultsAllowed: options.faults === true,
    loopbackOnly,
    streams: new Set(),
  };
}

/** A request that breaks this server is answered with 500, and the next one finds it alive. */
function serve(server: Server, door: Door): void {
  server.on('request', (request, response) => {
    answerRequest(door, request, response).catch((cause: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, body: cause instanceof Error ? cause.message : 'The workspace failed' });
    });
  });
  server.on('upgrade', (request, socket) => door.desk.socket.connect(request, socket));
}

function isLoopback(host: string): boolean {
  return host === '127.0.0.1' || host === 'localhost' || host === '::1';
}

async function listen(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  const address = server.address();
  const bound = isAddress(address) ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
}

function isAddress(value: string | AddressInfo | null): value is AddressInfo {
  return typeof value === 'object' && value !== null;
}

async function close(server: Server, door: Door): Promise<void> {
  for (const end of door.streams) end();
  door.desk.socket.close();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
