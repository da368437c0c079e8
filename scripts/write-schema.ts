/** `npm run schema`: writes `pipeline.schema.json`. A test holds that the file is current. */
import { writeFileSync } from 'node:fs';
import { renderPipelineSchema } from './pipeline-schema.ts';

writeFileSync(new URL('../pipeline.schema.json', import.meta.url), renderPipelineSchema());
