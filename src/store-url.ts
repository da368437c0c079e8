/**
 * The address of a Postgres, as libpq reads it: with a folder of a socket in `host` (so Cloud SQL is reached on Cloud
 * Run), and with `sslmode` in libpq's sense. The driver's own sense differs, and has no host that is a socket.
 */
import { isLoopback } from './loopback.ts';

/** What stands for the host where there is none: the socket's folder is in the query. */
const noHost = 'localhost';
const sslModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;

/** The address as a URL; undefined if it is none of a Postgres. */
export function readStoreUrl(text: string): URL | undefined {
  const whole = [text, text.replace('@/', `@${noHost}/`)].find((each) => URL.canParse(each));
  if (whole === undefined || !/^postgres(ql)?:\/\//.test(whole)) return undefined;
  return new URL(whole);
}

/** What is wrong with an address that is one; undefined if nothing is. */
export function findStoreUrlProblem(url: URL): string | undefined {
  const mode = url.searchParams.get('sslmode');
  if (mode !== null && !sslModes.some((each) => each === mode)) return `give sslmode as one of ${sslModes.join(', ')}`;
  if (mode === 'verify-ca' && !url.searchParams.has('sslrootcert'))
    return 'sslmode=verify-ca needs sslrootcert=FILE, the certificate of the authority; or give verify-full';
  const target = url.searchParams.get('target_session_attrs');
  if (target !== null && target !== 'read-write')
    return 'leave target_session_attrs out: a replica may be behind, and a state that is behind is a wrong one';
  return undefined;
}

/** The address for the driver. What leaves this machine is encrypted, unless `sslmode=disable` says otherwise. */
export function driverUrl(text: string): string {
  const url = readStoreUrl(text);
  if (url === undefined) return text;
  if (!url.searchParams.has('sslmode') && !isOnThisMachine(url)) url.searchParams.set('sslmode', 'require');
  url.searchParams.set('uselibpqcompat', 'true');
  return url.href;
}

/** A socket, or the loopback. */
function isOnThisMachine(url: URL): boolean {
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname);
  return host === '' || host.startsWith('/') || isLoopback(host);
}

/** The passwords in an address, as they stand there and as they are meant. */
export function passwordsIn(url: URL): string[] {
  const inQuery = url.searchParams.get('password') ?? '';
  const written = [url.password, inQuery, encodeURIComponent(inQuery)].filter((text) => text !== '');
  return [...new Set(written.flatMap((text) => [text, decoded(text)]))];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
