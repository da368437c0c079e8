/** The bodies of the requests that Slack sends to an app: commands, actions, forms, events. */
import { messageShape } from './api-shapes.ts';
import type { Desk } from './desk.ts';
import type { Channel, Message, Person } from './wire.ts';

type Fields = Record<string, unknown>;

/** The form fields of a slash command. `text` is sent as it was typed. */
export function commandFields(
  desk: Desk,
  by: { readonly person: Person; readonly channel: Channel; readonly command: string; readonly text: string },
): Record<string, string> {
  const { person, channel } = by;
  return {
    token: 'not-used',
    team_id: desk.cast.team.id,
    team_domain: desk.cast.team.domain,
    channel_id: channel.id,
    channel_name: nameOf(channel),
    user_id: person.id,
    user_name: person.name,
    command: by.command,
    text: by.text,
    api_app_id: desk.cast.app.id,
    is_enterprise_install: 'false',
    response_url: `${desk.origin()}${desk.responses.issue({ channel: channel.id, user: person.id })}`,
    trigger_id: desk.triggers.issue(person.id),
  };
}

/** What every interaction carries. */
export function interactionBase(desk: Desk, person: Person): Fields {
  const { team, app } = desk.cast;
  return {
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
    user: { id: person.id, username: person.name, name: person.name, team_id: team.id },
    api_app_id: app.id,
    token: 'not-used',
    trigger_id: desk.triggers.issue(person.id),
  };
}

/** Where a press in a message happened, with a response_url that can replace that message. */
export function messageContext(desk: Desk, person: Person, channel: Channel, message: Message): Fields {
  const { ts, thread, onlyFor } = message;
  const target = { channel: channel.id, user: person.id, message: ts, ...(thread !== undefined && { thread }) };
  return {
    container: {
      type: 'message',
      message_ts: ts,
      channel_id: channel.id,
      is_ephemeral: onlyFor !== undefined,
      ...(thread !== undefined && { thread_ts: thread }),
    },
    channel: { id: channel.id, name: nameOf(channel) },
    ...(onlyFor === undefined && { message: messageShape(desk, message, true) }),
    response_url: `${desk.origin()}${desk.responses.issue(target)}`,
  };
}

/** Payloads do not name a private place. */
function nameOf(channel: Channel): string {
  if (channel.kind === 'im') return 'directmessage';
  return channel.kind === 'private' ? 'privategroup' : channel.name;
}

/** An Events API envelope around one event. */
export function eventEnvelope(desk: Desk, event: Fields): Fields {
  const { team, app } = desk.cast;
  const authorization = { enterprise_id: null, team_id: team.id, user_id: app.user, is_bot: true };
  return {
    token: 'not-used',
    team_id: team.id,
    api_app_id: app.id,
    event,
    type: 'event_callback',
    event_id: `Ev${desk.book.stamp().replace('.', '')}`,
    event_time: Math.floor(desk.clock.now() / 1000),
    authorizations: [{ ...authorization, is_enterprise_install: false }],
    is_ext_shared_channel: false,
  };
}
