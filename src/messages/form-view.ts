/**
 * The form of a backfill. It asks what the command asks, in the same words; what a field holds is read by the same grammar.
 */
import type { InputBlock, ModalView, PlainTextOption } from '@slack/web-api';
import { isDate } from '../core/dates.ts';
import { type FormField, type FormValues, type Tick, type TypedField, ticks } from '../core/request/form.ts';
import { onlyChoices } from '../core/request/options.ts';
import { plain, waitingView } from './view.ts';

export const formCallback = 'backfill-form';
/** Slack's limits: options in a list, and what a block may be told of its error. */
const [mostOptions, errorLength] = [100, 280];

export type FormTable = { readonly alias: string; readonly title: string };

/** While it is looked up what this person may fill. */
export function openingForm(): ModalView {
  return waitingView('Backfill', 'Opening the form ...');
}

/** `place`: what the form was opened from, given back with it. At most 3,000 characters. */
export function formView(tables: readonly FormTable[], values: FormValues, place: string): ModalView {
  return {
    type: 'modal',
    callback_id: formCallback,
    private_metadata: place,
    title: plain('Backfill', 24),
    submit: plain('Review', 24),
    close: plain('Cancel', 24),
    blocks: [
      chooseTable(tables, values.table),
      pickDate('from', 'First date', values.from),
      pickDate('to', 'Last date', values.to, 'Included. Leave it empty for one date.'),
      typeText('words', 'Or the dates in words', values.words, {
        hint: 'nov 2021, last 7 days, season 2021-22, or a list: 2021-11-16,2021-11-18. Goes before the two dates above.',
      }),
      chooseMany('only', 'Only dates that are', values.only),
      tick(values.ticked),
      typeText('sample', 'Sample: so many dates first', values.typed.sample, {
        hint: 'The rest runs only if these verify. From 1 to 100.',
      }),
      typeText('stop-on-failure', 'Stop after failures', values.typed['stop-on-failure'], {
        hint: 'A number, or a share such as 10%.',
      }),
      typeText('concurrency', 'At most so many at a time', values.typed.concurrency),
      typeText('reason', 'Reason', values.typed.reason, { hint: 'Kept with the backfill.', lines: true }),
    ],
  };
}

/** What `view_submission` is answered where something has to be changed: what was typed stays as it is. */
export function formErrors(errors: Readonly<Partial<Record<FormField, string>>>): Record<string, string> {
  return Object.fromEntries(Object.entries(errors).map(([field, text]) => [field, plain(text, errorLength).text]));
}

/** The list of tables. */
export function chooseTable(tables: readonly FormTable[], chosen: string): InputBlock {
  const options = tables.map(({ alias, title }) => option(alias, title === alias ? alias : `${alias}: ${title}`));
  const initial = options.find(({ value }) => value === chosen);
  const groups = Array.from({ length: Math.ceil(options.length / mostOptions) }, (_, i) =>
    options.slice(i * mostOptions, (i + 1) * mostOptions),
  );
  const lists = groups.length < 2 ? { options } : { option_groups: groups.map(labelGroup) };
  return {
    type: 'input',
    block_id: 'table',
    label: plain('Table'),
    element: {
      type: 'static_select',
      action_id: 'table',
      placeholder: plain('Which table', 150),
      ...lists,
      ...(initial === undefined ? {} : { initial_option: initial }),
    },
  };
}

function labelGroup(options: PlainTextOption[]) {
  return { label: plain(`${options[0]?.value} to ${options.at(-1)?.value}`, 75), options };
}

function option(value: string, text: string): PlainTextOption {
  return { text: plain(text, 75), value };
}

/** A date that may be left open. */
export function pickDate(field: 'from' | 'to', label: string, date: string, hint?: string): InputBlock {
  return {
    type: 'input',
    block_id: field,
    optional: true,
    label: plain(label),
    ...(hint === undefined ? {} : { hint: plain(hint) }),
    element: { type: 'datepicker', action_id: field, ...(isDate(date) ? { initial_date: date } : {}) },
  };
}

function typeText(
  field: 'words' | TypedField,
  label: string,
  text: string | undefined,
  more: { readonly hint?: string; readonly lines?: true } = {},
): InputBlock {
  return {
    type: 'input',
    block_id: field,
    optional: true,
    label: plain(label),
    ...(more.hint === undefined ? {} : { hint: plain(more.hint) }),
    element: {
      type: 'plain_text_input',
      action_id: field,
      ...(more.lines ? { multiline: true } : {}),
      ...(text ? { initial_value: plain(text, 3_000).text } : {}),
    },
  };
}

function chooseMany(field: 'only', label: string, chosen: readonly string[]): InputBlock {
  const options = onlyChoices.filter((choice) => choice !== 'all').map((choice) => option(choice, choice));
  const initial = options.filter(({ value }) => value !== undefined && chosen.includes(value));
  return {
    type: 'input',
    block_id: field,
    optional: true,
    label: plain(label),
    hint: plain('Nothing chosen: whatever needs work.'),
    element: {
      type: 'multi_static_select',
      action_id: field,
      placeholder: plain('Whatever needs work', 150),
      options,
      ...(initial.length > 0 ? { initial_options: initial } : {}),
    },
  };
}

const tickWords: Readonly<Record<Tick, string>> = {
  'with-upstream': 'Upstream first: fill what it needs, too',
  'ready-only': 'Ready dates only: leave the blocked ones',
  'newest-first': 'Newest dates first',
  rest: 'Leave out what another backfill is working on',
  'no-resume': 'Also write again what is complete (overwrites)',
  'skip-preflight': 'Run the blocked dates too (an override, needs a reason)',
};

function tick(chosen: readonly string[]): InputBlock {
  const options = ticks.map((name) => option(name, tickWords[name]));
  const initial = options.filter(({ value }) => value !== undefined && chosen.includes(value));
  return {
    type: 'input',
    block_id: 'ticked',
    optional: true,
    label: plain('How'),
    element: {
      type: 'checkboxes',
      action_id: 'ticked',
      options,
      ...(initial.length > 0 ? { initial_options: initial } : {}),
    },
  };
}
