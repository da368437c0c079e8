/** What a plan will take, by what the store knows of runs before it. */
import type { Forecast, Plan } from '../core/backfill/backfill.ts';
import { forecastPlan } from '../core/plan/estimate.ts';
import type { Ports } from '../ports.ts';
import { listDurations } from '../store/durations.ts';

/** Reads what was measured once, for any number of plans. `concurrency`: as the request says. */
export async function openForecast(
  ports: Pick<Ports, 'catalogue' | 'store' | 'tasks'>,
  concurrency: number | null,
): Promise<(plan: Plan) => Forecast> {
  const { catalogue, store, tasks: queue } = ports;
  const tables = [...catalogue.tables.values()].filter((table) => table.processor).map((table) => table.alias);
  const runs = await listDurations(store.query, { pipeline: catalogue.pipeline, tables });
  const most = Math.min(concurrency ?? Number.POSITIVE_INFINITY, queue.cellsAtATime ?? Number.POSITIVE_INFINITY);
  return (plan) => forecastPlan(catalogue, plan, runs, Number.isFinite(most) ? most : null);
}
