/** Messages that tell of dates that are unlike those around them, and of what a backfill mended. */

import { totalQuality } from '../../src/core/quality/quality.ts';
import type { Quality } from '../../src/core/quality/quality-report.ts';
import { remarkDates } from '../../src/core/quality/remarks.ts';
import type { Message } from '../../src/messages/message.ts';
import { qualityMessage } from '../../src/messages/quality-message.ts';
import { summaryMessage } from '../../src/messages/summary-message.ts';
import { comparedDates, type Had } from '../support/compared-dates.ts';
import { catalogue, cell, finished, view } from './samples.ts';

/** Quality of pgs on as many dates from 1 November as had something. */
function qualityOf(had: readonly Had[]): Quality {
  const all = comparedDates('2021-11-01', had);
  const remarks = remarkDates(new Set(all.map(({ figures }) => figures.date)), all);
  return totalQuality(
    'pgs',
    all.map(({ figures }) => ({ ...figures, remarks: remarks.get(figures.date) ?? [] })),
  );
}

const month = Array<Had>(30).fill({ zeros: 6 });
const oneZero = month.with(4, { rows: 212, zeros: 212, distinct: 1 });
const several: readonly Had[] = oneZero
  .with(11, { nulls: 180, distinct: 2 })
  .with(12, { nulls: 200, distinct: 0 })
  .with(20, { ready: 0, rows: 412 })
  .with(25, { distinct: 3 });
const mended = Array<Had>(30).fill({ nulls: 1, ready: 90 });
const empty = Array<Had>(30).fill({ nulls: 199, ready: 90, distinct: 1 });
const asked = { catalogue, asked: '/coverage quality pgs 2021-11-01 2021-11-30' };

const filled = Array.from({ length: 30 }, (_, i) => `2021-11-${String(i + 1).padStart(2, '0')}`).flatMap((date) => [
  cell('pgs', date, { state: 'succeeded', attempts: 1, rowsBefore: 200, rowsAfter: 200, status: 'over' }),
  cell('psza', date, { state: 'succeeded', attempts: 1, rowsBefore: 0, rowsAfter: 310 }),
]);

export const qualityMessages: Readonly<Record<string, () => Message>> = {
  'quality-one-wrong': () => qualityMessage(qualityOf(oneZero), asked),
  'quality-several-wrong': () => qualityMessage(qualityOf(several), asked),
  'quality-changed': () => qualityMessage(qualityOf([...empty.slice(0, 15), ...mended.slice(0, 15)]), asked),
  'summary-mended': () =>
    summaryMessage(
      view(
        {
          ...finished,
          target: 'pgs',
          from: '2021-11-01',
          to: '2021-11-30',
          result: 'succeeded',
          quality: qualityOf(mended),
          qualityBefore: qualityOf(empty),
        },
        filled,
      ),
      { catalogue },
    ),
};
