/**
 * The keys of `pipeline.yml` as JSON Schema, for editors. Draft 7, because that is what YAML editors read; made from the
 * schema that also checks the file, so that the two cannot differ.
 */
import { z } from 'zod';
import { catalogueSchema } from '../src/core/catalogue/catalogue-file.ts';

/** The text of `pipeline.schema.json`. */
export function renderPipelineSchema(): string {
  const schema = z.toJSONSchema(catalogueSchema, { target: 'draft-7', io: 'input' });
  return `${JSON.stringify({ ...schema, title: 'Backcourt pipeline' }, null, 2)}\n`;
}
