/** What a launch set aside: said with the backfill for as long as it is stored, since its rows cannot tell. */
import type { CellReport, Override } from '../backfill/backfill-report.ts';
import type { BackfillOptions } from '../request/options.ts';
import type { Status } from '../verdict.ts';
import type { Preflight } from './plan-report.ts';

/** The overrides of a launch as they are typed; none for an ordinary one. */
export function overridesOf({ skipPreflight, noResume }: BackfillOptions): string[] {
  return [...(skipPreflight ? ['--skip-preflight'] : []), ...(noResume ? ['--no-resume'] : [])];
}

type Launched = {
  readonly options: BackfillOptions;
  readonly preflight: Preflight;
  readonly requestedBy: string;
};

/** The same with who, why, and how many dates each concerns: blocked ones run, complete ones overwritten, held ones left out. */
export function listOverrides(
  { options, preflight, requestedBy: by }: Launched,
  cells: readonly (Pick<CellReport, 'table' | 'date'> & { readonly status: Status })[],
): Override[] {
  const { reason } = options;
  const overwritten = cells.filter(({ status }) => status === 'complete').length;
  const leftOut = preflight.skipped.filter(({ status }) => status === 'running').length;
  return [
    ...(options.skipPreflight
      ? [{ option: 'skip-preflight' as const, by, reason, dates: preflight.overridden?.length ?? 0 }]
      : []),
    ...(options.noResume ? [{ option: 'no-resume' as const, by, reason, dates: overwritten }] : []),
    ...(options.rest ? [{ option: 'rest' as const, by, reason, dates: leftOut }] : []),
  ];
}
