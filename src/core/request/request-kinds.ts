/** What was asked, once its words are read. */

import type { SteerVerb } from '../backfill/steering.ts';
import type { CalendarDate } from '../dates.ts';
import type { BackfillOptions } from './options.ts';
import type { When } from './when.ts';

/** `rulesAsOf`: the date whose rules judge; without it today's. */
type Judged = { readonly rulesAsOf?: CalendarDate };

export type CoverageRequest =
  | ({
      readonly verb: 'coverage';
      readonly what: string;
      readonly tables: readonly string[];
      readonly when: When;
    } & Judged)
  | ({ readonly verb: 'why'; readonly table: string; readonly date: CalendarDate } & Judged)
  | ({ readonly verb: 'plan'; readonly table: string; readonly when: When } & Judged)
  | { readonly verb: 'quality'; readonly table: string; readonly when: When }
  | { readonly verb: 'accept'; readonly table: string; readonly when: When; readonly reason: string }
  | { readonly verb: 'accepted' }
  | { readonly verb: 'revoke'; readonly id: string }
  /** A daily digest in the channel where it is asked for; `off` ends it. */
  | { readonly verb: 'watch'; readonly what: string; readonly tables: readonly string[]; readonly off: boolean }
  | { readonly verb: 'watches' }
  | { readonly verb: 'help' };

/** What may be done to a backfill that is there. */
export const steerVerbs: readonly SteerVerb[] = ['pause', 'resume', 'cancel', 'retry'];
/** What a second person says to one that waits for it. */
export const decideVerbs = ['approve', 'deny'] as const;
export type DecideVerb = (typeof decideVerbs)[number];

export type BackfillRequest =
  | { readonly verb: 'launch'; readonly table: string; readonly when: When; readonly options: BackfillOptions }
  | { readonly verb: SteerVerb; readonly id: string; readonly reason: string | null }
  | { readonly verb: DecideVerb; readonly id: string; readonly reason: string | null }
  | { readonly verb: 'status' | 'handover' | 'follow'; readonly id: string }
  | { readonly verb: 'list' }
  | { readonly verb: 'help' };
