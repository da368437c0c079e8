/** What a backfill is filling right now: who launched it, and where it is talked about. */
import type { CalendarDate } from '../core/dates.ts';
import type { HeldBy } from '../core/verdict.ts';
import { sayDays } from './phrases.ts';
import { bold, channel, code, link, person, type Words } from './words.ts';

/** Addresses of the messages of backfills, by the backfill's id. */
export type Links = ReadonlyMap<string, string>;

type HeldCell = { readonly table: string; readonly date: CalendarDate; readonly heldBy?: HeldBy | undefined };

/** A line per backfill: "*Running now*: mlfs 16-18 Nov 2021 in `k3v9x2` by @mira, in its thread". */
export function sayRunning(cells: readonly HeldCell[], links: Links = new Map()): Words[] {
  const holders = new Map<string, { held: HeldBy; dates: Map<string, CalendarDate[]> }>();
  for (const { table, date, heldBy } of cells) {
    if (heldBy === undefined) continue;
    const holder = holders.get(heldBy.backfill) ?? { held: heldBy, dates: new Map<string, CalendarDate[]>() };
    const dates = holder.dates.get(table) ?? [];
    dates.push(date);
    holder.dates.set(table, dates);
    holders.set(heldBy.backfill, holder);
  }
  return [...holders.values()].map(({ held, dates }) => [
    bold('Running now'),
    `: ${[...dates].map(([table, days]) => `${table} ${sayDays(days)}`).join(', ')}, in backfill `,
    code(held.backfill),
    ' by ',
    person(held.by),
    ...sayWhere(held, links.get(held.backfill)),
  ]);
}

/** " in #data: its progress". */
export function sayWhere(held: HeldBy, url: string | undefined): Words {
  const place: Words = held.channel === null ? [' on the command line'] : [' in ', channel(held.channel)];
  const look: Words = url === undefined ? [code(`/backfill status ${held.backfill}`)] : [link(url, 'its progress')];
  return [...place, ': ', ...look];
}
