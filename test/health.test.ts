import { afterEach, describe, expect, it } from 'vitest';
import { openHealth } from '../src/health.ts';
import type { Workspace } from '../workspace/server/workspace.ts';
import { startTestWorkspace } from './workspace/start-app.ts';

let workspace: Workspace | undefined;
afterEach(() => workspace?.close());

describe('a process', () => {
  it('says on the port of its page that it lives, and that it is not ready before its home is open', async () => {
    workspace = await startTestWorkspace({ routes: openHealth().routes });
    const ask = async (path: string) => {
      const response = await fetch(`${workspace?.url}${path}`);
      return [response.status, await response.json()];
    };
    expect(await ask('/healthz')).toEqual([200, { state: 'alive' }]);
    expect(await ask('/readyz')).toEqual([503, { state: 'starting' }]);
    const posted = await fetch(`${workspace.url}/readyz`, { method: 'POST' });
    expect(posted.status).toBe(404);
  });
});
