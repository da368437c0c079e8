/**
 * How each status looks: a colour and a mark, so that nobody has to tell colours apart. The colours differ in lightness
 * and not only in hue; what needs work is strong, what is well or not expected recedes.
 */
import { type Status, statuses } from '../core/verdict.ts';
import { round } from './svg.ts';

export type Look = {
  /** Colour of the cell, and of the mark on it. */
  readonly fill: string;
  readonly ink: string;
  /** Elements in a box of 10 x 10 around the origin; `currentColor` is the ink. */
  readonly mark: string;
};

const square = '<path d="M-3.6-3.6h7.2v7.2h-7.2z" fill="none" stroke="currentColor" stroke-width="1.3"/>';
const filled = (path: string) => `<path d="${path}" fill="currentColor"/>`;
const stroked = (path: string, width: number) =>
  `<path d="${path}" fill="none" stroke="currentColor" stroke-width="${width}" stroke-linecap="round"/>`;

/** The shapes are those of the marks in text: ■ ◪ ▨ ◧ ▲ □ ✕ ▶ · ? */
export const looks: Readonly<Record<Status, Look>> = {
  complete: { fill: '#a3d9c0', ink: '#0b5a40', mark: filled('M-2.2-2.2h4.4v4.4h-4.4z') },
  stale: { fill: '#cfe4fb', ink: '#173f73', mark: square + filled('M3.6-3.6v7.2h-7.2z') },
  tainted: {
    fill: '#b493d6',
    ink: '#33105a',
    mark: square + stroked('M-3.4.4L.4-3.4M-3.4 3.4L3.4-3.4M-.4 3.4L3.4-.4', 1),
  },
  thin: { fill: '#f7dc6f', ink: '#5c4300', mark: square + filled('M-3.6-3.6h3.6v7.2h-3.6z') },
  over: { fill: '#d8669f', ink: '#37041f', mark: filled('M0-4L4.2 3.4h-8.4z') },
  missing: { fill: '#f5a25d', ink: '#4f2400', mark: square },
  blocked: { fill: '#b23a0e', ink: '#ffffff', mark: stroked('M-3-3L3 3M-3 3L3-3', 1.7) },
  running: { fill: '#1769aa', ink: '#ffffff', mark: filled('M-2.8-3.8L4 0L-2.8 3.8z') },
  not_expected: { fill: '#f1f3f5', ink: '#6b7280', mark: '<circle r="1.1" fill="currentColor"/>' },
  unknown: {
    fill: '#5b6470',
    ink: '#ffffff',
    mark: `${stroked('M-2.2-2.4a2.2 2.2 0 1 1 3.3 2Q0 .3 0 1.4', 1.4)}<circle cy="3.8" r="0.9" fill="currentColor"/>`,
  },
};

/** From well to ill, as legends and bars list them. */
export const listed: readonly Status[] = [...statuses].reverse();

export const sayStatus = (status: Status): string => status.replaceAll('_', ' ');

export type CellShape = {
  readonly width: number;
  readonly height: number;
  /** Where the mark's middle is, and how large it is (1 is a box of 10 pixels). */
  readonly markX: number;
  readonly markY: number;
  readonly scale: number;
};

/** A cell with its mark in the middle. */
export function centreMark(width: number, height: number): CellShape {
  return { width, height, markX: width / 2, markY: height / 2, scale: Math.min(1.5, Math.min(width, height) / 13) };
}

/** One cell of a status, drawn where it stands. */
export function drawCell(status: Status, shape: CellShape, corner = 2): string {
  const { fill, ink, mark } = looks[status];
  const { width, height, markX, markY, scale } = shape;
  return (
    `<rect width="${round(width)}" height="${round(height)}" rx="${corner}" fill="${fill}"/>` +
    `<g color="${ink}" transform="translate(${round(markX)} ${round(markY)}) scale(${round(scale)})">${mark}</g>`
  );
}

/** The cells that a picture repeats, each defined once under the name of its status. */
export function defineCells(present: readonly Status[], shape: CellShape): string {
  const cells = present.map((status) => `<g id="cell-${status}">${drawCell(status, shape)}</g>`);
  return `<defs>${cells.join('')}</defs>`;
}

/** A defined cell at a place; `title` is what a browser shows when it is pointed at. */
export function placeCell(status: Status, x: number, y: number, title?: string): string {
  const use = `<use href="#cell-${status}" x="${round(x)}" y="${round(y)}"`;
  return title === undefined ? `${use}/>` : `${use}><title>${title}</title></use>`;
}
