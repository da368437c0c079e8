import { describe, expect, it } from 'vitest';
import type { BackfillState } from '../../../src/core/backfill/backfill-report.ts';
import { moveOf, type SteerVerb } from '../../../src/core/backfill/steering.ts';

const states: readonly BackfillState[] = [
  'preflight',
  'waiting_approval',
  'running',
  'paused',
  'canceling',
  'finishing',
  'done',
  'canceled',
];
const movable = (verb: SteerVerb, by: SteerVerb | null = null) =>
  states.flatMap((state) => {
    const steered = by && { verb: by, by: 'ada', reason: null, at: 1 };
    const move = moveOf(verb, { state, steered });
    return typeof move === 'string' ? [`${state} ${move}`] : [];
  });

describe('steering', () => {
  it('moves what can be moved, and knows what is so already', () => {
    expect(movable('pause')).toEqual(['running move', 'paused already']);
    expect(movable('resume')).toEqual(['running already', 'paused move']);
    expect(movable('retry')).toEqual(['done move', 'canceled move']);
    expect(movable('retry', 'retry')).toEqual(['running already', 'done move', 'canceled move']);
    const cancel = ['preflight move', 'waiting_approval move', 'running move', 'paused move', 'canceling already'];
    expect(movable('cancel')).toEqual([...cancel, 'canceled already']);
    expect(movable('cancel', 'cancel')).toEqual([...cancel, 'finishing already', 'canceled already']);
  });

  it('says of everything else why it cannot be', () => {
    expect(moveOf('pause', { state: 'done', steered: null })).toEqual({ why: 'is over, all its cells are final' });
    expect(moveOf('retry', { state: 'paused', steered: null })).toEqual({
      why: 'is paused; it can be retried when it is over',
    });
  });
});
