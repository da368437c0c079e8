/** Messages that could not be posted, in words, wherever somebody asks how things are. */
import { count } from './phrases.ts';
import { at, channel, clip, type Words } from './words.ts';

/** Messages of one channel that one thing keeps from being posted; `since`: epoch milliseconds. */
export type Unposted = {
  readonly channel: string;
  readonly messages: number;
  /** What Slack said; null where nothing was tried yet. */
  readonly detail: string | null;
  readonly since: number;
};

/** "2 messages could not be posted: channel_not_found in C123 since ...". */
export function sayUnposted(unposted: Unposted): Words {
  return [
    `${count(unposted.messages, 'message')} could not be posted: ${clip(unposted.detail ?? 'nothing was tried', 120)} in `,
    channel(unposted.channel),
    ' since ',
    at(unposted.since),
  ];
}
