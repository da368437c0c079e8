/** Pictures of coverage as files: PNG to send to somebody, SVG that tells about the cell which is pointed at. */
import { writeFileSync } from 'node:fs';
import type { Coverage } from '../core/coverage/coverage-report.ts';
import type { CalendarDate } from '../core/dates.ts';
import { quoteArgument } from '../core/request/request.ts';
import { Fault, type Refusal, refuse } from '../fault.ts';
import { typeDatesBriefly } from '../messages/phrases.ts';
import { drawHeatMap } from '../pictures/heat-map.ts';
import { drawTrend } from '../pictures/trend.ts';
import type { Ports } from '../ports.ts';
import type { Output } from './output.ts';
import type { Words } from './words.ts';

type Wanted = Pick<Words, 'png' | 'svg' | 'trend'>;

/** Writes the files that were asked for, and says so. Throws a Fault if one cannot be written. */
export async function writePictures(
  ports: Pick<Ports, 'draw'>,
  coverage: Coverage,
  { png, svg, trend }: Wanted,
  output: Output,
): Promise<void> {
  const draw = trend ? drawTrend : drawHeatMap;
  if (svg !== undefined) writePicture(svg, draw(coverage, { titles: true }), output);
  if (png !== undefined) writePicture(png, await ports.draw(draw(coverage)), output);
}

function writePicture(file: string, content: string | Uint8Array, output: Output): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    const remedy = 'Name a file in a folder that exists and that you may write to.';
    throw new Fault(`${file} could not be written${why}`, 'never', { cause: error, remedy });
  }
  output.say(`Wrote ${file} (${Math.ceil(content.length / 1000)} kB)`);
}

/** A trend of several tables would have no common scale. */
export function refuseTrend(tables: readonly string[], dates: readonly CalendarDate[], { png, svg }: Wanted): Refusal {
  const file = png === undefined ? `--svg ${quoteArgument(svg ?? '')}` : `--png ${quoteArgument(png)}`;
  return refuse(
    `--trend draws the rows of one table, and ${tables.length} were asked for: ${tables.join(', ').slice(0, 200)}.`,
    `backcourt coverage ${tables[0] ?? ''} ${typeDatesBriefly(dates)} --trend ${file}`,
  );
}
