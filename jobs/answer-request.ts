/** What all jobs that answer a person share: the stored request, the answer in the outbox, offers behind buttons. */
import { type Asked, readAsked } from '../src/core/asked.ts';
import { Fault } from '../src/fault.ts';
import type { Message } from '../src/messages/message.ts';
import { faultMessage } from '../src/messages/plain-messages.ts';
import type { Ports } from '../src/ports.ts';
import { findRequest, finishRequest, receiveRequest } from '../src/store/requests.ts';
import { sendMessage } from './show-progress.ts';

/**
 * Works on a stored request and puts what `work` returns where it was asked; undefined: `work` has put its own messages.
 * A fault that will not pass, or has not passed for ten minutes, is told to the person with an id that is in the log.
 */
export async function answerRequest(
  ports: Ports,
  id: string,
  work: (asked: Asked) => Promise<Message | undefined>,
): Promise<void> {
  const request = await findRequest(ports.store.query, id);
  const asked = request && readAsked(request.payload);
  if (!request || request.doneAt !== null) return;
  if (!asked) {
    ports.log.error({ request: id }, 'stored request cannot be read');
    return finishRequest(ports.store.query, id, ports.clock.now());
  }
  const message = await workOrSay(ports, id, asked, work);
  if (message) {
    await sendMessage(ports, {
      key: `answer:${id}`,
      channel: asked.channel,
      threadOf: null,
      thread: asked.thread,
      content: message,
    });
  }
  await finishRequest(ports.store.query, id, ports.clock.now());
}

async function workOrSay(
  ports: Ports,
  id: string,
  asked: Asked,
  work: (asked: Asked) => Promise<Message | undefined>,
): Promise<Message | undefined> {
  try {
    return await work(asked);
  } catch (error) {
    const passing = error instanceof Fault && error.retry === 'later' && ports.clock.now() - asked.at < 10 * 60_000;
    if (passing) throw error;
    const errorId = ports.ids.next();
    ports.log.error({ err: error, id: errorId, request: id }, 'request could not be answered');
    return faultMessage(errorId);
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
