/** The whole page: what is open, and what the keys do. What is said comes from the stream. */
import { useEffect, useMemo, useState } from 'react';
import type { Message } from '../server/wire.ts';
import { perform } from './acts.ts';
import { type Live, useLive } from './live.ts';
import { Modal } from './modal.tsx';
import { NamesProvider } from './names.tsx';
import { ChannelPane, HomePane, ThreadPane } from './panes.tsx';
import { Sidebar, type Where } from './sidebar.tsx';

/** Who types, kept for this tab, so that two tabs can be two people. */
const WHO = 'workspace-user';

export function App() {
  const [user, setUser] = useState(() => sessionStorage.getItem(WHO) ?? undefined);
  const { live, connected } = useLive(user);
  const actAs = (next: string) => {
    sessionStorage.setItem(WHO, next);
    setUser(next);
  };
  if (live === undefined) return <p className="loading">{connected ? 'Loading…' : 'The workspace is not running.'}</p>;
  return (
    <NamesProvider value={live}>
      {connected ? null : (
        <div className="offline" role="status">
          Connection lost. Trying again…
        </div>
      )}
      <Workspace key={live.me} live={live} actAs={actAs} />
      {live.modals.slice(-1).map((view) => (
        <Modal key={view.id} view={view} me={live.me} />
      ))}
    </NamesProvider>
  );
}

function Workspace({ live, actAs }: { live: Live; actAs: (user: string) => void }) {
  const linked = useMemo(() => readLink(live), [live]);
  const [where, setWhere] = useState<Where>({ kind: 'channel', id: linked.channel });
  const [thread, setThread] = useState<string | undefined>(linked.thread);
  const [menu, setMenu] = useState(false);
  const channel = live.channels.find((item) => where.kind === 'channel' && item.id === where.id);
  const messages = useMemo(() => inChannel(live, channel?.id), [live, channel?.id]);
  const rootStands = messages.some((message) => message.ts === thread);
  useEscape(() => (menu ? setMenu(false) : setThread(undefined)));
  const go = (next: Where) => {
    setWhere(next);
    setThread(undefined);
    setMenu(false);
    if (next.kind === 'home') void perform(live.me, { act: 'open-home' });
  };
  const openMenu = () => setMenu(true);
  return (
    <div className={thread !== undefined && rootStands ? 'frame with-thread' : 'frame'}>
      <div className="top">Local workspace, on this machine only</div>
      <Sidebar live={live} where={where} open={menu} go={go} actAs={actAs} />
      {menu ? (
        <button type="button" className="shade" aria-label="Hide the sidebar" onClick={() => setMenu(false)} />
      ) : null}
      {channel === undefined ? (
        <HomePane live={live} openMenu={openMenu} />
      ) : (
        <ChannelPane live={live} channel={channel} messages={messages} openThread={setThread} openMenu={openMenu} />
      )}
      {channel !== undefined && thread !== undefined && rootStands ? (
        <ThreadPane
          key={thread}
          live={live}
          channel={channel}
          messages={messages}
          ts={thread}
          close={() => setThread(undefined)}
        />
      ) : null}
    </div>
  );
}

function inChannel(live: Live, id: string | undefined): Message[] {
  const found = [...live.messages.values()].filter((message) => message.channel === id);
  return found.sort((a, b) => Number(a.ts) - Number(b.ts));
}

/** A permalink is `#channel/ts`; it opens the thread that the message belongs to. */
function readLink(live: Live): { channel: string; thread: string | undefined } {
  const [channel = '', ts = ''] = location.hash.slice(1).split('/');
  const message = live.messages.get(`${channel} ${ts}`);
  return { channel: message?.channel ?? live.channels[0]?.id ?? '', thread: message?.thread ?? message?.ts };
}

/** Esc, unless a dialog, a menu or the suggestions took it. */
function useEscape(act: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) act();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
}
