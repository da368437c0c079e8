/** Whether the colours can be told apart, measured: by contrast, and as people see them who lack one kind of cone. */
import { describe, expect, test } from 'vitest';
import { statuses } from '../../src/core/verdict.ts';
import { looks } from '../../src/pictures/marks.ts';
import { inks } from '../../src/pictures/svg.ts';

type Rgb = readonly [number, number, number];

/** Linear light of a colour, 0 to 1. */
function linear(hex: string): Rgb {
  const part = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** WCAG 2: 1 to 21. */
function contrast(one: string, other: string): number {
  const [a, b] = [luminance(linear(one)), luminance(linear(other))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Machado, Oliveira and Fernandes 2009, at full strength. */
const eyes: Record<string, readonly [Rgb, Rgb, Rgb]> = {
  'all cones': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  'no red cones': [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  'no green cones': [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

/** Distance in CIELAB; 10 is seen at a glance. */
function distance(one: string, other: string, eye: readonly [Rgb, Rgb, Rgb]): number {
  const [a, b] = [lab(see(linear(one), eye)), lab(see(linear(other), eye))];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function see(colour: Rgb, eye: readonly [Rgb, Rgb, Rgb]): Rgb {
  const row = (by: Rgb) => Math.min(1, Math.max(0, by[0] * colour[0] + by[1] * colour[1] + by[2] * colour[2]));
  return [row(eye[0]), row(eye[1]), row(eye[2])];
}

function lab([r, g, b]: Rgb): Rgb {
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe('the colours', () => {
  test.each(statuses)('show the mark and the day of a cell that is %s', (status) => {
    expect(contrast(looks[status].fill, looks[status].ink)).toBeGreaterThan(4.2);
  });

  test('of words are dark enough on paper and on weekends', () => {
    for (const ink of [inks.text, inks.quiet]) {
      expect(contrast(ink, inks.paper)).toBeGreaterThan(4.5);
      expect(contrast(ink, inks.weekend)).toBeGreaterThan(4.5);
    }
  });

  const pairs = statuses.flatMap((one, n) => statuses.slice(n + 1).map((other) => [one, other] as const));
  test.each(Object.entries(eyes))('of any two statuses differ for eyes with %s', (_, eye) => {
    const alike = pairs.filter(([one, other]) => distance(looks[one].fill, looks[other].fill, eye) < 10);
    expect(alike).toEqual([]);
  });

  test.each(Object.entries(eyes))(
    'of what is complete and of what needs work differ plainly for eyes with %s',
    (_, eye) => {
      const work = ['missing', 'blocked', 'thin', 'tainted', 'over', 'unknown'] as const;
      const alike = work.filter((status) => distance(looks.complete.fill, looks[status].fill, eye) < 20);
      expect(alike).toEqual([]);
    },
  );
});
