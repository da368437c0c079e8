/**
 * Short-lived permissions that Slack hands out with a request: a trigger_id opens one form within 3 seconds, a
 * response_url takes five answers within 30 minutes. Both are forgotten at a restart.
 */
import { createHmac } from 'node:crypto';

const TRIGGER_LIFE = 3_000;
const RESPONSE_LIFE = 30 * 60_000;
const RESPONSE_USES = 5;

export type Triggers = {
  issue(user: string): string;
  /** The person who may be shown a form, or Slack's error. */
  redeem(trigger: string): { readonly user: string } | { readonly error: string };
};

type TicketBase = { readonly clock: { now(): number }; readonly stamp: () => string };

/** Opens the desk that issues trigger ids. */
export function openTriggers({ clock, stamp }: TicketBase): Triggers {
  const issued = new Map<string, { user: string; at: number; used: boolean }>();
  return {
    issue(user) {
      forget(issued, clock.now() - 10 * TRIGGER_LIFE);
      const id = `${stamp()}.${user.toLowerCase()}`;
      issued.set(id, { user, at: clock.now(), used: false });
      return id;
    },
    redeem(trigger) {
      const found = issued.get(trigger);
      if (found === undefined) return { error: 'invalid_trigger_id' };
      if (clock.now() - found.at > TRIGGER_LIFE) return { error: 'expired_trigger_id' };
      if (found.used) return { error: 'exchanged_trigger_id' };
      found.used = true;
      return { user: found.user };
    },
  };
}

/** What a response_url answers into: the channel, the person, and the message whose button was pressed. */
export type ResponseTarget = {
  readonly channel: string;
  readonly user: string;
  readonly thread?: string;
  readonly message?: string;
};

export type ResponseDesk = {
  /** A new path below the server's root. */
  issue(target: ResponseTarget): string;
  /** The target, counted as one use; or why not. */
  use(path: string): ResponseTarget | { readonly error: 'expired_url' | 'used_url' };
};

/** Opens the desk that issues response urls. They carry a signature, because knowing one is the only permission asked. */
export function openResponseDesk(base: TicketBase & { readonly secret: string }): ResponseDesk {
  const issued = new Map<string, { target: ResponseTarget; at: number; uses: number }>();
  return {
    issue(target) {
      forget(issued, base.clock.now() - RESPONSE_LIFE);
      const stamp = base.stamp();
      const path = `/response/${stamp}/${createHmac('sha256', base.secret).update(stamp).digest('hex').slice(0, 24)}`;
      issued.set(path, { target, at: base.clock.now(), uses: 0 });
      return path;
    },
    use(path) {
      const found = issued.get(path);
      if (found === undefined || base.clock.now() - found.at > RESPONSE_LIFE) return { error: 'expired_url' };
      if (found.uses >= RESPONSE_USES) return { error: 'used_url' };
      found.uses += 1;
      return found.target;
    },
  };
}

function forget(issued: Map<string, { at: number }>, before: number): void {
  for (const [id, ticket] of issued) if (ticket.at < before) issued.delete(id);
}
