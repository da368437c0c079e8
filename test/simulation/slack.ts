/** The chat of a simulation: it is too busy, it breaks, it posts and loses the answer, and people delete what was posted. */
import type { Chat, ChatResult, Posted } from '../../src/chat/chat.ts';
import type { Message } from '../../src/messages/message.ts';
import type { Crossing, Faults } from './life.ts';

export type Shown = { readonly key: string; readonly channel: string; message: Message; isGone: boolean };

/** The port of a process over the messages that all processes see. */
export function simulatedSlack(shown: Shown[], crossing: Crossing, faults: Faults): Chat {
  const trouble = (): ChatResult | undefined => {
    if (faults.strike('slack', 0.08)) return { kind: 'later', after: 5_000, detail: 'too many requests' };
    if (faults.strike('slack', 0.03)) return { kind: 'later', after: 1_000, detail: 'it answered 503' };
    return faults.strike('slack', 0.02) ? { kind: 'ambiguous', detail: 'no answer' } : undefined;
  };
  const lost = (posted: Posted): ChatResult =>
    faults.strike('slack', 0.04) ? { kind: 'ambiguous', detail: 'the answer was lost' } : { kind: 'ok', posted };
  return {
    post: (message, { channel, key }) =>
      crossing.ask(`posts ${key}`, () => {
        const refused = trouble();
        if (refused) return refused;
        shown.push({ key, channel, message, isGone: false });
        return lost({ channel, ts: String(shown.length) });
      }),
    update: (message, at) =>
      crossing.ask(`edits ${shown[Number(at.ts) - 1]?.key ?? at.ts}`, () => {
        const there = shown[Number(at.ts) - 1];
        if (there && faults.strike('slack', 0.01)) there.isGone = true;
        if (!there || there.isGone) return { kind: 'gone', detail: 'somebody deleted it' };
        const refused = trouble();
        if (refused) return refused;
        there.message = message;
        return lost(at);
      }),
    find: (key, channel) =>
      crossing.ask(`looks for ${key}`, () => {
        const at = shown.findIndex((each) => each.key === key && !each.isGone);
        return at < 0 ? undefined : { channel, ts: String(at + 1) };
      }),
    whisper: (_message, { channel, user }) =>
      crossing.ask(`tells ${user}`, (): ChatResult => trouble() ?? { kind: 'ok', posted: { channel, ts: '0' } }),
    link: async () => undefined,
    upload: async () => ({ kind: 'refused', detail: 'no pictures here' }),
    members: async () => ({ kind: 'unread', detail: 'no groups here' }),
  };
}
