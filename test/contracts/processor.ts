/**
 * What every adapter of the processor port answers. Run it against each with a service that behaves as it is told; the
 * test moves the clock, so that a deadline of minutes passes at once.
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { Processor, ProcessorCall } from '../../src/processor/processor.ts';

/** What the service does with a call. */
export type Behaviour =
  | 'succeeds'
  | 'says nothing of our processor'
  | 'reports an error of our processor'
  | 'does not know our processor'
  | 'answers for another date'
  | 'refuses the request'
  | 'is busy'
  | 'breaks the connection while it works'
  | 'never answers'
  | 'is not there';

export type ProcessorUnderTest = {
  readonly processor: Processor;
  readonly call: ProcessorCall;
  /** Resolves when the service has received a call. */
  received(): Promise<void>;
  /** Lets the deadline of the call pass. */
  passDeadline(): Promise<void>;
  close(): Promise<void>;
};

export function processorContract(name: string, make: (behaviour: Behaviour) => Promise<ProcessorUnderTest>): void {
  describe(`processor: ${name}`, () => {
    let underTest: ProcessorUnderTest | undefined;
    afterEach(async () => await underTest?.close());
    const answerOf = async (behaviour: Behaviour) => {
      underTest = await make(behaviour);
      return await underTest.processor.run(underTest.call);
    };

    it('hands on success', async () => {
      expect(await answerOf('succeeds')).toEqual({ kind: 'answered', reported: 'success' });
    });

    it('takes silence about our processor for no statement, and never for success', async () => {
      expect(await answerOf('says nothing of our processor')).toEqual({ kind: 'answered', reported: 'unstated' });
    });

    it('hands on a reported error, in its words and one line, as worth another try', async () => {
      const answer = await answerOf('reports an error of our processor');
      expect(answer).toEqual({ kind: 'failed', retry: true, detail: 'no rows in team_boxscore' });
    });

    it.each(['does not know our processor', 'answers for another date', 'refuses the request'] as const)(
      'gives up on a service that %s',
      async (behaviour) => {
        expect(await answerOf(behaviour)).toMatchObject({ kind: 'failed', retry: false });
      },
    );

    it.each(['is busy', 'is not there'] as const)('finds a service that %s worth another try', async (behaviour) => {
      expect(await answerOf(behaviour)).toMatchObject({ kind: 'failed', retry: true });
    });

    it('does not know whether a service works on after it broke the connection', async () => {
      expect(await answerOf('breaks the connection while it works')).toMatchObject({ kind: 'ambiguous' });
    });

    it('does not know whether a service works on after its deadline', async () => {
      const { processor, call, received, passDeadline } = await make('never answers').then((made) => {
        underTest = made;
        return made;
      });
      const answer = processor.run(call);
      await received();
      await passDeadline();
      expect(await answer).toMatchObject({ kind: 'ambiguous' });
    });

    it('stops waiting when it is told to, and does not claim that nothing runs', async () => {
      const { processor, call, received } = await make('never answers').then((made) => {
        underTest = made;
        return made;
      });
      const stop = new AbortController();
      const answer = processor.run(call, stop.signal);
      await received();
      stop.abort();
      expect(await answer).toMatchObject({ kind: 'ambiguous' });
    });
  });
}
