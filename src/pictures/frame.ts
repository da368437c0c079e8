/** What every picture has around it: the point as a title, the dates, the drawing, and a legend of what occurs in it. */
import type { Status } from '../core/verdict.ts';
import { centreMark, drawCell, sayStatus } from './marks.ts';
import { groupDigits } from './point.ts';
import { clipText, type Drawn, inks, measureText, moveTo, writeSvg, writeText } from './svg.ts';

/** Width of a drawing in pixels: a chat column shows about so many. */
export const fullWidth = 952;
const margin = 24;
const narrowest = 420;
const [titleSize, subtitleSize, legendSize] = [18, 12.5, 12];

/** `drawing` above a legend of entries such as "blocked 12". `label` is the sentence for screen readers. */
export type Framed = {
  readonly title: string;
  readonly subtitle: string;
  readonly label: string;
  readonly drawing: Drawn;
  readonly legend: readonly Drawn[];
};

/** The whole picture as SVG. */
export function framePicture({ title, subtitle, label, drawing, legend }: Framed): string {
  const wanted = Math.max(drawing.width, measureText(title, titleSize) * 1.02, measureText(subtitle, subtitleSize));
  const inner = Math.max(drawing.width, narrowest, Math.min(wanted, fullWidth));
  const body = margin + 62;
  const below = layOutLegend(legend, inner);
  const svg = [
    writeText(margin, margin + 16, clipText(title, inner, titleSize), { size: titleSize, bold: true }),
    writeText(margin, margin + 38, clipText(subtitle, inner, subtitleSize), { size: subtitleSize, fill: inks.quiet }),
    moveTo(margin, body, drawing.svg),
    moveTo(margin, body + drawing.height + 18, below.svg),
  ];
  return writeSvg(inner + 2 * margin, body + drawing.height + 18 + below.height + margin, label, svg.join('\n'));
}

function layOutLegend(entries: readonly Drawn[], width: number): Drawn {
  let [x, y] = [0, 0];
  const placed = entries.map((entry) => {
    if (x > 0 && x + entry.width > width) [x, y] = [0, y + 24];
    const svg = moveTo(x, y, entry.svg);
    x += entry.width + 22;
    return svg;
  });
  return { width, height: entries.length === 0 ? 0 : y + 18, svg: placed.join('') };
}

/** The legend's entries of statuses: the cell as it is drawn, its word, and how many there are. */
export function legendOf(counts: readonly (readonly [Status, number])[]): Drawn[] {
  return counts.map(([status, many]) =>
    legendEntry(drawCell(status, centreMark(18, 18), 3), sayStatus(status), groupDigits(many)),
  );
}

/** One entry: a sample of 18 x 18 pixels, a word, and perhaps a figure. */
export function legendEntry(sample: string, word: string, figure = ''): Drawn {
  const at = 25 + measureText(word, legendSize) + 4;
  const svg =
    sample +
    writeText(25, 13.5, word, { size: legendSize }) +
    (figure === '' ? '' : writeText(at, 13.5, figure, { size: legendSize, bold: true }));
  return { width: at + measureText(figure, legendSize), height: 18, svg };
}
