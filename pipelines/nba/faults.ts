/**
 * Faults on request: what processors of this kind do in real life (answer 200 and write nothing, half, or twice; fail;
 * finish long after the caller gave up), so that it can be tried. A header could not reach here through Backcourt.
 */
import { z } from 'zod';

const kind = z.union([z.enum(['empty', 'error', 'half', 'double']), z.string().regex(/^hang:\d{1,7}$/)]);
const entry = z.union([kind, z.strictObject({ fault: kind, times: z.number().int().min(1).optional() })]);
const key = z.string().regex(/^[A-Za-z0-9]+(@\d{4}-\d{2}-\d{2})?$/);

/**
 * By processor ("PlayerDailyCacheProcessor") or processor and date ("PlayerDailyCacheProcessor@2021-11-16"), which wins.
 * `hang:5000` waits five seconds before it writes; `times` is how often the fault happens before all is well.
 */
export const faultsSchema = z.record(key, entry);
export type Faults = z.infer<typeof faultsSchema>;

/** What goes wrong in one run. `wait` is in milliseconds. */
export type RunFault = { readonly kind: 'none' | 'empty' | 'error' | 'half' | 'double'; readonly wait: number };

const none: RunFault = { kind: 'none', wait: 0 };

function readFault(text: z.infer<typeof kind>): RunFault {
  if (text.startsWith('hang:')) return { kind: 'none', wait: Number(text.slice('hang:'.length)) };
  const found = (['empty', 'error', 'half', 'double'] as const).find((name) => name === text);
  return found === undefined ? none : { kind: found, wait: 0 };
}

/** Gives the fault of each run and counts it off. */
export function createFaults(faults: Faults): (processor: string, date: string) => RunFault {
  const used = new Map<string, number>();
  return (processor, date) => {
    for (const name of [`${processor}@${date}`, processor]) {
      const found = faults[name];
      if (found === undefined) continue;
      const { fault, times } = typeof found === 'string' ? { fault: found, times: undefined } : found;
      const count = used.get(name) ?? 0;
      if (times !== undefined && count >= times) continue;
      used.set(name, count + 1);
      return readFault(fault);
    }
    return none;
  };
}
