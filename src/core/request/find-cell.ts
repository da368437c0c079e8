/** Which cell a message speaks of: the words of any message, ours or a person's, are looked through for tables and dates. */
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type CalendarDate, isDate } from '../dates.ts';
import { normaliseText } from './normalise-text.ts';

/** Tables and dates, each once, in the order in which they are named. */
export type Named = { readonly tables: readonly string[]; readonly dates: readonly CalendarDate[] };

/** Only aliases and ISO dates count: whoever reads more into somebody's words answers what nobody asked. */
export function findNamed(text: string, catalogue: Catalogue): Named {
  const plain = normaliseText(text).toLowerCase();
  const tables = (plain.match(/[\p{L}\p{N}_-]+/gu) ?? []).filter((word) => catalogue.tables.has(word));
  const dates = (plain.match(/(?<![\d-])\d{4}-\d{2}-\d{2}(?![\d-])/g) ?? []).filter(isDate);
  return { tables: [...new Set(tables)], dates: [...new Set(dates)] };
}
