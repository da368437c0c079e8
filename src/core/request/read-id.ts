/** Ids as people type and paste them: with a `#`, in capitals, in the quotes or backticks of the message they stood in. */

/** The id in a word, in lower case; undefined where there is none. */
export function readId(text: string): string | undefined {
  const bare = text.trim().replace(/^["'`(#]+|["'`).,:;!?]+$/g, '');
  const id = bare.toLowerCase();
  return /^[a-z0-9][a-z0-9_-]{0,63}$/.test(id) ? id : undefined;
}
