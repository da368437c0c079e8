/** Whether a host, as an address names it, is this machine itself: nothing that is sent there can be read on the way. */
export function isLoopback(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]', '::1'].includes(hostname);
}
