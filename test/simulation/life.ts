/**
 * The life of one process: everything it asks of the outside goes out as one event and comes back as another, so that it
 * can be killed or stopped between any two. What it had sent when it died may arrive or not; nothing comes back to it.
 */
import { Fault } from '../../src/fault.ts';
import type { Clock } from '../../src/ports.ts';
import { type Chance, chanceOf } from './chance.ts';
import type { Timeline } from './timeline.ts';

/** What may go wrong; each is a stream of chance, and can be left out. */
export const faultKinds = ['kills', 'store', 'queue', 'slack', 'processor', 'warehouse', 'people'] as const;
export type FaultKind = (typeof faultKinds)[number];

export type Faults = {
  /** Whether something of this kind goes wrong now. Never after the world was healed. */
  strike(kind: FaultKind, probability: number): boolean;
  chance(kind: FaultKind): Chance;
  heal(): void;
};

export function makeFaults(seed: number, without: ReadonlySet<FaultKind>): Faults {
  const streams = new Map(faultKinds.map((kind) => [kind, chanceOf(seed, kind)]));
  let healed = false;
  const chance = (kind: FaultKind) => streams.get(kind) ?? chanceOf(seed, kind);
  return {
    chance,
    strike: (kind, probability) => !healed && !without.has(kind) && chance(kind).happens(probability),
    heal: () => {
      healed = true;
    },
  };
}

export type Life = {
  readonly name: string;
  readonly home: string;
  isDead: boolean;
  /** Stopped like by SIGSTOP: nothing comes back before this instant. */
  stoppedUntil: number;
};

export type Crossing = {
  /** Sends something out; resolves with what comes back. */
  ask<T>(what: string, effect: () => T | Promise<T>): Promise<T>;
  /** Something comes back now, unless nobody is there any more. */
  back(what: string, happen: () => void): void;
  readonly clock: Clock;
};

type Around = { readonly timeline: Timeline; readonly faults: Faults; readonly lag: Chance };

/** The border around a process. `onBack`: a place at which it may be killed or stopped. */
export function makeCrossing(life: Life, { timeline, faults, lag }: Around, onBack: () => void): Crossing {
  const arrive = (happen: () => void): void => {
    if (life.isDead) return;
    const wait = life.stoppedUntil - timeline.now();
    if (wait > 0) timeline.after(wait, '', () => arrive(happen));
    else happen();
  };
  const back = (what: string, happen: () => void) =>
    timeline.after(lag.between(1, 40), '', () => {
      if (what !== '') onBack();
      arrive(happen);
    });
  const ask = <T>(what: string, effect: () => T | Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      if (life.isDead) return;
      timeline.after(lag.between(1, 40), `${life.name} ${what}`, async () => {
        if (life.isDead && faults.chance('kills').happens(0.5)) return timeline.note('  was not sent any more');
        try {
          const result = await effect();
          back(what, () => resolve(result));
        } catch (error) {
          timeline.note(`  ${error instanceof Error ? error.message : String(error)}`);
          back(what, () => reject(error));
        }
      });
    });
  const clock: Clock = {
    now: () => timeline.now(),
    giveWay: () => Promise.resolve(),
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted || !(ms > 0)) return resolve();
        signal?.addEventListener('abort', () => arrive(resolve));
        timeline.after(ms, '', () => arrive(resolve));
      }),
  };
  return { ask, back, clock };
}

/** Fails before the effect, or after it: to who asked both look the same. */
export async function perhaps<T>(faults: Faults, kind: FaultKind, probability: number, effect: () => T | Promise<T>) {
  if (faults.strike(kind, probability / 2)) throw new Fault(`no way to the ${kind}`, 'later');
  const result = await effect();
  if (faults.strike(kind, probability / 2)) throw new Fault(`the answer of the ${kind} was lost`, 'later');
  return result;
}
