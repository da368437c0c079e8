/** The sidebar: channels, the app, and who is typing. Several people live here, so that one can approve what another asks. */
import { Avatar } from './avatar.tsx';
import { PlaceIcon } from './icons.tsx';
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
  const shared = live.channels.filter((channel) => channel.kind !== 'im');
  const direct = live.channels.find((channel) => channel.kind === 'im');
  const place = (id: string) => ({
    'aria-current': where.kind === 'channel' && where.id === id ? ('page' as const) : undefined,
    onClick: () => props.go({ kind: 'channel', id }),
  });
  return (
    <nav className={props.open ? 'sidebar is-open' : 'sidebar'} aria-label="Workspace">
      <div className="team">{live.team}</div>
      <h2>Channels</h2>
      {shared.map((channel) => (
        <button key={channel.id} type="button" className="place" {...place(channel.id)}>
          <PlaceIcon channel={channel} /> {channel.name}
          {channel.isArchived ? ' (archived)' : ''}
        </button>
      ))}
      <h2>Direct messages</h2>
      {direct === undefined ? null : (
        <button type="button" className="place" {...place(direct.id)}>
          <Avatar person={app} small /> {app?.realName} messages
        </button>
      )}
      <h2>Apps</h2>
      <button
        type="button"
        className="place"
        aria-current={where.kind === 'home' ? 'page' : undefined}
        onClick={() => props.go({ kind: 'home' })}
      >
        <Avatar person={app} small /> {app?.realName} Home
      </button>
      <label className="act-as">
        <span>You are</span>
        <select value={live.me} onChange={(event) => props.actAs(event.target.value)}>
          {live.people
            .filter((person) => !person.isBot)
            .map((person) => (
              <option key={person.id} value={person.id}>
                {person.title === undefined ? person.realName : `${person.realName}, ${person.title.toLowerCase()}`}
              </option>
            ))}
        </select>
      </label>
    </nav>
  );
}
