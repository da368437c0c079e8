/**
 * Server-sent events to the page: first a snapshot, then each change. A page that loses its connection comes back and
 * gets a new snapshot, so nothing has to be caught up.
 */
import type { ServerResponse } from 'node:http';
import type { Desk } from './desk.ts';
import { mayEnter } from './places.ts';
import type { Message, Person, Snapshot, StreamEvent } from './wire.ts';

/** Root messages of a channel in a snapshot, newest; with them come all their replies. */
const SHOWN_ROOTS = 300;
/** Proxies and laptops that wake up need a sign of life; milliseconds. */
const HEARTBEAT = 15_000;

/** Keeps `response` open and feeds it what `person` may see. Returns what ends it. */
export function streamTo(desk: Desk, person: Person, response: ServerResponse): () => void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    connection: 'keep-alive',
  });
  const write = (event: StreamEvent) => void response.write(`data: ${JSON.stringify(event)}\n\n`);
  write(snapshotFor(desk, person));
  const stop = desk.book.listen((event) => {
    if (isFor(desk, event, person)) write(event);
  });
  const heartbeat = setInterval(() => response.write(': alive\n\n'), HEARTBEAT);
  heartbeat.unref();
  const end = () => {
    clearInterval(heartbeat);
    stop();
    response.end();
  };
  response.on('close', end);
  return end;
}

function isFor(desk: Desk, event: StreamEvent, person: Person): boolean {
  if (event.type === 'message')
    return isVisible(event.message, person) && isInside(desk, event.message.channel, person);
  if (event.type === 'gone') return isInside(desk, event.channel, person);
  if (event.type === 'channel') return mayEnter(event.channel, person);
  return event.type === 'modals' || event.type === 'home' ? event.user === person.id : true;
}

function isInside(desk: Desk, id: string, person: Person): boolean {
  const channel = desk.places.find(id);
  return channel !== undefined && mayEnter(channel, person);
}

function isVisible(message: Message, person: Person): boolean {
  return message.onlyFor === undefined || message.onlyFor === person.id;
}

/** All that the page needs to draw itself for one person. */
export function snapshotFor(desk: Desk, person: Person): Snapshot {
  const home = desk.views.homeOf(person.id);
  const channels = desk.places.list().filter((channel) => mayEnter(channel, person));
  return {
    type: 'snapshot',
    team: { id: desk.cast.team.id, name: desk.cast.team.name },
    me: person.id,
    bot: desk.cast.app.user,
    people: desk.cast.people,
    groups: desk.cast.groups,
    channels,
    commands: desk.commands(),
    shortcuts: desk.shortcuts,
    messages: channels.flatMap((channel) => recent(desk.book.list(channel.id), person)),
    modals: desk.views.modalsOf(person.id),
    ...(home !== undefined && { home }),
  };
}

function recent(messages: readonly Message[], person: Person): Message[] {
  const visible = messages.filter((message) => isVisible(message, person));
  const roots = visible.filter((message) => message.thread === undefined).slice(-SHOWN_ROOTS);
  const shown = new Set(roots.map((message) => message.ts));
  return visible.filter((message) => shown.has(message.thread ?? message.ts));
}
