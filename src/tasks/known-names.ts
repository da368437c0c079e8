/** Names of tasks that were seen, so that a second task of one name is dropped. Bounded: a bot runs for months. */

export type KnownNames = {
  /** False if the name is known already. */
  add(name: string): boolean;
  /** Its task is over; the name is remembered until enough others have followed it. */
  finish(name: string): void;
};

/** Knows all unfinished names, and at least the last `keep` finished ones (at most twice as many). */
export function knownNames(keep: number): KnownNames {
  const unfinished = new Set<string>();
  let recent = new Set<string>();
  let older = new Set<string>();
  return {
    add(name) {
      if (unfinished.has(name) || recent.has(name) || older.has(name)) return false;
      unfinished.add(name);
      return true;
    },
    finish(name) {
      unfinished.delete(name);
      recent.add(name);
      if (recent.size < keep) return;
      older = recent;
      recent = new Set();
    },
  };
}
