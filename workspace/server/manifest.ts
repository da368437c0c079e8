/** Reads the slash commands and message shortcuts out of an app manifest, so that the page offers exactly what Slack would. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { CommandHint, ShortcutHint } from './wire.ts';

const manifestSchema = z.object({
  features: z.object({
    slash_commands: z
      .array(z.object({ command: z.string(), description: z.string(), usage_hint: z.string().default('') }))
      .default([]),
    shortcuts: z
      .array(z.object({ name: z.string(), callback_id: z.string(), type: z.enum(['message', 'global']) }))
      .default([]),
  }),
});

export type Hints = { readonly commands: readonly CommandHint[]; readonly shortcuts: readonly ShortcutHint[] };

/** What the manifest.yml at `path` offers. Throws when there is none. */
export function readHints(path: string): Hints {
  return readHintsIn(readFileSync(path, 'utf8'));
}

/** What the text of a manifest.yml offers. Throws when the text is no manifest. Global shortcuts are left out. */
export function readHintsIn(manifest: string): Hints {
  const { features } = manifestSchema.parse(parse(manifest));
  return {
    commands: features.slash_commands.map(({ command, description, usage_hint: usageHint }) => ({
      command,
      description,
      usageHint,
    })),
    shortcuts: features.shortcuts
      .filter(({ type }) => type === 'message')
      .map(({ name, callback_id: callbackId }) => ({ name, callbackId })),
  };
}
