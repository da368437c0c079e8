/**
 * Names of tasks. A queue drops a second task of a known name, for an hour or longer, so whatever may be asked again
 * (an attempt, a generation) belongs into the parts. The hash stands first because sequential prefixes slow Cloud Tasks.
 */
import { createHash } from 'node:crypto';

const longest = 500;

/**
 * A name made of letters, digits, `_` and `-`, at most 500 long: 8 hex digits of the parts' SHA-256, then the parts for
 * whoever reads a queue. The same parts give the same name; `['a-b', 'c']` and `['a', 'b-c']` differ. Where the parts
 * cannot be written out whole, more of the hash follows them, so that the name stays unique.
 */
export function taskName(parts: readonly (string | number)[]): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(parts.map(String)))
    .digest('hex');
  const plain = parts.join('-');
  const start = `${hash.slice(0, 8)}-`;
  const readable = plain.replace(/[^A-Za-z0-9_-]/g, '_');
  if (readable === plain && start.length + plain.length <= longest) return `${start}${plain}`;
  const end = `-${hash.slice(8, 40)}`;
  return `${start}${readable.slice(0, longest - start.length - end.length)}${end}`;
}
