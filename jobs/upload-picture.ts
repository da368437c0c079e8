/** The picture of an answer. It is an addition: whatever goes wrong with it, the answer is given, with its text strip. */
import type { Coverage } from '../src/core/coverage/coverage-report.ts';
import type { ShownPicture } from '../src/messages/blocks.ts';
import { drawHeatMap } from '../src/pictures/heat-map.ts';
import { describePicture, sayPoint } from '../src/pictures/point.ts';
import type { Ports } from '../src/ports.ts';

/** Slack's own limits for a title and a text in place of the picture are higher. */
const [titleLength, altLength] = [200, 900];

/**
 * Draws a coverage and uploads it; undefined when that did not work, which the log says. Called again for the same
 * request it uploads again: the message then shows the later one, and the earlier is seen nowhere.
 */
export async function uploadCoverage(
  ports: Ports,
  coverage: Coverage,
  request: string,
): Promise<ShownPicture | undefined> {
  const alt = cut(describePicture(coverage), altLength);
  try {
    const bytes = await ports.draw(drawHeatMap(coverage));
    const name = `coverage-${coverage.from}-${coverage.to}.png`;
    const result = await ports.chat.upload({ name, title: cut(sayPoint(coverage), titleLength), alt, bytes });
    if (result.kind === 'ok') return { file: result.file, alt };
    ports.log.warn({ request, result: result.kind, detail: result.detail }, 'picture not uploaded');
  } catch (error) {
    ports.log.warn({ request, err: error }, 'picture not drawn');
  }
  return undefined;
}

function cut(text: string, length: number): string {
  const letters = [...text];
  return letters.length <= length ? text : `${letters.slice(0, length - 1).join('')}…`;
}
