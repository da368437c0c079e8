/**
 * Faults on demand, for tests: the next calls of a method answer 429, 500, an error, or are done while the answer is
 * lost, which is the case that makes bots post twice. Also Slack's pace limit, which is off unless asked for.
 */
import { z } from 'zod';

export const faultSchema = z.object({
  /** A Web API method, or `*` for any. */
  method: z.string(),
  times: z.number().int().positive().default(1),
  respond: z.union([
    z.object({ kind: z.literal('status'), status: z.number().int(), retryAfter: z.number().optional() }),
    z.object({ kind: z.literal('error'), error: z.string() }),
    /** The call is done, then the connection breaks without an answer. */
    z.object({ kind: z.literal('accept-and-drop') }),
    /** The connection breaks before anything is done. */
    z.object({ kind: z.literal('drop') }),
  ]),
});

export type OrderedFault = z.output<typeof faultSchema>;
export type FaultAnswer = OrderedFault['respond'];

export type FaultDesk = {
  add(fault: OrderedFault): void;
  clear(): void;
  /** The fault that this call meets, counted down; undefined when there is none. */
  take(method: string): FaultAnswer | undefined;
};

/** Opens the desk of ordered faults. */
export function openFaultDesk(): FaultDesk {
  let orders: { method: string; left: number; respond: FaultAnswer }[] = [];
  return {
    add: (fault) => void orders.push({ method: fault.method, left: fault.times, respond: fault.respond }),
    clear: () => {
      orders = [];
    },
    take(method) {
      const order = orders.find((item) => item.method === method || item.method === '*');
      if (order === undefined) return undefined;
      order.left -= 1;
      orders = orders.filter((item) => item.left > 0);
      return order.respond;
    },
  };
}

export type Pace = {
  /** Messages that may be posted at once in a channel, after which it is one per second. 0 switches it off. */
  setBurst(burst: number): void;
  /** Seconds to wait, or 0 when the post may go ahead (and is then counted). */
  take(channel: string): number;
};

/** Slack's limit on posts: about one per second and channel, short bursts allowed. */
export function openPace(clock: { now(): number }, burst: number): Pace {
  let size = burst;
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    setBurst(next) {
      size = next;
      buckets.clear();
    },
    take(channel) {
      if (size <= 0) return 0;
      const now = clock.now();
      const bucket = buckets.get(channel) ?? { left: size, at: now };
      const left = Math.min(size, bucket.left + (now - bucket.at) / 1000);
      buckets.set(channel, { left: left >= 1 ? left - 1 : left, at: now });
      return left >= 1 ? 0 : Math.max(1, Math.ceil(1 - left));
    },
  };
}
