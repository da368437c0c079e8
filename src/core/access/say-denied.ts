/** A denial in words. It says who may, since whoever reads it at night needs that person and not a rule. */
import { type Refusal, refuse } from '../../fault.ts';
import type { Action, Denied } from './access.ts';

const deeds: Readonly<Record<Action, string>> = {
  look: 'look at',
  watch: 'watch',
  accept: 'accept or revoke gaps of',
  launch: 'run backfills of',
  steer: 'pause, resume, cancel or retry backfills of',
  approve: 'approve backfills of',
  deny: 'deny backfills of',
};

/** A Refusal that says what is denied, and lists who may instead. */
export function refuseDenied({ action, why, tables, may, unread }: Denied): Refusal {
  const what = `${deeds[action]} ${tables.length === 0 ? 'this pipeline' : sayTables(tables)}`;
  const named = may === 'everybody' ? [] : may;
  const refusal = refuse(say(what, why, named.length === 0 && may !== 'everybody', unread));
  return { ...refusal, may: named, ...(why === 'groups_unread' ? { passing: true } : {}) };
}

function say(what: string, why: Denied['why'], isNobody: boolean, unread: readonly string[]): string {
  if (why === 'own_request')
    return 'You asked for this backfill, so somebody else has to approve it. Nothing was changed.';
  if (why === 'groups_unread')
    return `Whether you may ${what} depends on who is in ${unread.join(', ')}, and Slack did not tell. So the answer is no for now, and nothing was done. Ask again in a minute.`;
  return isNobody
    ? `Nobody may ${what}: its list in the pipeline file is empty. Nothing was done.`
    : `You may not ${what}. Nothing was done.`;
}

function sayTables(tables: readonly string[]): string {
  const shown = tables.slice(0, 5);
  const more = tables.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more ${more === 1 ? 'table' : 'tables'}` : ''}`;
}
