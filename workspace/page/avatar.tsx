/** A person's picture: initials on a colour of their own, or the app's mark. Decoration: the name stands beside it. */
import type { Person } from '../server/wire.ts';
import { CourtMark } from './icons.tsx';

const COLOURS = ['#7d3c98', '#1f618d', '#b9770e', '#922b21', '#117a65'];

export function Avatar({ person, small = false }: { person: Person | undefined; small?: boolean }) {
  const name = person?.realName ?? '?';
  const isApp = person?.isBot === true && person.name !== 'slackbot';
  const initials = name
    .split(' ')
    .map((word) => word[0])
    .join('')
    .slice(0, 2);
  return (
    <span
      className={small ? 'avatar avatar-small' : 'avatar'}
      style={{ background: colourOf(name) }}
      aria-hidden="true"
    >
      {isApp ? <CourtMark /> : initials}
    </span>
  );
}

function colourOf(name: string): string {
  const sum = [...name].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return COLOURS[sum % COLOURS.length] ?? '#444444';
}
