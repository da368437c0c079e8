/**
 * A person in the local workspace, without a browser: acts as its page acts (the workspace signs what it sends to the
 * app) and reads what its page reads.
 */
import { listElements } from '../../workspace/server/elements.ts';
import type { ActAnswer, Message, StreamEvent, ViewOnPage } from '../../workspace/server/wire.ts';
import { waitUntil } from '../jobs/wait-until.ts';

const channel = 'C0PIPELINE';
/** The two people who live in the local workspace. */
export const people = { maya: 'U0MAYACHEN', theo: 'U0THEOKANE' } as const;

export type SlackPerson = {
  /** Sends what is typed into the channel, or into a thread. */
  type(text: string, thread?: string): Promise<ActAnswer>;
  /** Presses the button of a message whose words begin so. */
  press(message: Message, words: string): Promise<ActAnswer>;
  /** What this person sees, oldest first. */
  messages(): Message[];
  thread(root: Message): Message[];
  /** Waits for a message of the app whose words match. */
  sees(words: RegExp, where?: (message: Message) => boolean, limit?: number): Promise<Message>;
  /** The forms that are open, the last on top. */
  forms(): readonly ViewOnPage[];
  /** Chooses in a form and submits it. */
  submit(form: ViewOnPage, choices: Readonly<Record<string, string | readonly string[]>>): Promise<ActAnswer>;
  /** The Home tab of the app, once it was published. */
  home(): ViewOnPage | undefined;
  /** Opens the Home tab. */
  openHome(): Promise<ActAnswer>;
  /** Presses the button of a Home tab or form whose words begin so. */
  pressIn(view: ViewOnPage, words: string): Promise<ActAnswer>;
  close(): void;
};

/** Opens the workspace as somebody. */
export async function openSlack(url: string, user: string = people.maya): Promise<SlackPerson> {
  const stop = new AbortController();
  const response = await fetch(`${url}/stream?user=${user}`, { signal: stop.signal });
  const shown = new Map<string, Message>();
  const views: Views = { forms: [], home: undefined };
  void follow(response, shown, { user, views });
  const messages = () => [...shown.values()].sort((a, b) => Number(a.ts) - Number(b.ts));
  const act = async (body: Record<string, unknown>): Promise<ActAnswer> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/act`, { method: 'POST', headers, body: JSON.stringify({ user, ...body }) });
    return (await answer.json()) as ActAnswer;
  };
  return {
    messages,
    thread: (root) => messages().filter((message) => message.thread === root.ts),
    type: (text, thread) => act({ act: 'send', channel, text, ...(thread === undefined ? {} : { thread }) }),
    press: async (message, words) => {
      const button = listElements(message.blocks ?? []).find(({ element }) => buttonText(element).startsWith(words));
      if (!button) throw new Error(`there is no button "${words}" in: ${wordsOf(message)}`);
      const { blockId, actionId } = button;
      return act({ act: 'press', channel, ts: message.ts, blockId, actionId, choice: null, choices: {} });
    },
    sees: (words, where = () => true, limit = 25_000) =>
      waitUntil(
        `a message like ${words}`,
        () => messages().find((message) => words.test(wordsOf(message)) && where(message)),
        limit,
      ),
    forms: () => views.forms,
    home: () => views.home,
    openHome: () => act({ act: 'open-home' }),
    submit: (form, choices) => act({ act: 'submit', view: form.id, choices: byBlock(form, choices) }),
    pressIn: (view, words) => {
      const button = listElements(view.blocks).find(({ element }) => buttonText(element).startsWith(words));
      if (!button) throw new Error(`there is no button "${words}" in: ${JSON.stringify(view.blocks)}`);
      const { blockId, actionId } = button;
      return act({ act: 'press-in-view', view: view.id, blockId, actionId, choice: null, choices: {} });
    },
    close: () => stop.abort(),
  };
}

/** All words of a message, those of its buttons too. */
export function wordsOf(message: Message): string {
  const words: string[] = [];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) collect(each);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inside] of Object.entries(value)) {
        if (key === 'text' && typeof inside === 'string') words.push(inside);
        else collect(inside);
      }
    }
  };
  collect(message.blocks ?? []);
  return `${message.text}\n${words.join(' ')}`;
}

function buttonText(element: Record<string, unknown>): string {
  const { text } = element;
  return typeof text === 'object' && text !== null && 'text' in text ? String(text.text) : '';
}

type Views = { forms: readonly ViewOnPage[]; home: ViewOnPage | undefined };
type Seen = { readonly user: string; readonly views: Views };

/** Choices as the page sends them: by block and action. */
function byBlock(form: ViewOnPage, choices: Readonly<Record<string, string | readonly string[]>>) {
  const elements = listElements(form.blocks);
  return Object.fromEntries(
    Object.entries(choices).map(([block, choice]) => {
      const found = elements.find(({ blockId }) => blockId === block);
      return [block, { [found?.actionId ?? '']: choice }];
    }),
  );
}

async function follow(response: Response, shown: Map<string, Message>, seen: Seen): Promise<void> {
  let rest = '';
  const decoder = new TextDecoder();
  try {
    for await (const part of response.body ?? []) {
      rest += decoder.decode(part, { stream: true });
      const pieces = rest.split('\n\n');
      rest = pieces.pop() ?? '';
      for (const piece of pieces) if (piece.startsWith('data: ')) take(JSON.parse(piece.slice(6)), shown, seen);
    }
  } catch {
    // The person left, or the server was killed.
  }
}

function take(event: StreamEvent, shown: Map<string, Message>, { user, views }: Seen): void {
  if (event.type === 'snapshot') for (const message of event.messages) shown.set(message.ts, message);
  if (event.type === 'modals' && event.user === user) views.forms = event.modals;
  if (event.type === 'home' && event.user === user) views.home = event.home;
  if (event.type === 'message') shown.set(event.message.ts, event.message);
  if (event.type === 'gone') shown.delete(event.ts);
}
