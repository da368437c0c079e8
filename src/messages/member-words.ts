/** Those who hold a role, as `pipeline.yml` names them: people, user groups, and whoever asks in a channel. */
import type { Who } from '../core/access/access.ts';
import { count } from './phrases.ts';
import { channel, group, person, type Words } from './words.ts';

const mostShown = 10;

/** "@maya, @data-eng, whoever asks in #data-pipeline". */
export function sayMembers(ids: readonly string[]): Words {
  const shown = ids.slice(0, mostShown).flatMap((id, n): Words => [...(n === 0 ? [] : [', ']), ...sayMember(id)]);
  const more = ids.length - mostShown;
  return more > 0 ? [...shown, ` and ${count(more, 'more')}`] : shown;
}

/** The same for a list of the pipeline file. */
export function sayWho(who: Who): Words {
  return who === 'everybody' ? ['anybody'] : who.length === 0 ? ['nobody'] : sayMembers(who);
}

function sayMember(id: string): Words {
  if (id.startsWith('S')) return [group(id)];
  return /^[CDG]/.test(id) ? ['whoever asks in ', channel(id)] : [person(id)];
}
