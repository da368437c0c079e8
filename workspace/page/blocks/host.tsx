/**
 * What the elements inside a message or a form need from their surroundings: what is chosen so far, how to press, and
 * what is under way. Messages and forms provide it, elements use it, so that one button serves both.
 */
import { createContext, type ReactNode, useContext, useState } from 'react';
import type { ActAnswer, Choice, Choices } from '../../server/wire.ts';
import type { Pressed } from '../acts.ts';

export type Host = {
  readonly choices: Choices;
  /** `block action` of the press under way. */
  readonly busy: string | undefined;
  /** What went wrong with the last press. */
  readonly problem: { readonly blockId: string; readonly text: string } | undefined;
  /** Errors by block, from a form that was sent back. */
  readonly errors: Readonly<Record<string, string>>;
  choose(blockId: string, actionId: string, choice: Choice): void;
  press(blockId: string, actionId: string, choice: Choice): void;
};

const HostContext = createContext<Host | undefined>(undefined);

/** The host of the element that is being drawn. Throws outside of one. */
export function useHost(): Host {
  const host = useContext(HostContext);
  if (host === undefined) throw new Error('An element was drawn outside of a message or a form');
  return host;
}

/** Makes a host. `send` tells the server of a press. */
export function useNewHost(
  send: (pressed: Pressed) => Promise<ActAnswer>,
  errors: Readonly<Record<string, string>> = {},
): Host {
  const [choices, setChoices] = useState<Choices>({});
  const [busy, setBusy] = useState<string>();
  const [problem, setProblem] = useState<Host['problem']>();
  const choose = (blockId: string, actionId: string, choice: Choice) =>
    setChoices((now) => withChoice(now, blockId, actionId, choice));
  const press = async (blockId: string, actionId: string, choice: Choice) => {
    setBusy(`${blockId} ${actionId}`);
    setProblem(undefined);
    const answer = await send({ blockId, actionId, choice, choices: withChoice(choices, blockId, actionId, choice) });
    setBusy(undefined);
    if (!answer.ok) setProblem({ blockId, text: answer.error ?? 'This did not work.' });
  };
  return { choices, busy, problem, errors, choose, press: (...at) => void press(...at) };
}

function withChoice(choices: Choices, blockId: string, actionId: string, choice: Choice): Choices {
  return { ...choices, [blockId]: { ...choices[blockId], [actionId]: choice } };
}

export function HostProvider({ host, children }: { host: Host; children: ReactNode }) {
  return <HostContext value={host}>{children}</HostContext>;
}
