/** Who the ids are, for everything that draws a message: people, channels, the one who is looking, how to go there. */
import { createContext, type ReactNode, useContext } from 'react';
import type { Channel, Group, Person, ShortcutHint } from '../server/wire.ts';

export type Names = {
  readonly me: string;
  readonly people: readonly Person[];
  readonly groups: readonly Group[];
  readonly channels: readonly Channel[];
  readonly shortcuts: readonly ShortcutHint[];
};

const NamesContext = createContext<Names>({ me: '', people: [], groups: [], channels: [], shortcuts: [] });

export function NamesProvider({ value, children }: { value: Names; children: ReactNode }) {
  return <NamesContext value={value}>{children}</NamesContext>;
}

/** Looks people and channels up by id. */
export function useNames() {
  const names = useContext(NamesContext);
  return {
    me: names.me,
    people: names.people,
    shortcuts: names.shortcuts,
    person: (id: string) => names.people.find((person) => person.id === id),
    group: (id: string) => names.groups.find((group) => group.id === id),
    channel: (id: string) => names.channels.find((channel) => channel.id === id),
  };
}

/** A mention of a person, as in Slack: their name after an @. */
export function UserMention({ id, label }: { id: string; label?: string | undefined }) {
  const { person, me } = useNames();
  const found = person(id);
  const name = found?.isBot === true ? found.realName : (found?.name ?? label ?? id);
  return <span className={id === me ? 'mention mention-me' : 'mention'}>@{name}</span>;
}

/** A mention of a user group. */
export function GroupMention({ id }: { id: string }) {
  const { group, me } = useNames();
  const found = group(id);
  return <span className={found?.users.includes(me) ? 'mention mention-me' : 'mention'}>@{found?.name ?? id}</span>;
}

/** A mention of a channel. */
export function ChannelMention({ id, label }: { id: string; label?: string | undefined }) {
  const { channel } = useNames();
  return <span className="mention">#{channel(id)?.name ?? label ?? id}</span>;
}
