/** Whether the services that fill tables can be reached, and let us in. They are asked for nothing. */
import type { Service } from '../core/catalogue/catalogue.ts';
import { type Finding, fine, wrong } from '../finding.ts';
import { wouldLeak } from './identity-token.ts';

/** Undefined where services take no token. */
type IdentityToken = ((audience: string, fresh: boolean) => Promise<string | undefined>) | undefined;

const patience = 5_000;

/** One line for each service. Never throws. */
export async function checkServices(services: readonly Service[], identityToken: IdentityToken): Promise<Finding[]> {
  return Promise.all(services.map((service) => checkService(service, identityToken)));
}

async function checkService({ name, url, audience }: Service, identityToken: IdentityToken): Promise<Finding> {
  const what = `service ${name}`;
  const unset = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/.exec(`${url} ${audience}`)?.[1];
  if (unset !== undefined)
    return wrong(what, 'has no address', `Set ${unset} to it, or write it into the pipeline file.`);
  if (identityToken !== undefined && wouldLeak(url))
    return wrong(what, `${url} is not encrypted, and no identity token is sent there`, 'Give its url as https://.');
  let token: string | undefined;
  try {
    token = await identityToken?.(audience, false);
  } catch {
    // The errors of token libraries may hold the token.
    return wrong(
      what,
      `no identity token for ${audience} could be had`,
      'Run as a service account that may make them.',
    );
  }
  try {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(patience), redirect: 'manual' });
    await answer.body?.cancel();
    const said = `${url} answers (${answer.status})`;
    if (answer.status === 401 || answer.status === 403)
      return wrong(what, `${said}: it does not let us in`, 'Give our service account roles/run.invoker on it.');
    return fine(what, said);
  } catch {
    return wrong(what, `${url} does not answer`, `Look whether it runs, and at its url in the pipeline file.`);
  }
}
