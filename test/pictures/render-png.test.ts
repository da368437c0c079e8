import { readFileSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/fault.ts';
import { drawHeatMap } from '../../src/pictures/heat-map.ts';
import { renderPng } from '../../src/pictures/render-png.ts';
import { writeSvg } from '../../src/pictures/svg.ts';
import { coverageOf } from '../messages/samples.ts';
import { mixedCoverage, sizeOf } from './samples.ts';

type Pixels = { readonly width: number; readonly height: number; readonly rgba: Uint8Array };

function sizeOfPng(png: Uint8Array): [width: number, height: number] {
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

/** The pixels of a PNG, by drawing it again as an image. */
function readPixels(png: Uint8Array): Pixels {
  const [width, height] = sizeOfPng(png);
  const data = Buffer.from(png).toString('base64');
  const image = `<image width="${width}" height="${height}" href="data:image/png;base64,${data}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${image}</svg>`;
  return { width, height, rgba: new Resvg(svg).render().pixels };
}

/** How many pixels of a box are dark. */
function countDark({ width, rgba }: Pixels, left: number, top: number, right: number, bottom: number): number {
  let dark = 0;
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) if ((rgba[(y * width + x) * 4] ?? 255) < 100) dark += 1;
  }
  return dark;
}

describe('a rendered picture', () => {
  test('is a PNG of twice the size', async () => {
    const svg = drawHeatMap(coverageOf(['mlfs']));
    const png = await renderPng(svg);
    const [width, height] = sizeOf(svg);
    expect([...png.slice(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
    expect(sizeOfPng(png)).toEqual([width * 2, height * 2]);
    expect(sizeOfPng(await renderPng(svg, { scale: 1 }))).toEqual([width, height]);
  });

  test('shows its text: without a font all of it would vanish silently', async () => {
    const pixels = readPixels(await renderPng(drawHeatMap(coverageOf(['mlfs', 'pgs']))));
    expect(countDark(pixels, 48, 48, 600, 90)).toBeGreaterThan(1_500);
    expect(countDark(pixels, 48, 96, 600, 130)).toBeGreaterThan(300);
    expect(countDark(pixels, 0, 0, 40, pixels.height)).toBe(0);
  });

  test('shows bold text bolder', async () => {
    const draw = async (weight: string) => {
      const text = `<text x="10" y="40" font-size="30" fill="#000"${weight}>Hamburgefons</text>`;
      return countDark(readPixels(await renderPng(writeSvg(300, 60, 'x', text))), 0, 0, 600, 120);
    };
    expect(await draw(' font-weight="600"')).toBeGreaterThan((await draw('')) * 1.2);
  });

  test('is drawn with fewer pixels when it would be too large to look at', async () => {
    const [width, height] = sizeOfPng(await renderPng(writeSvg(4_000, 9_000, 'tall', '')));
    expect(width * height).toBeLessThan(25_000_000);
    expect(height / width).toBeCloseTo(2.25, 1);
  });

  test('of a season is there before a person wonders', async () => {
    const svg = drawHeatMap(mixedCoverage(13, 241));
    const times: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      const begun = process.cpuUsage();
      await renderPng(svg);
      times.push(process.cpuUsage(begun).user / 1_000);
    }
    // Time of the processor and not of the clock, about 250 ms on an idle machine: others work beside this test.
    expect(Math.min(...times)).toBeLessThan(900);
  });

  test('is a fault where there is no SVG', async () => {
    await expect(renderPng('<svg')).rejects.toThrow(Fault);
  });
});

describe('the fonts', () => {
  test('come with their licence', () => {
    const licence = readFileSync(new URL('../../assets/fonts/OFL.txt', import.meta.url), 'utf8');
    expect(licence).toContain('The Inter Project Authors');
    expect(licence).toContain('SIL OPEN FONT LICENSE Version 1.1');
  });
});
