/** What all jobs that answer a person share: the stored request, the answer in the outbox, offers behind buttons. */
import { type Asked, readAsked } from '../src/core/asked.ts';
import { Fault } from '../src/fault.ts';
import type { Message } from '../src/messages/message.ts';
import { faultMessage } from '../src/messages/plain-messages.ts';
import type { Ports } from '../src/ports.ts';
import { findRequest, finishRequest, receiveRequest } from '../src/store/requests.ts';
import { sendMessage } from './show-progress.ts';

/** What a job answers: for all to see, or for the asker alone. */
export type Answer = Message | { readonly alone: Message };

/** Refusals, faults and questions about the state of things are nobody else's business. */
export function alone(message: Message): Answer {
  return { alone: message };
}

/**
 * Works on a stored request and puts what `work` returns where it was asked; undefined: `work` has put its own messages.
 * A fault that will not pass, or has not passed for ten minutes, is told to the person with an id that is in the log.
 */
export async function answerRequest(
  ports: Ports,
  id: string,
  work: (asked: Asked) => Promise<Answer | undefined>,
): Promise<void> {
  const request = await findRequest(ports.store.query, id);
  const asked = request && readAsked(request.payload);
  if (!request || request.doneAt !== null) return;
  if (!asked) {
    ports.log.error({ request: id }, 'stored request cannot be read');
    return finishRequest(ports.store.query, id, ports.clock.now());
  }
  const answer = await workOrSay(ports, id, asked, work);
  if (answer) await ('alone' in answer ? whisper(ports, asked, answer.alone) : post(ports, id, asked, answer));
  await finishRequest(ports.store.query, id, ports.clock.now());
}

async function post(ports: Ports, id: string, { channel, thread }: Asked, content: Message): Promise<void> {
  await sendMessage(ports, { key: `answer:${id}`, channel, threadOf: null, thread, content });
}

/** Nothing is kept of what one person sees; if Slack cannot be reached the whole request is worked on again. */
async function whisper(ports: Ports, asked: Asked, message: Message): Promise<void> {
  const { channel, user, thread } = asked;
  const result = await ports.chat.whisper(message, { channel, user, ...(thread === null ? {} : { thread }) });
  if (result.kind === 'ok') return;
  ports.log.warn({ result, user, channel }, 'answer was not shown to its asker');
  if (result.kind === 'later' && isRecent(ports, asked)) throw new Fault('Slack did not take the answer', 'later');
}

function isRecent(ports: Ports, asked: Asked): boolean {
  return ports.clock.now() - asked.at < 10 * 60_000;
}

async function workOrSay(
  ports: Ports,
  id: string,
  asked: Asked,
  work: (asked: Asked) => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  try {
    return await work(asked);
  } catch (error) {
    const passing = error instanceof Fault && error.retry === 'later' && isRecent(ports, asked);
    if (passing) throw error;
    const errorId = ports.ids.next();
    ports.log.error({ err: error, id: errorId, request: id }, 'request could not be answered');
    return alone(faultMessage(errorId));
  }
}

/** Stores what a button would ask, and returns the id that the button carries. */
export async function offer(ports: Ports, request: string, name: string, asked: Asked, text: string): Promise<string> {
  const id = `${request}-${name}`;
  await receiveRequest(ports.store.query, {
    id,
    key: id,
    kind: 'offer',
    payload: { ...asked, text },
    now: ports.clock.now(),
  });
  return id;
}
