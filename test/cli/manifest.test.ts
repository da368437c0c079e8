import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runBackcourt } from '../support/run-backcourt.ts';

type Manifest = {
  features: { slash_commands: { command: string; url?: string }[] };
  oauth_config: { scopes: { bot: string[] } };
  settings: {
    socket_mode_enabled: boolean;
    event_subscriptions: { request_url?: string; bot_events: string[] };
    interactivity: { is_enabled: boolean; request_url?: string };
  };
};

async function print(...options: string[]): Promise<Manifest> {
  const ran = await runBackcourt(['manifest', ...options]);
  expect(ran.code).toBe(0);
  return parse(ran.out) as Manifest;
}

describe('backcourt manifest', () => {
  it('prints the app for Socket Mode: no address anywhere, all else as in the file', async () => {
    const { features, settings, oauth_config: oauth } = await print();
    expect(settings.socket_mode_enabled).toBe(true);
    expect(features.slash_commands.map(({ command, url }) => [command, url])).toEqual([
      ['/coverage', undefined],
      ['/backfill', undefined],
    ]);
    expect(settings.event_subscriptions.request_url).toBeUndefined();
    expect(settings.event_subscriptions.bot_events).toContain('app_mention');
    expect(settings.interactivity).toEqual({ is_enabled: true });
    expect(oauth.scopes.bot).toContain('chat:write');
  });

  it('prints it with an address at every place that takes one', async () => {
    const { features, settings } = await print('--url', 'https://bot.example.com/anything');
    const address = 'https://bot.example.com/slack/events';
    expect(settings.socket_mode_enabled).toBe(false);
    expect(features.slash_commands.every(({ url }) => url === address)).toBe(true);
    expect(settings.event_subscriptions.request_url).toBe(address);
    expect(settings.interactivity.request_url).toBe(address);
  });

  it.each([
    [['--url', 'http://bot.example.com'], /https addresses only/],
    [['--url', 'bot.example.com'], /https addresses only/],
    [['now'], /takes no words/],
    [['--json'], /--json belongs to/],
  ])('refuses %s', async (options, words) => {
    const ran = await runBackcourt(['manifest', ...options]);
    expect(ran.code).toBe(2);
    expect(ran.out + ran.err).toMatch(words);
  });
});
