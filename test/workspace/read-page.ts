/** Reads what a page would show: the workspace's live stream, kept up to date, with a way to wait for a thing. */
import type { Message, StreamEvent, ViewOnPage } from '../../workspace/server/wire.ts';
import type { Workspace } from '../../workspace/server/workspace.ts';
import { MAYA } from './start-app.ts';

export type Reader = {
  messages(): Message[];
  modals(): readonly ViewOnPage[];
  home(): ViewOnPage | undefined;
  /** Resolves with the first truthy value of `look`, tried at every change; the test's own limit ends the wait. */
  until<T>(look: (reader: Reader) => T | undefined | false): Promise<T>;
  close(): void;
};

/** Opens the stream as `user` and waits for its snapshot. */
export async function readAs(workspace: Workspace, user: string = MAYA): Promise<Reader> {
  const stop = new AbortController();
  const response = await fetch(`${workspace.url}/stream?user=${user}`, { signal: stop.signal });
  const messages = new Map<string, Message>();
  const waiting = new Set<() => void>();
  let modals: readonly ViewOnPage[] = [];
  let home: ViewOnPage | undefined;
  const take = (event: StreamEvent) => {
    if (event.type === 'snapshot') {
      for (const message of event.messages) messages.set(message.ts, message);
      modals = event.modals;
      home = event.home;
    }
    if (event.type === 'message') messages.set(event.message.ts, event.message);
    if (event.type === 'gone') messages.delete(event.ts);
    if (event.type === 'modals') modals = event.modals;
    if (event.type === 'home') home = event.home;
    for (const check of [...waiting]) check();
  };
  void follow(response, take);
  const reader: Reader = {
    messages: () => [...messages.values()],
    modals: () => modals,
    home: () => home,
    until: (look) =>
      new Promise((resolve) => {
        const check = () => {
          const found = look(reader);
          if (found === undefined || found === false) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    close: () => stop.abort(),
  };
  return reader;
}

async function follow(response: Response, take: (event: StreamEvent) => void): Promise<void> {
  let rest = '';
  const decoder = new TextDecoder();
  try {
    for await (const part of response.body ?? []) {
      rest += decoder.decode(part, { stream: true });
      const pieces = rest.split('\n\n');
      rest = pieces.pop() ?? '';
      for (const piece of pieces) if (piece.startsWith('data: ')) take(JSON.parse(piece.slice(6)) as StreamEvent);
    }
  } catch {
    // The test closed the stream.
  }
}
