/** The three panes beside the sidebar: the channel, a thread, and the app's Home tab. */
import { type ReactNode, useMemo } from 'react';
import type { Channel, Message } from '../server/wire.ts';
import { perform } from './acts.ts';
import { Blocks } from './blocks/block-view.tsx';
import { HostProvider, useNewHost } from './blocks/host.tsx';
import { Composer } from './composer.tsx';
import { CloseIcon, MenuIcon, PlaceIcon } from './icons.tsx';
import type { Live } from './live.ts';
import { MessageList } from './message-list.tsx';

function PaneHead(props: { title: ReactNode; more?: string; openMenu?: () => void; children?: ReactNode }) {
  return (
    <header className="pane-head">
      {props.openMenu === undefined ? null : (
        <button
          type="button"
          className="icon-button menu-button"
          aria-label="Show the sidebar"
          onClick={props.openMenu}
        >
          <MenuIcon />
        </button>
      )}
      <h1>{props.title}</h1>
      {props.more === undefined ? null : <span className="pane-more">{props.more}</span>}
      {props.children}
    </header>
  );
}

/** Sends what was typed; resolves with what went wrong, if anything did. */
async function sendTo(me: string, channel: Channel, text: string, thread?: string): Promise<string | undefined> {
  const where = thread === undefined ? {} : { thread };
  const answer = await perform(me, { act: 'send', channel: channel.id, text, ...where });
  return answer.ok ? undefined : (answer.error ?? 'The message was not sent.');
}

export function ChannelPane(props: {
  live: Live;
  channel: Channel;
  messages: readonly Message[];
  openThread: (ts: string) => void;
  openMenu: () => void;
}) {
  const { live, channel, messages } = props;
  const roots = messages.filter((message) => message.thread === undefined);
  const replies = useMemo(() => byThread(messages), [messages]);
  const app = live.people.find((person) => person.id === live.bot)?.realName ?? 'the app';
  const isDirect = channel.kind === 'im';
  const name = isDirect ? app : channel.name;
  const title = (
    <>
      {isDirect ? null : <PlaceIcon channel={channel} />}
      {name}
    </>
  );
  return (
    <main className="pane" aria-label={isDirect ? `Direct messages with ${app}` : `Channel ${name}`}>
      <PaneHead title={title} more={channel.topic} openMenu={props.openMenu} />
      <MessageList
        label={isDirect ? `Messages with ${app}` : `Messages in ${name}`}
        messages={roots}
        repliesTo={(ts) => replies.get(ts) ?? []}
        openThread={props.openThread}
        start={<ChannelStart live={live} title={title} />}
      />
      {channel.isArchived ? (
        <p className="archived">This channel is archived: nothing can be said in it.</p>
      ) : (
        <Composer
          label={isDirect ? `Message ${app}` : `Message #${name}`}
          commands={live.commands}
          people={live.people}
          send={(text) => sendTo(live.me, channel, text)}
        />
      )}
    </main>
  );
}

/** The replies of each thread, by the ts of its first message. */
function byThread(messages: readonly Message[]): ReadonlyMap<string, readonly Message[]> {
  const found = new Map<string, Message[]>();
  for (const message of messages) {
    if (message.thread === undefined) continue;
    found.set(message.thread, [...(found.get(message.thread) ?? []), message]);
  }
  return found;
}

function ChannelStart({ live, title }: { live: Live; title: ReactNode }) {
  const examples = live.commands.map((hint) => `${hint.command} help`);
  return (
    <div className="channel-start">
      <h2>{title}</h2>
      <p>
        This is a local stand-in of Slack, on this machine only. Type a command
        {examples.length === 0 ? '.' : ', for example '}
        {examples.map((example, index) => (
          <span key={example}>
            {index === 0 ? '' : ' or '}
            <code className="code">{example}</code>
          </span>
        ))}
      </p>
    </div>
  );
}

export function ThreadPane(props: {
  live: Live;
  channel: Channel;
  messages: readonly Message[];
  ts: string;
  close: () => void;
}) {
  const { live, channel, ts } = props;
  const thread = props.messages.filter((message) => message.ts === ts || message.thread === ts);
  return (
    <aside className="thread" aria-label="Thread">
      <PaneHead title="Thread" more={`# ${channel.name}`}>
        <button type="button" className="icon-button" aria-label="Close thread" onClick={props.close}>
          <CloseIcon />
        </button>
      </PaneHead>
      <MessageList label="Replies" messages={thread} lineAfterFirst={countOf(thread.length - 1)} />
      <Composer label="Reply…" commands={[]} people={live.people} send={(text) => sendTo(live.me, channel, text, ts)} />
    </aside>
  );
}

function countOf(replies: number): string | undefined {
  if (replies === 0) return undefined;
  return replies === 1 ? '1 reply' : `${replies} replies`;
}

export function HomePane({ live, openMenu }: { live: Live; openMenu: () => void }) {
  const { home, me } = live;
  const name = live.people.find((person) => person.id === live.bot)?.realName ?? 'App';
  const host = useNewHost((pressed) => perform(me, { act: 'press-in-view', view: home?.id ?? '', ...pressed }));
  return (
    <main className="pane" aria-label={`${name} Home`}>
      <PaneHead title={name} more="Home" openMenu={openMenu} />
      <div className="home">
        {home === undefined ? (
          <p className="quiet">{name} has not published a Home tab yet.</p>
        ) : (
          <HostProvider host={host}>
            <Blocks blocks={home.blocks} />
          </HostProvider>
        )}
      </div>
    </main>
  );
}
