/**
 * Identity tokens from Google: what a private Cloud Run service wants to see. One lives an hour and a long backfill outlives
 * it, so each is asked for again some minutes before its end, or when a service refuses it.
 */
import type { IdTokenClient } from 'google-auth-library';
import { isLoopback } from '../loopback.ts';

/**
 * Gives identity tokens of the environment's account (Application Default Credentials), one per audience.
 * @returns a function that throws what the library throws where no token can be had; its errors may hold the token
 */
export function googleIdentityTokens(): (audience: string, fresh: boolean) => Promise<string | undefined> {
  const clients = new Map<string, Promise<IdTokenClient>>();
  return async (audience, fresh) => {
    if (fresh) clients.delete(audience);
    const client = clients.get(audience) ?? openClient(audience);
    clients.set(audience, client);
    try {
      const headers = await (await client).getRequestHeaders();
      return headers.get('authorization')?.replace(/^Bearer /, '') ?? undefined;
    } catch (error) {
      // The next call begins anew: what failed may have been the opening itself.
      clients.delete(audience);
      throw error;
    }
  };
}

/** Whether a token sent there could be read on the way: not encrypted, and to another machine. */
export function wouldLeak(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !isLoopback(hostname);
}

/** The library is loaded where it is needed only. */
async function openClient(audience: string): Promise<IdTokenClient> {
  const { GoogleAuth } = await import('google-auth-library');
  return new GoogleAuth().getIdTokenClient(audience);
}
