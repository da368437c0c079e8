/** Messages for tests of the store: each claims its turn as a sender does, and ends it. */
import { claimMessage, recordSent, recordUnsent } from '../../src/store/messages.ts';
import type { Store } from '../../src/store/store.ts';

/** Claims a message for a sender named `token`; says whether it is that one's turn. */
export async function takeTurn(store: Store, key: string, token = 'sender', now = 2000): Promise<boolean> {
  return (await claimMessage(store.query, { key, token, now, until: now + 60_000 })) !== undefined;
}

/** Sends a revision, as it was posted to this place. */
export async function sendNow(
  store: Store,
  key: string,
  sent: { revision: number; channel?: string; ts?: string },
): Promise<boolean> {
  await takeTurn(store, key);
  return recordSent(store.query, { key, token: 'sender', channel: 'C1', ts: '1.1', ...sent });
}

/** Fails to send. */
export async function failToSend(
  store: Store,
  key: string,
  unsent: { detail: string; notBefore?: number; final?: boolean; ambiguous?: boolean },
): Promise<void> {
  await takeTurn(store, key);
  await recordUnsent(store.query, { key, token: 'sender', notBefore: 0, final: false, ambiguous: false, ...unsent });
}
