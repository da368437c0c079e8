/** Starts the stand-in of a service in a process of its own. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export async function startService(): Promise<{ readonly url: string; end(): void }> {
  const script = fileURLToPath(new URL('engine-processor.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const url of createInterface({ input: child.stdout })) return { url, end: () => child.stdin.end() };
  throw new Error('the stand-in of the service did not start');
}
