/** One line of bars: a bar per date with its status below it, steps for what was expected, and few words on the axes. */
import { type CalendarDate, daysBetween, toDay } from '../core/dates.ts';
import type { Status, Verdict } from '../core/verdict.ts';
import { dayOf, groupMonths, isWeekend, monthOf } from './columns.ts';
import { looks } from './marks.ts';
import { groupDigits } from './point.ts';
import { type Drawn, drawBox, drawRule, inks, measureText, round, writeText } from './svg.ts';

/** Dates across, rows upwards. Sizes in pixels; `top` is the highest tick. */
export type Scale = {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly ticks: readonly number[];
};

type Place = Scale & { readonly slot: number; at(date: CalendarDate): number; up(rows: number): number };

/** The band of marks under the bars, and the words under that. */
const [markBand, wordBand, markSize] = [27, 30, 10];
const widestSlot = 40;
/** From this many pixels per date on, every tenth day has its number, and every day. */
const [showsTens, showsAll] = [5, 17];

/** Draws the cells (ascending) of one line; `title` is shown of the bar that is pointed at. */
export function drawPanel(
  cells: readonly Verdict[],
  scale: Scale,
  title: (cell: Verdict) => string | undefined,
): Drawn {
  const first = toDay(scale.from);
  const slot = Math.min(widestSlot, scale.width / (toDay(scale.to) - first + 1));
  const place: Place = {
    ...scale,
    slot,
    at: (date) => (toDay(date) - first) * slot,
    up: (rows) => scale.height - (scale.height * rows) / scale.top,
  };
  const svg = [
    ...drawTicks(place),
    ...cells.map((cell) => drawBar(cell, place, title)),
    drawSteps(cells, place),
    ...drawMarks(cells, place),
    ...drawDates(place),
  ];
  return { width: scale.width, height: scale.height + markBand + wordBand, svg: svg.join('') };
}

function drawTicks(place: Place): string[] {
  const end = place.at(place.to) + place.slot;
  return place.ticks.flatMap((tick) => [
    drawRule(0, place.up(tick), end, place.up(tick), tick === 0 ? inks.quiet : inks.rule),
    writeText(-8, place.up(tick) + 4, groupDigits(tick), { size: 11, anchor: 'end', fill: inks.quiet }),
  ]);
}

function drawBar(cell: Verdict, place: Place, title: (cell: Verdict) => string | undefined): string {
  const rows = cell.rows ?? 0;
  if (rows <= 0) return '';
  const gap = place.slot > 8 ? 1.5 : place.slot > 3 ? 0.6 : 0;
  // One row of hundreds must be seen, or the date would look empty.
  const y = Math.min(place.up(rows), place.height - 1.5);
  const bar = drawBox(place.at(cell.date) + gap / 2, y, place.slot - gap, place.height - y, looks[cell.status].fill);
  const said = title(cell);
  return said === undefined ? bar : `<g><title>${said}</title>${bar}</g>`;
}

/** A level per run of dates, interrupted where nothing is expected or nobody knows how much. */
function drawSteps(cells: readonly Verdict[], place: Place): string {
  const path: string[] = [];
  let end = Number.NaN;
  for (const { date, expected, status } of cells) {
    if (expected === null || status === 'not_expected') continue;
    const [x, y] = [round(place.at(date)), round(place.up(expected))];
    path.push(x === end ? `V${y}` : `M${x} ${y}`);
    end = round(place.at(date) + place.slot);
    path.push(`H${end}`);
  }
  if (path.length === 0) return '';
  return `<path d="${path.join('')}" fill="none" stroke="${inks.text}" stroke-width="${place.slot > 8 ? 1.6 : 1.1}"/>`;
}

/** Runs of one status as a strip with a mark in the middle; where the strip is narrow, what needs work has it below. */
function drawMarks(cells: readonly Verdict[], place: Place): string[] {
  const y = place.height + 4;
  let free = Number.NEGATIVE_INFINITY;
  return groupStatuses(cells).map(({ status, from, to }) => {
    const [left, right] = [place.at(from), place.at(to) + place.slot];
    const { fill, ink, mark } = looks[status];
    const strip = drawBox(left, y, Math.max(0.6, right - left - (place.slot > 3 ? 0.8 : 0)), 12, fill);
    const middle = (left + right) / 2;
    if (right - left >= markSize) return strip + drawMark(middle, y + 6, 1, ink, mark);
    if (status === 'complete' || status === 'not_expected' || middle < free) return strip;
    free = middle + markSize * 0.75;
    return strip + drawMark(middle, y + 18, 0.75, inks.text, mark);
  });
}

function drawMark(x: number, y: number, scale: number, ink: string, mark: string): string {
  return `<g color="${ink}" transform="translate(${round(x)} ${round(y)}) scale(${scale})">${mark}</g>`;
}

type Run = { readonly status: Status; readonly from: CalendarDate; to: CalendarDate };

/** Neighbours of one status; wide cells would stand alone, but a run says the same with fewer marks. */
function groupStatuses(cells: readonly Verdict[]): Run[] {
  const runs: Run[] = [];
  for (const { date, status } of cells) {
    const last = runs.at(-1);
    if (last !== undefined && last.status === status && toDay(date) === toDay(last.to) + 1) last.to = date;
    else runs.push({ status, from: date, to: date });
  }
  return runs;
}

/** Days while they have room, and below them the months. */
function drawDates(place: Place): string[] {
  const days = daysBetween(place.from, place.to);
  const y = place.height + markBand + 10;
  const numbers = days
    .filter((date) => hasNumber(date, place.slot))
    .map((date) => {
      const style = { size: 11, anchor: 'middle' as const, fill: isWeekend(date) ? inks.text : inks.quiet };
      return writeText(place.at(date) + place.slot / 2, y, String(dayOf(date)), style);
    });
  return [...numbers, ...drawMonths(groupMonths(days), place, y)];
}

/** A rule and a name where a month begins; the year once, and where it changes. */
function drawMonths(
  months: readonly (readonly [string, readonly CalendarDate[]])[],
  place: Place,
  y: number,
): string[] {
  const below = place.slot < showsTens ? y : y + 17;
  let year = '';
  return months.map(([month, dates], n) => {
    const x = place.at(dates[0] ?? place.from);
    const room = dates.length * place.slot - 8;
    const full = monthOf(`${month}-01`);
    const texts = month.slice(0, 4) === year ? [full.slice(0, 3)] : [full, full.slice(0, 3)];
    const text = texts.find((each) => n === months.length - 1 || measureText(each, 11) <= room) ?? '';
    if (text === full) year = month.slice(0, 4);
    const rule = n === 0 ? '' : drawRule(x, y - 9, x, below + 2, inks.quiet);
    const fits = text !== '' && x + measureText(text, 11) <= place.width;
    return fits ? rule + writeText(x + (n === 0 ? 0 : 4), below, text, { size: 11, bold: true }) : rule;
  });
}

function hasNumber(date: CalendarDate, slot: number): boolean {
  return slot >= showsAll || (slot >= showsTens && dayOf(date) % 10 === 0);
}
