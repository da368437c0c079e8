/**
 * The body of a call, from the catalogue's template. Services of this kind honour more keys than they should (strict
 * mode, other data sets, keywords instead of dates), so only three values of ours ever enter it and never as keys.
 */
import type { ProcessorCall } from './processor.ts';

/** The template with {date}, {processor} and {attempt} replaced inside its strings, at any depth. */
export function fillTemplate(call: ProcessorCall): Record<string, unknown> {
  const { date, processor, attempt } = call;
  const values: Record<string, string> = { date, processor, attempt };
  const fill = (part: unknown): unknown => {
    if (typeof part === 'string') return part.replace(/\{(date|processor|attempt)\}/g, (_, name) => values[name] ?? '');
    if (Array.isArray(part)) return part.map(fill);
    if (typeof part === 'object' && part !== null) return fillEntries(part);
    return part;
  };
  const fillEntries = (part: object) =>
    Object.fromEntries(Object.entries(part).map(([key, value]): [string, unknown] => [key, fill(value)]));
  return fillEntries(call.service.body);
}
