/** What both slash commands do: read the words, store, acknowledge, enqueue. Slack waits three seconds, people less. */
import type { AckFn, RespondArguments, SlashCommand } from '@slack/bolt';
import type { Asked } from '../src/core/asked.ts';
import { normaliseText } from '../src/core/request/normalise-text.ts';
import type { Message } from '../src/messages/message.ts';
import { faultMessage } from '../src/messages/plain-messages.ts';
import type { Ports } from '../src/ports.ts';
import { openForm } from './backfill-form.ts';
import { readCommand } from './read-command.ts';
import { ringFor, takeRequest } from './take-request.ts';

type CommandArgs = { readonly command: SlashCommand; readonly ack: AckFn<string | RespondArguments> };

/** Answers one slash command. Everything said here is for the asker alone; the job answers in the channel. */
export async function answerCommand(name: Asked['command'], args: CommandArgs, ports: Ports): Promise<void> {
  const { command, ack } = args;
  const asked = askedBy(name, command, ports.clock.now());
  try {
    if (name === '/backfill' && asked.text === '') return await answerBare(asked, args, ports);
    const understood = await readCommand(asked, command.text ?? '', ports);
    if (understood.kind === 'answer') return await ack(onlyForAsker(understood.message));
    const taken = await takeRequest(ports, `command:${command.trigger_id}`, asked);
    await ack(onlyForAsker(understood.notice));
    await ringFor(ports, taken, asked);
  } catch (error) {
    const id = ports.ids.next();
    ports.log.error({ err: error, id, command: name }, 'command could not be taken');
    await ack(onlyForAsker(faultMessage(id)));
  }
}

/** The bare command opens the form. Where it cannot be shown, help says the same in words. */
async function answerBare(asked: Asked, { command, ack }: CommandArgs, ports: Ports): Promise<void> {
  const help = await readCommand(asked, 'help', ports);
  const said = help.kind === 'answer' ? help.message : help.notice;
  if (ports.views === undefined) return ack(onlyForAsker(said));
  await ack();
  if (await openForm(ports, { ...asked, trigger: command.trigger_id })) return;
  const { channel, user } = asked;
  const shown = await ports.chat.whisper(said, { channel, user });
  if (shown.kind !== 'ok') ports.log.warn({ result: shown }, 'help in place of the form was not shown');
}

function askedBy(name: Asked['command'], command: SlashCommand, now: number): Asked {
  return {
    command: name,
    text: normaliseText(command.text ?? ''),
    user: command.user_id,
    userName: command.user_name || command.user_id,
    channel: command.channel_id,
    thread: null,
    at: now,
  };
}

/** A message as the answer to a slash command, seen by one person. */
export function onlyForAsker(message: Message): RespondArguments {
  return { response_type: 'ephemeral', text: message.text, blocks: [...message.blocks] };
}
