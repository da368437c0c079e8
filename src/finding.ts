/** What a check found out about one thing that is relied on, as a line for whoever set it up. */

export type Finding = {
  /** The thing: `store clock`, `service phase4`. */
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What is wrong: where and how to mend it. */
  readonly remedy?: string;
};

/** Nothing is wrong there. */
export function fine(what: string, detail: string): Finding {
  return { what, ok: true, detail };
}

/** Something is wrong there. */
export function wrong(what: string, detail: string, remedy?: string): Finding {
  return remedy === undefined ? { what, ok: false, detail } : { what, ok: false, detail, remedy };
}
