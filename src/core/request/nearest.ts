/** The nearest of some words: people mistype, and a refusal should name what they meant. */

/**
 * The candidate with the fewest slips (a letter too many, too few, wrong, or two swapped) from the word; undefined where
 * none is near: one slip up to three letters, two up to six, three beyond. Of equals the first.
 */
export function findNearest(word: string, candidates: Iterable<string>): string | undefined {
  const allowed = word.length <= 3 ? 1 : word.length <= 6 ? 2 : 3;
  let best: string | undefined;
  let least = allowed + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    const slips = countSlips(word, candidate);
    // A word of two letters is one slip from every other that shares a letter.
    if (slips < least && slips < Math.max(word.length, candidate.length) - 1) {
      best = candidate;
      least = slips;
    }
  }
  return best;
}

/** Edit distance with swaps of neighbours (optimal string alignment). */
export function countSlips(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let slips = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        slips = Math.min(slips, (before[j - 2] ?? 0) + 1);
      next.push(slips);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Letters of other alphabets that look like a Latin one, and the letter that they look like. */
const lookAlikes = new Map(
  Object.entries({
    a: 'аα',
    b: 'вЬ',
    c: 'сϲ',
    d: 'ԁ',
    e: 'еε',
    f: 'ϝ',
    g: 'ɡ',
    h: 'һн',
    i: 'іıι',
    j: 'ј',
    k: 'кκ',
    l: 'ӏⅼ',
    m: 'м',
    n: 'ո',
    o: 'оοօ',
    p: 'рρ',
    q: 'ԛ',
    r: 'г',
    s: 'ѕ',
    t: 'тτ',
    u: 'υս',
    v: 'νѵ',
    w: 'ԝ',
    x: 'хχ',
    y: 'уγ',
    z: 'ᴢ',
  }).flatMap(([latin, others]) => Array.from(others, (other) => [other, latin] as const)),
);

/** The word with look-alike letters of other alphabets replaced, and the first such letter; null if it has none. */
export function unmaskLetters(word: string): { readonly word: string; readonly letter: string } | null {
  const letters = Array.from(word);
  const letter = letters.find((l) => lookAlikes.has(l));
  return letter === undefined ? null : { word: letters.map((l) => lookAlikes.get(l) ?? l).join(''), letter };
}
