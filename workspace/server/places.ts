/**
 * Channels and direct messages as they are now: who is in them, whether they are archived. They begin as the cast has
 * them at every start; only what was said is kept over a restart.
 */
import type { Cast } from './cast.ts';
import type { Channel, Person, StreamEvent } from './wire.ts';

export type Places = {
  list(): readonly Channel[];
  /** By id, by name with or without `#`, or by a person's id: their direct messages with the app. */
  find(named: string | undefined): Channel | undefined;
  /** The same among those that the app may know of: private ones only where it is a member. */
  findForApp(named: string | undefined): Channel | undefined;
  /** Puts the changed channel in the place of the one with its id, and tells the pages. */
  put(channel: Channel): Channel;
};

/** The id of the direct messages between a person and the app. */
export function directId(user: string): string {
  return `D${user.slice(1)}`;
}

/** Opens the places of a cast; `tell` hears of each change. */
export function openPlaces(cast: Cast, tell: (event: StreamEvent) => void): Places {
  const bot = cast.app.user;
  const places = new Map([...cast.channels, ...directsOf(cast)].map((channel) => [channel.id, channel]));
  const find = (named: string | undefined): Channel | undefined => {
    if (named === undefined) return undefined;
    const name = named.replace(/^#/, '');
    const byId = places.get(named) ?? places.get(directId(named));
    return byId ?? [...places.values()].find((channel) => channel.kind !== 'im' && channel.name === name);
  };
  return {
    list: () => [...places.values()],
    find,
    findForApp(named) {
      const found = find(named);
      return found?.kind === 'public' || found?.members.includes(bot) ? found : undefined;
    },
    put(channel) {
      places.set(channel.id, channel);
      tell({ type: 'channel', channel });
      return channel;
    },
  };
}

function directsOf({ people, app }: Cast): Channel[] {
  return people
    .filter((person) => !person.isBot)
    .map((person) => ({
      id: directId(person.id),
      name: person.name,
      topic: '',
      kind: 'im',
      members: [person.id, app.user],
      isArchived: false,
    }));
}

/** Whether a person sees a channel: all public ones, of the others those that they are in; a guest only the latter. */
export function mayEnter(channel: Channel, person: Person): boolean {
  return (channel.kind === 'public' && person.isGuest !== true) || channel.members.includes(person.id);
}
