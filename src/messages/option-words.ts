/** How a backfill was asked for, and what it set aside: said in its root message, at its end and in a terminal alike. */
import type { BackfillView } from '../core/backfill/backfill.ts';
import type { Override } from '../core/backfill/backfill-report.ts';
import { listOverrides } from '../core/plan/overrides.ts';
import type { BackfillOptions } from '../core/request/options.ts';
import { writeLaunchOptions } from '../core/request/write-request.ts';
import { count } from './phrases.ts';
import { bold, clip, code, person, type Words } from './words.ts';

/** The options of the launch, as they were typed; behind something else. */
export function sayOptions(options: BackfillOptions): Words {
  const typed = writeLaunchOptions(options);
  return typed === '' ? [] : [' · with ', code(clip(typed, 300))];
}

/** A line for each override that concerns any date (what, by whom, why), and who approved it all as a second person. */
export function sayOverrides({
  backfill,
  cells,
  approval,
}: Pick<BackfillView, 'backfill' | 'cells' | 'approval'>): Words[] {
  const used = listOverrides(backfill, cells).filter(({ dates }) => dates > 0);
  const said = used.map((override): Words => {
    const why = override.reason === null ? '' : `: ${clip(override.reason, 300)}`;
    return [bold('Override:'), ` ${sayWhat(override)}, by `, person(override.by), why];
  });
  const { decision } = approval ?? { decision: null };
  if (decision?.kind !== 'approved') return said;
  const why = decision.reason === null ? '' : `: ${clip(decision.reason, 300)}`;
  return [...said, [bold('Approved'), ' by ', person(decision.by), why]];
}

function sayWhat({ option, dates }: Override): string {
  switch (option) {
    case 'skip-preflight':
      return `--skip-preflight runs ${count(dates, 'blocked date')}`;
    case 'no-resume':
      return `--no-resume overwrites ${count(dates, 'complete cell')}`;
    case 'rest':
      return `--rest leaves out ${count(dates, 'date')} that another backfill works on`;
  }
}
