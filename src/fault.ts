/**
 * The one error class. A Fault means that the world broke (a service did not answer, a file is locked), as opposed to a
 * Refusal (we understood and decline) or an Outcome (what happened to one cell), which are values and never thrown.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  /** `later`: trying again may help. `never`: a person has to mend something first. */
  readonly retry: 'later' | 'never';
  /** What to do about it, as a sentence that a person can follow. */
  readonly remedy: string | undefined;

  constructor(message: string, retry: 'later' | 'never', options: { cause?: unknown; remedy?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.retry = retry;
    this.remedy = options.remedy;
  }
}

/** A request that was understood and is declined: what, because, and what to type instead. Always a returned value. */
export type Refusal = {
  readonly refused: true;
  /** One sentence that says what was understood and why it cannot be done. */
  readonly message: string;
  /** A corrected command to copy, where there is one. */
  readonly try?: string;
  /** Other commands that lead on. */
  readonly roads?: readonly string[];
  /** Who holds what was asked for: a person's id or name, apart since only a message knows how to show it. */
  readonly owner?: string;
  /** Who may do what was denied: ids of people, user groups and channels. */
  readonly may?: readonly string[];
  /** It may be otherwise in a minute, since something could not be read. */
  readonly passing?: true;
};

/** Builds a Refusal. */
export function refuse(message: string, tryInstead?: string): Refusal {
  return tryInstead === undefined ? { refused: true, message } : { refused: true, message, try: tryInstead };
}

/** Whether a returned value is a Refusal. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value && value.refused === true;
}
