/** What was chosen and typed in a form, out of the shapes in which Slack sends it; what is not there is empty. */
import { z } from 'zod';
import { emptyForm, type FormValues, typedFields } from '../src/core/request/form.ts';

const option = z.object({ value: z.string() });
const fieldSchema = z.object({
  value: z.string().nullish(),
  selected_date: z.string().nullish(),
  selected_option: option.nullish(),
  selected_options: z.array(option).nullish(),
});

/** Reads `view.state.values`. A form of an older version may lack fields, and then nothing was chosen there. */
export function readFormState(values: unknown): FormValues {
  const blocks = z.record(z.string(), z.record(z.string(), z.unknown())).catch({}).parse(values);
  const field = (block: string) => fieldSchema.catch({}).parse(Object.values(blocks[block] ?? {})[0] ?? {});
  const many = (block: string) => (field(block).selected_options ?? []).map(({ value }) => value);
  return {
    ...emptyForm,
    table: field('table').selected_option?.value ?? '',
    from: field('from').selected_date ?? '',
    to: field('to').selected_date ?? '',
    words: field('words').value ?? '',
    only: many('only'),
    ticked: many('ticked'),
    typed: Object.fromEntries(typedFields.map((name) => [name, field(name).value ?? ''])),
  };
}
