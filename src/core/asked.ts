/**
 * What a person asked, as it is stored before it is acknowledged. The words are kept, not what they meant: the job reads
 * them again with the same grammar, so that a request outlives a release that reads them differently.
 */
import { z } from 'zod';

export const askedSchema = z.strictObject({
  command: z.enum(['/coverage', '/backfill']),
  /** The words after the command, normalised. */
  text: z.string(),
  /** The id of the person in the chat, and the name to show. */
  user: z.string(),
  userName: z.string(),
  channel: z.string(),
  /** The thread to answer in; null: the channel itself. */
  thread: z.string().nullable(),
  /** Epoch milliseconds. Whoever reads the text again takes `today` from this, however late it runs. */
  at: z.number(),
  /** The offer that was taken, where a button was pressed and nothing typed. */
  offer: z.string().optional(),
});

/**
 * A request of a person. An offer is stored as one too: as what a click on it would ask, so its text names explicit dates
 * ("yesterday" would be another day when the button is pressed).
 */
export type Asked = z.infer<typeof askedSchema>;

/** The kinds under which requests are stored. The first two are also the kinds of their tasks. */
export const requestKinds = ['report-coverage', 'start-backfill', 'offer'] as const;
export type RequestKind = (typeof requestKinds)[number];

/** Which task answers a command. */
export function kindOf(command: Asked['command']): 'report-coverage' | 'start-backfill' {
  return command === '/coverage' ? 'report-coverage' : 'start-backfill';
}

/** The unique key of a click on an offer: a second click, by whomever, has the same one. */
export function offerClickKey(offer: string): string {
  return `offer:${offer}`;
}

/** Reads a stored payload; undefined when it is not one. */
export function readAsked(payload: unknown): Asked | undefined {
  const read = askedSchema.safeParse(payload);
  return read.success ? read.data : undefined;
}
