/** Reads the values of result rows, whose types no compiler knows. */
import { Fault } from '../fault.ts';

/** A whole number; NULL is 0, as an outer join has it for what is not there. */
export function countIn(row: Record<string, unknown>, name: string): number {
  const value = row[name] ?? 0;
  if (typeof value === 'number') return value;
  throw unexpected(name, value);
}

/** Epoch milliseconds; NaN for NULL. */
export function instantIn(row: Record<string, unknown>, name: string): number {
  const value = row[name] ?? Number.NaN;
  if (typeof value === 'number') return value;
  throw unexpected(name, value);
}

/** Text that is there. */
export function textIn(row: Record<string, unknown>, name: string): string {
  const value = row[name];
  if (typeof value === 'string') return value;
  throw unexpected(name, value);
}

/** A list of text; NULL is an empty one. */
export function textsIn(row: Record<string, unknown>, name: string): string[] {
  const value = row[name] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw unexpected(name, value);
}

function unexpected(name: string, value: unknown): Fault {
  return new Fault(`The warehouse answered ${JSON.stringify(value)} for ${name}, which is not what was asked`, 'never');
}
