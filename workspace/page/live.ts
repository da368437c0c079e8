/**
 * The page's only state that matters: the server's last snapshot and the changes since. EventSource reconnects by
 * itself, and every connection starts with a snapshot, so a lost connection heals without our doing.
 */
import { useEffect, useReducer, useState } from 'react';
import type {
  Channel,
  CommandHint,
  Group,
  Message,
  Person,
  ShortcutHint,
  StreamEvent,
  ViewOnPage,
} from '../server/wire.ts';

export type Live = {
  readonly team: string;
  readonly me: string;
  readonly bot: string;
  readonly people: readonly Person[];
  readonly groups: readonly Group[];
  readonly channels: readonly Channel[];
  readonly commands: readonly CommandHint[];
  readonly shortcuts: readonly ShortcutHint[];
  /** By channel and ts. */
  readonly messages: ReadonlyMap<string, Message>;
  readonly modals: readonly ViewOnPage[];
  readonly home: ViewOnPage | undefined;
};

const keyOf = (channel: string, ts: string): string => `${channel} ${ts}`;

/** The state after one event; undefined until the first snapshot. */
export function applyEvent(live: Live | undefined, event: StreamEvent): Live | undefined {
  if (event.type === 'snapshot') {
    const messages = new Map(event.messages.map((message) => [keyOf(message.channel, message.ts), message]));
    return { ...event, team: event.team.name, messages, home: event.home };
  }
  if (live === undefined) return live;
  switch (event.type) {
    case 'message':
      return {
        ...live,
        messages: new Map(live.messages).set(keyOf(event.message.channel, event.message.ts), event.message),
      };
    case 'gone': {
      const messages = new Map(live.messages);
      messages.delete(keyOf(event.channel, event.ts));
      return { ...live, messages };
    }
    case 'modals':
      return { ...live, modals: event.modals };
    case 'home':
      return { ...live, home: event.home };
    case 'channel': {
      const others = live.channels.filter((channel) => channel.id !== event.channel.id);
      const isKnown = others.length < live.channels.length;
      const replaced = live.channels.map((channel) => (channel.id === event.channel.id ? event.channel : channel));
      return { ...live, channels: isKnown ? replaced : [...others, event.channel] };
    }
    case 'commands':
      return { ...live, commands: event.commands };
  }
}

/** Follows the stream as one person. `connected` is false while the server cannot be reached. */
export function useLive(user: string | undefined): { live: Live | undefined; connected: boolean } {
  const [live, take] = useReducer(applyEvent, undefined);
  const [connected, setConnected] = useState(true);
  useEffect(() => {
    const source = new EventSource(user === undefined ? '/stream' : `/stream?user=${encodeURIComponent(user)}`);
    source.onopen = () => setConnected(true);
    source.onerror = () => setConnected(false);
    source.onmessage = (event: MessageEvent<string>) => take(readEvent(event.data));
    return () => source.close();
  }, [user]);
  return { live, connected };
}

/** The server is ours and of the same build, so its events are what their type says. */
function readEvent(text: string): StreamEvent {
  return JSON.parse(text) as StreamEvent;
}
