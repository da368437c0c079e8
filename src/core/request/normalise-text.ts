/**
 * What people paste is not what they see: documents and phones turn `--` into a dash, quotes into curly ones and spaces
 * into non-breaking ones, and hide marks without width. All that is read as what it stands for; nothing else is changed.
 */

/** The longest request that is read, in UTF-16 units: Slack cuts longer ones somewhere, and half a list is a wrong list. */
export const longestRequest = 3500;

const dashes = '\\-\\u2010-\\u2015\\u2043\\u2212\\u02d7\\u2e3a\\u2e3b';
const anyDash = new RegExp(`[${dashes}]`, 'g');
const leadingDashes = new RegExp(`(^|\\s)([${dashes}]{1,3})(?=[a-z])`, 'gi');

/**
 * Reads typographic characters as the plain ones they stand for: NFKC (full-width letters and digits), dashes, quotes,
 * spaces; drops marks that cannot be seen. Normalising twice changes nothing more.
 */
export function normaliseText(text: string): string {
  return text
    .replace(/\p{Cf}/gu, '')
    .replace(/\u00b4/g, "'")
    .normalize('NFKC')
    .replace(/[\u201c-\u201f\u00ab\u00bb\u301d-\u301f]/g, '"')
    .replace(/[\u2018-\u201b\u2032\u2035\u02bc]/g, "'")
    .replace(/\u3001/g, ',')
    .replace(leadingDashes, (whole, before: string, run: string) => (/^-+$/.test(run) ? whole : `${before}--`))
    .replace(anyDash, '-')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Whether there is anything but text in it: control characters (line breaks and tabs are spaces), half characters. */
export function hasControls(text: string): boolean {
  return /(?![\t\n\r])\p{Cc}/u.test(text) || /\p{Cs}/u.test(text);
}

/** The text without control characters and half characters. */
export function stripControls(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ').replace(/\p{Cs}/gu, '');
}

/**
 * Somebody's words as a message may repeat them: in quotes, at most 60 characters, no control characters, and no `<`,
 * with which a chat begins a mention.
 */
export function quoteForPeople(text: string): string {
  const plain = Array.from(text.replace(/\p{C}/gu, ' ').replace(/\s+/g, ' ').trim());
  const short = plain.length > 60 ? `${plain.slice(0, 57).join('')}...` : plain.join('');
  return `"${short.replace(/</g, '\u2039').replace(/>/g, '\u203a')}"`;
}
