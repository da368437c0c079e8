/**
 * SVG to PNG by resvg. It draws no text at all, and says nothing, when it has no font, so ours are bundled and the
 * machine's are not looked at: a picture is the same everywhere.
 */
import { join } from 'node:path';
import { Fault } from '../fault.ts';
import { packageRoot } from '../package-root.ts';

/** Beyond so many pixels a picture is drawn with fewer of them: it takes four bytes each to make, and to look at. */
const mostPixels = 24_000_000;

const fontFiles = ['inter-400.ttf', 'inter-600.ttf'].map((name) => join(packageRoot(), 'assets', 'fonts', name));

/**
 * Renders a picture of ours as PNG, outside the main thread. `scale` is pixels per pixel of the SVG. Throws a Fault if
 * it is no SVG.
 */
export async function renderPng(
  svg: string,
  options: { readonly scale?: number } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { renderAsync } = await import('@resvg/resvg-js');
    const image = await renderAsync(svg, {
      font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'Inter' },
      fitTo: { mode: 'zoom', value: fitScale(svg, options.scale ?? 2) },
      logLevel: 'off',
    });
    return new Uint8Array(image.asPng());
  } catch (error) {
    throw new Fault('the picture could not be rendered', 'never', { cause: error });
  }
}

function fitScale(svg: string, scale: number): number {
  const [, width = '1', height = '1'] = /<svg[^>]*? width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  const pixels = Number(width) * Number(height);
  return pixels * scale * scale > mostPixels ? Math.sqrt(mostPixels / pixels) : scale;
}
