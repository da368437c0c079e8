/** Whence a person acts: what the audit log keeps beside who, since the same person types here and presses there. */
import type { Asked } from './asked.ts';

export type Origin = {
  /** "slack C024BE91L", "terminal build-7". */
  readonly from: string;
  /** The command as it was typed, or as the button that was pressed would be typed. */
  readonly typed: string;
  /** The name that goes with an id. */
  readonly name?: string;
  readonly pressed?: true;
};

/** Who does something. */
export type Person = { readonly user: string; readonly origin?: Origin };

/** Whoever asked in the chat. */
export function personOf(asked: Asked): Person {
  const { user, userName, channel, command, text, offer } = asked;
  const typed = `${command} ${text}`.trim();
  const origin = { from: `slack ${channel}`, typed, ...(userName === user ? {} : { name: userName }) };
  return { user, origin: offer === undefined ? origin : { ...origin, pressed: true } };
}
