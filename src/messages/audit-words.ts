/**
 * An entry of the audit log in words. Its details differ by action and grow with every release, so they are said by
 * their names; what everybody asks first (what was typed, and why) comes first.
 */

import { engine } from '../core/backfill/steering.ts';
import { isDate } from '../core/dates.ts';
import { sayDays } from './phrases.ts';
import { cleanText, sayInstant } from './words.ts';

export type ToldEntry = {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** Said apart, or within what was typed. */
const apart: ReadonlySet<string> = new Set(['typed', 'pressed', 'reason', 'from', 'name', 'options']);

/** When, who, what, about what, and the rest. */
export function sayEntry(entry: ToldEntry): [at: string, actor: string, action: string, subject: string, rest: string] {
  const { typed, pressed, reason, from, name } = entry.detail;
  const rest = Object.entries(entry.detail)
    .filter(([key, value]) => !apart.has(key) && value !== null && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => `${key}: ${sayValue(value)}`);
  const parts = [
    typeof typed === 'string' ? `${pressed === true ? 'pressed ' : ''}${typed}` : '',
    typeof reason === 'string' && !String(typed ?? '').includes(reason) ? `reason: ${reason}` : '',
    ...rest,
    typeof from === 'string' ? `from ${from}` : '',
  ];
  const who =
    entry.actor === engine ? 'Backcourt' : typeof name === 'string' ? `${name} (${entry.actor})` : entry.actor;
  const said = parts.filter((part) => part !== '').join('; ');
  return [sayInstant(entry.at), cleanText(who), entry.action, cleanText(entry.subject), cleanText(said)];
}

function sayValue(value: unknown): string {
  if (!Array.isArray(value)) return typeof value === 'object' ? JSON.stringify(value) : String(value);
  return value.every((item) => typeof item === 'string' && isDate(item))
    ? sayDays(value)
    : value.map(sayValue).join(', ');
}
