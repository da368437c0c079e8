/**
 * The processors of a simulation. They live on when who called them is dead, answer what is not so, write after the caller
 * has given up, and stop only where the service ends every call.
 */
import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';
import type { Processor, ProcessorAnswer } from '../../src/processor/processor.ts';
import { fullRows } from '../jobs/lab-catalogue.ts';
import { type CellName, type Cells, doClash } from './cells.ts';
import type { Chance } from './chance.ts';
import type { Crossing, Faults, Life } from './life.ts';
import type { Timeline } from './timeline.ts';

export type Call = CellName & { readonly attempt: string; readonly at: number };

export type Services = {
  /** Calls that are under way. */
  readonly open: Set<Call>;
  readonly seen: Set<string>;
  /** The port of a process. */
  portOf(life: Life, crossing: Crossing): Processor;
};

type World = {
  readonly timeline: Timeline;
  readonly faults: Faults;
  readonly lag: Chance;
  readonly cells: Cells;
  readonly catalogue: Catalogue;
  /** Called when a call arrives. */
  readonly violate: (what: string) => void;
  readonly onCall: (call: Call) => void;
};

const good: ProcessorAnswer = { kind: 'answered', reported: 'success' };
const failed = { kind: 'failed', detail: 'it answered 500', retry: true } as const;

/** How a call goes: rows that it writes (undefined: none), its answer, how long it takes of the service's longest. */
type Act = { readonly rows?: number; readonly answer: ProcessorAnswer | 'lost'; readonly isLate?: boolean };

const acts: Readonly<Record<string, Act>> = {
  unstated: { rows: fullRows, answer: { kind: 'answered', reported: 'unstated' } },
  thin: { rows: 2, answer: good },
  empty: { rows: 0, answer: good },
  lies: { answer: good },
  fails: { answer: failed },
  failsHalfWay: { rows: 2, answer: failed },
  failsAfterwards: { rows: fullRows, answer: failed },
  down: { answer: { ...failed, about: 'service' } },
  busy: { answer: { ...failed, about: 'busy', retryAfter: 20_000 } },
  wrongSetup: { answer: { ...failed, retry: false, about: 'setup' } },
  refuses: { answer: { ...failed, retry: false } },
  lost: { rows: fullRows, answer: 'lost' },
  lostEmpty: { answer: 'lost' },
  late: { rows: fullRows, answer: good, isLate: true },
  lateEmpty: { answer: failed, isLate: true },
};
const weights = Object.fromEntries(Object.keys(acts).map((name) => [name, name.startsWith('l') ? 2 : 1]));

/** A process may be stopped for half a minute between its last look at its lease and its call, so a call ends so much earlier. */
const margin = 30_000;

export function makeServices(world: World): Services {
  const { timeline, faults, lag, cells, catalogue, violate } = world;
  const open = new Set<Call>();
  const seen = new Set<string>();
  const begin = (call: Call, max: number) => {
    for (const other of open)
      if (doClash(catalogue, call, other)) violate(`B2: a call of ${say(call)} beside one of ${say(other)}`);
    if (seen.has(call.attempt)) violate(`B2: two calls of attempt ${call.attempt}`);
    open.add(call);
    seen.add(call.attempt);
    if (open.size > max) violate(`${open.size} calls at a time, where ${max} may be`);
    world.onCall(call);
  };
  const portOf = (life: Life, crossing: Crossing): Processor => ({
    run: ({ service, processor: table, date, attempt }) =>
      new Promise((resolve) => {
        if (life.isDead) return;
        const giveUp = { kind: 'ambiguous', detail: 'no answer within the deadline' } as const;
        timeline.after(service.deadline, '', () => crossing.back('gave up waiting', () => resolve(giveUp)));
        timeline.after(lag.between(1, 40), `${life.name} calls ${table} ${date} (${attempt})`, () => {
          if (life.isDead && faults.chance('kills').happens(0.5)) return timeline.note('  was not sent any more');
          const call = { table, date, attempt, at: timeline.now() };
          begin(call, service.maxConcurrent);
          const name = faults.strike('processor', 0.35) ? faults.chance('processor').weigh(weights) : 'good';
          const act = acts[name] ?? { rows: fullRows, answer: good };
          const takes = act.isLate
            ? lag.between(service.deadline, service.goneAfter - margin)
            : lag.between(500, 15_000);
          if (act.answer === 'lost')
            timeline.after(lag.between(1, takes), '', () =>
              crossing.back('lost the answer', () => resolve({ kind: 'ambiguous', detail: 'the connection was lost' })),
            );
          timeline.after(takes, `${table} ${date} (${attempt}) ends: ${name}`, () => {
            if (act.rows !== undefined) cells.write(table, date, act.rows, timeline.now());
            open.delete(call);
            const { answer } = act;
            if (answer !== 'lost') crossing.back('has an answer', () => resolve(answer));
          });
        });
      }),
  });
  return { open, seen, portOf };
}

function say({ table, date }: CellName): string {
  return `${table} ${date}`;
}
