/** What a person does in a channel: types a command or a message, presses a button, dismisses a note. */
import { showAnswer } from './app-answers.ts';
import { commandFields, eventEnvelope, interactionBase, messageContext } from './app-payloads.ts';
import { SLACKBOT } from './cast.ts';
import { type Desk, findShared, whisper } from './desk.ts';
import { actionOf, stateOf } from './elements.ts';
import type { ActAnswer, Channel, Choice, Choices, Person } from './wire.ts';

/** The page can be open before the app listens; Slack's own words would send people looking for a fault. */
export const STARTING = 'The app is still starting. Try again in a moment.';

export type Typed = { readonly person: Person; readonly channel: Channel; readonly thread?: string | undefined };

/** Sends what was typed: a slash command goes to the app, anything else is posted. */
export async function sendTyped(desk: Desk, by: Typed, text: string): Promise<ActAnswer> {
  const words = text.trim();
  if (words === '') return { ok: false, error: 'Nothing was typed.' };
  if (by.channel.isArchived) return { ok: false, error: 'This channel is archived: nothing can be said in it.' };
  const found = /^(\/[\w-]+)(?:\s+([\s\S]*))?$/.exec(words);
  if (found?.[1] !== undefined) return sendCommand(desk, by, found[1], found[2] ?? '');
  return postTyped(desk, by, words);
}

async function sendCommand(desk: Desk, by: Typed, command: string, text: string): Promise<ActAnswer> {
  const say = (words: string) =>
    whisper(desk, { channel: by.channel.id, user: by.person.id, thread: by.thread }, { text: words }, SLACKBOT);
  const known = desk.commands().map((hint) => hint.command);
  if (known.length > 0 && !known.includes(command)) {
    say(
      `\`${command}\` is not a valid command. This workspace knows ${known.map((name) => `\`${name}\``).join(', ')}.`,
    );
    return { ok: true };
  }
  if (by.thread !== undefined) {
    say(`\`${command}\` is not supported in threads. Sorry!`);
    return { ok: true };
  }
  const answer = await desk.app.sendForm('commands', commandFields(desk, { ...by, command, text }));
  if (!answer.ok)
    say(answer.error === 'app_not_started' ? STARTING : `${command} failed with the error "${answer.error}"`);
  else showCommandAnswer(desk, by, `${command} ${text}`.trim(), answer.json ?? { text: answer.text }, say);
  return { ok: true };
}

function showCommandAnswer(
  desk: Desk,
  by: Typed,
  typed: string,
  fields: Record<string, unknown>,
  say: (words: string) => void,
): void {
  if ((fields.text === undefined || fields.text === '') && fields.blocks === undefined) return;
  if (fields.response_type === 'in_channel') {
    desk.book.put({ ts: desk.book.stamp(), channel: by.channel.id, user: by.person.id, text: escapeText(typed) });
  }
  const problem = showAnswer(desk, { channel: by.channel.id, user: by.person.id }, fields);
  if (problem !== undefined) say(`${typed.split(' ')[0]} failed with the error "${problem.error}"`);
}

/** Slack escapes these three in what people type. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function postTyped(desk: Desk, by: Typed, words: string): ActAnswer {
  const named = desk.cast.people.reduce(
    (text, person) => text.replaceAll(new RegExp(`@${person.name}\\b`, 'gi'), `<@${person.id}>`),
    escapeText(words),
  );
  const root = by.thread === undefined ? undefined : findShared(desk, by.channel.id, by.thread);
  if (by.thread !== undefined && root === undefined) return { ok: false, error: 'The thread is gone.' };
  const thread = root === undefined ? {} : { thread: root.ts };
  const base = { ts: desk.book.stamp(), channel: by.channel.id, user: by.person.id, text: named };
  const { ts } = desk.book.put({ ...base, ...thread });
  tellApp(desk, by, { text: named, ts, ...(root !== undefined && { thread_ts: root.ts }) });
  return { ok: true };
}

/** What was said is an event in direct messages, and in a channel where the app is named and a member. */
function tellApp(desk: Desk, by: Typed, said: { readonly text: string; readonly ts: string }): void {
  const { channel, person } = by;
  const event = { ...said, user: person.id, channel: channel.id, event_ts: said.ts, team: desk.cast.team.id };
  if (channel.kind === 'im') {
    void deliver(desk, { type: 'message', channel_type: 'im', ...event });
    return;
  }
  if (!said.text.includes(`<@${desk.cast.app.user}>`)) return;
  if (channel.members.includes(desk.cast.app.user)) {
    void deliver(desk, { type: 'app_mention', ...event });
    return;
  }
  const name = desk.cast.people.find((item) => item.id === desk.cast.app.user)?.realName;
  const words = `${name} is not in this channel and does not hear you. Its commands work here.`;
  whisper(desk, { channel: channel.id, user: person.id, thread: by.thread }, { text: words }, SLACKBOT);
}

/** Sends an event; one that is not answered with 200 is sent once more at once, as Slack does first. */
export async function deliver(desk: Desk, event: Record<string, unknown>): Promise<void> {
  const body = eventEnvelope(desk, event);
  const first = await desk.app.sendEvent(body);
  if (first.ok) return;
  const reason = first.error === 'operation_timeout' ? 'http_timeout' : 'http_error';
  await desk.app.sendEvent(body, { num: 1, reason });
}

export type Press = {
  readonly blockId: string;
  readonly actionId: string;
  readonly choice: Choice;
  readonly choices: Choices;
};

/** Presses or chooses an element of a message that the person sees. */
export async function pressInMessage(desk: Desk, by: Typed, ts: string, press: Press): Promise<ActAnswer> {
  const message = desk.book.find(by.channel.id, ts);
  const visible = message?.onlyFor === undefined || message.onlyFor === by.person.id;
  if (message === undefined || !visible) return { ok: false, error: 'The message is gone.' };
  const blocks = message.blocks ?? [];
  const action = actionOf(blocks, press, desk.book.stamp());
  if (action === undefined) return { ok: false, error: 'The button is gone.' };
  const payload = {
    type: 'block_actions',
    ...interactionBase(desk, by.person),
    ...messageContext(desk, by.person, by.channel, message),
    state: { values: stateOf(blocks, press.choices) },
    actions: [action],
  };
  const answer = await desk.app.sendForm('interactivity', { payload: JSON.stringify(payload) });
  if (answer.ok) return { ok: true };
  return { ok: false, error: answer.error === 'app_not_started' ? STARTING : `This did not work: ${answer.error}` };
}

/** Takes an ephemeral message away from its reader. */
export function dismiss(desk: Desk, by: Typed, ts: string): ActAnswer {
  const message = desk.book.find(by.channel.id, ts);
  if (message?.onlyFor === by.person.id) desk.book.remove(by.channel.id, ts);
  return { ok: true };
}
