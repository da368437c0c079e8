/**
 * Values on their way into Postgres. Texts come from services and people, and two things that JavaScript holds in a
 * string have no place in a Postgres text: the character 0, and half of a surrogate pair.
 */

/** The text with both replaced by U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(/\0|\p{Surrogate}/gu, '\uFFFD');
}

/** A value as the text of a jsonb parameter. Undefined becomes null. */
export function toJson(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, inner: unknown) =>
    typeof inner === 'string' ? wellFormed(inner) : inner,
  );
}
