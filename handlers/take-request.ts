/**
 * How a request is taken: stored first, acknowledged next, and only then is somebody called to work on it. Whatever dies
 * after the store is mended by the sweep over open requests, and whatever comes twice has the same key.
 */
import { createHash } from 'node:crypto';
import { type Asked, kindOf } from '../src/core/asked.ts';
import type { Ports } from '../src/ports.ts';
import { receiveRequest } from '../src/store/requests.ts';

export type Taken = { readonly id: string; readonly kind: 'new' | 'seen' };

/** The id of a request follows from its key, so that a redelivery rings for the request that is already there. */
export function requestIdOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 24);
}

/** Stores what was asked. Throws what the store throws: then nothing was taken. */
export async function takeRequest(ports: Ports, key: string, asked: Asked): Promise<Taken> {
  const id = requestIdOf(key);
  const now = ports.clock.now();
  const kind = await receiveRequest(ports.store.query, { id, key, kind: kindOf(asked.command), payload: asked, now });
  return { id, kind };
}

/** Calls somebody to work on a stored request. If that fails the sweep will: it is logged, and not the person's problem. */
export async function ringFor(ports: Ports, taken: Taken, asked: Asked): Promise<void> {
  try {
    const task = { v: 1, kind: kindOf(asked.command), request: taken.id } as const;
    await ports.tasks.enqueue([{ name: taken.id, task }]);
  } catch (error) {
    ports.log.error({ err: error, request: taken.id }, 'request stored but not enqueued');
  }
}
