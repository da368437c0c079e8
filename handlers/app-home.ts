/** The Home tab: who opens it is remembered, since from then on it is theirs and kept up to date. */
import type { App } from '@slack/bolt';
import type { Ports } from '../src/ports.ts';
import { rememberHome } from '../src/store/homes.ts';

/** Registers the opening of the Home tab. What stands there is made by the job `publish-home`. */
export function registerAppHome(app: App, ports: Ports): void {
  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab !== 'home') return;
    const { user, channel } = event;
    await rememberHome(ports.store.query, { user, channel, now: ports.clock.now() });
    await ports.tasks.enqueue([{ name: `home-${body.event_id}`, task: { v: 1, kind: 'publish-home', user } }]);
  });
}
