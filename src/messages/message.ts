/** A message as Slack takes it: blocks, and a text that is a whole answer on its own (notifications, screen readers). */
import type { KnownBlock } from '@slack/web-api';

export type Message = { readonly text: string; readonly blocks: readonly KnownBlock[] };
