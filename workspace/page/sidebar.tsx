/** The sidebar: channels, the app, and who is typing. Two people live here, so that one can approve what the other asks. */
import { Avatar } from './avatar.tsx';
import { HashIcon } from './icons.tsx';
import type { Live } from './live.ts';

export type Where = { readonly kind: 'channel'; readonly id: string } | { readonly kind: 'home' };

export function Sidebar(props: {
  live: Live;
  where: Where;
  open: boolean;
  go: (where: Where) => void;
  actAs: (user: string) => void;
}) {
  const { live, where } = props;
  const app = live.people.find((person) => person.id === live.bot);
  return (
    <nav className={props.open ? 'sidebar is-open' : 'sidebar'} aria-label="Workspace">
      <div className="team">{live.team}</div>
      <h2>Channels</h2>
      {live.channels.map((channel) => (
        <button
          key={channel.id}
          type="button"
          className="place"
          aria-current={where.kind === 'channel' && where.id === channel.id ? 'page' : undefined}
          onClick={() => props.go({ kind: 'channel', id: channel.id })}
        >
          <HashIcon /> {channel.name}
        </button>
      ))}
      <h2>Apps</h2>
      <button
        type="button"
        className="place"
        aria-current={where.kind === 'home' ? 'page' : undefined}
        onClick={() => props.go({ kind: 'home' })}
      >
        <Avatar person={app} small /> {app?.realName}
      </button>
      <label className="act-as">
        <span>You are</span>
        <select value={live.me} onChange={(event) => props.actAs(event.target.value)}>
          {live.people
            .filter((person) => !person.isBot)
            .map((person) => (
              <option key={person.id} value={person.id}>
                {person.realName}
              </option>
            ))}
        </select>
      </label>
    </nav>
  );
}
