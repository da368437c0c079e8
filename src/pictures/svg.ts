/**
 * The few SVG elements that pictures are made of. Text of a person or a service stands in them, and one character that
 * XML does not allow makes the whole picture unreadable, so nothing is written but through `writeText`.
 */

export const inks = {
  text: '#1f2937',
  quiet: '#57606a',
  rule: '#d0d7de',
  weekend: '#e9eff7',
  paper: '#ffffff',
} as const;

export type TextStyle = {
  /** Pixels. */
  readonly size?: number;
  readonly bold?: boolean;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
};

/** A drawn part: its size in pixels, and elements whose origin is its upper left corner. */
export type Drawn = { readonly width: number; readonly height: number; readonly svg: string };

/** Takes out what XML does not allow and what a browser would obey instead of show, and folds white space. */
export function cleanLabel(text: string): string {
  return text
    .replace(/\s+/gu, ' ')
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[\p{Cc}\ufffe\uffff\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .trim();
}

/** Text as XML content or attribute. */
export function escapeXml(text: string): string {
  return cleanLabel(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** Width of a text in pixels, from the widths of letters of Inter at weight 600; a little more than it takes. */
export function measureText(text: string, size = 12): number {
  let ems = 0;
  for (const letter of text) ems += letterWidth(letter);
  return ems * size;
}

function letterWidth(letter: string): number {
  if (/[ilj.,:!I;'|ft·\s]/.test(letter)) return 0.31;
  if (/[()/[\]r1_{}-]/.test(letter)) return 0.44;
  if (/[mwM]/.test(letter)) return 0.92;
  if (/[@%W]/.test(letter)) return 1.04;
  if (/[A-Z+=<>~]/.test(letter)) return 0.73;
  if (letter > '\u024f') return 1.1;
  return /[?aksxz]/.test(letter) ? 0.56 : 0.62;
}

/** A text that fits into so many pixels; the cut shows as an ellipsis. */
export function clipText(text: string, width: number, size = 12): string {
  const letters = [...cleanLabel(text)];
  // No picture has room for more of the narrowest letters, and measuring a book takes its time.
  const kept = letters.slice(0, Math.ceil(width / (0.3 * size)) + 1);
  if (kept.length === letters.length && measureText(kept.join(''), size) <= width) return kept.join('');
  let room = width - measureText('…', size);
  const fits = kept.findIndex((letter) => {
    room -= measureText(letter, size);
    return room < 0;
  });
  return `${kept.slice(0, fits < 0 ? kept.length : fits).join('')}…`;
}

/** Text whose base line begins at (x, y). */
export function writeText(x: number, y: number, text: string, style: TextStyle = {}): string {
  const { size = 12, bold = false, fill = inks.text, anchor = 'start' } = style;
  const at = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  const weight = bold ? ' font-weight="600"' : '';
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}"${weight}${at} fill="${fill}">${escapeXml(text)}</text>`;
}

/** A filled rectangle. */
export function drawBox(x: number, y: number, width: number, height: number, fill: string, round_ = 0): string {
  const corner = round_ > 0 ? ` rx="${round_}"` : '';
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"${corner} fill="${fill}"/>`;
}

/** A thin line. */
export function drawRule(x1: number, y1: number, x2: number, y2: number, stroke: string = inks.rule): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${stroke}"/>`;
}

/** Moves a drawn part. */
export function moveTo(x: number, y: number, svg: string): string {
  return svg === '' ? '' : `<g transform="translate(${round(x)} ${round(y)})">${svg}</g>`;
}

/** A whole document. `label` is what a screen reader says. */
export function writeSvg(width: number, height: number, label: string, svg: string): string {
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img"`,
    ` aria-label="${escapeXml(label)}" font-family="Inter, 'Helvetica Neue', Arial, sans-serif">`,
    `<title>${escapeXml(label)}</title>`,
    drawBox(0, 0, w, h, inks.paper),
    svg,
    '</svg>\n',
  ].join('\n');
}

/** Two decimals are finer than any screen. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
