/** What can be filled downstream now, with the commands that fill it. */

import type { Unblocked } from '../core/backfill/backfill-report.ts';
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import { type NextLaunch, planLaunches } from '../core/plan/unblocked.ts';
import { count, sayDays, typeDates, typeDatesBriefly } from './phrases.ts';
import { bold, code, type Words } from './words.ts';

/** So many launches are offered; the rest is told by `/coverage`. */
export const mostLaunches = 2;

/** `words` are what the button asks, `command` is for people to read and type. */
export type UnblockedLaunch = NextLaunch & { readonly words: string; readonly command: string };

/** The launches to offer, each with its command. */
export function listLaunches(catalogue: Catalogue, unblocked: readonly Unblocked[]): UnblockedLaunch[] {
  return planLaunches(catalogue, unblocked).map(({ tables, dates }) => {
    const target = tables.at(-1) ?? '';
    const upstream = tables.length > 1 ? ' --with-upstream' : '';
    const words = `${target} ${typeDates(dates)}${upstream}`;
    return { tables, dates, words, command: `/backfill ${target} ${typeDatesBriefly(dates)}${upstream}` };
  });
}

/** "pcf, mlfs can be filled now for 7 dates, 1-7 Jan 2022: `/backfill ...`" */
export function sayLaunch({ tables, dates, command }: UnblockedLaunch): Words {
  return [
    bold(tables.join(', ')),
    ` can be filled now for ${count(dates.length, 'date')}, ${sayDays(dates)}: `,
    code(command),
  ];
}
