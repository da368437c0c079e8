/** Reads the slash commands out of an app manifest, so that the page offers exactly what Slack would. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { CommandHint } from './wire.ts';

const manifestSchema = z.object({
  features: z.object({
    slash_commands: z
      .array(z.object({ command: z.string(), description: z.string(), usage_hint: z.string().default('') }))
      .default([]),
  }),
});

/** The commands of the manifest.yml at `path`. Throws when there is none. */
export function readCommandHints(path: string): CommandHint[] {
  return readCommands(readFileSync(path, 'utf8'));
}

/** The commands in the text of a manifest.yml. Throws when the text is no manifest. */
export function readCommands(manifest: string): CommandHint[] {
  const { features } = manifestSchema.parse(parse(manifest));
  return features.slash_commands.map(({ command, description, usage_hint: usageHint }) => ({
    command,
    description,
    usageHint,
  }));
}
