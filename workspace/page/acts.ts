/** Tells the server what the person did. */
import type { ActAnswer, Choice, Choices } from '../server/wire.ts';

export type Act =
  | { readonly act: 'send'; readonly channel: string; readonly thread?: string; readonly text: string }
  | ({ readonly act: 'press'; readonly channel: string; readonly ts: string } & Pressed)
  | { readonly act: 'shortcut'; readonly channel: string; readonly ts: string; readonly callbackId: string }
  | { readonly act: 'delete'; readonly channel: string; readonly ts: string }
  | { readonly act: 'dismiss'; readonly channel: string; readonly ts: string }
  | ({ readonly act: 'press-in-view'; readonly view: string } & Pressed)
  | { readonly act: 'submit'; readonly view: string; readonly choices: Choices }
  | { readonly act: 'close'; readonly view: string }
  | { readonly act: 'open-home' };

export type Pressed = {
  readonly blockId: string;
  readonly actionId: string;
  readonly choice: Choice;
  readonly choices: Choices;
};

/** Performs one act as `user`. Never rejects: a server that cannot be reached is an answer too. */
export async function perform(user: string, act: Act): Promise<ActAnswer> {
  try {
    const response = await fetch('/act', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...act, user }),
    });
    return (await response.json()) as ActAnswer;
  } catch {
    return { ok: false, error: 'The workspace cannot be reached. Is it still running?' };
  }
}
