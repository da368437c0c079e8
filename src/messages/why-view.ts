/** The small form behind "Why is this date missing?", for messages that name no cell, or several. */
import type { ModalView } from '@slack/web-api';
import type { CalendarDate } from '../core/dates.ts';
import { chooseTable, type FormTable, pickDate } from './form-view.ts';
import { plain } from './view.ts';

export const whyCallback = 'why-form';

/** `table` and `date` are what it is filled with, where they are known; `place` is given back with it. */
export function whyView(
  tables: readonly FormTable[],
  known: { readonly table: string; readonly date: CalendarDate | '' },
  place: string,
): ModalView {
  return {
    type: 'modal',
    callback_id: whyCallback,
    private_metadata: place,
    title: plain('Why is it missing?', 24),
    submit: plain('Ask', 24),
    close: plain('Cancel', 24),
    blocks: [chooseTable(tables, known.table), pickDate('from', 'Date', known.date)],
  };
}
