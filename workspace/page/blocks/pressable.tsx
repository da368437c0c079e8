/** Buttons and overflow menus. Both may ask first, and both show that a press is under way until the app has answered. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Choice } from '../../server/wire.ts';
import { withEmoji } from '../emoji.ts';
import { DotsIcon } from '../icons.tsx';
import { isSafeUrl } from '../mrkdwn.ts';
import { ConfirmDialog } from './confirm.tsx';
import { useHost } from './host.tsx';
import type { Confirmation, ElementOf } from './slack-types.ts';

/** `press(choice)` asks when the element has a question, then acts; `question` is the dialog while it is open. */
export function usePress(blockId: string, actionId: string, confirm: Confirmation | undefined) {
  const host = useHost();
  const [asking, setAsking] = useState<{ choice: Choice } | undefined>();
  const act = (choice: Choice) => host.press(blockId, actionId, choice);
  const press = (choice: Choice) => (confirm === undefined ? act(choice) : setAsking({ choice }));
  const answer = (yes: boolean) => {
    setAsking(undefined);
    if (yes && asking !== undefined) act(asking.choice);
  };
  const question =
    confirm === undefined || asking === undefined ? null : <ConfirmDialog confirm={confirm} onAnswer={answer} />;
  return { press, question, busy: host.busy === `${blockId} ${actionId}`, held: host.busy !== undefined };
}

export function Button({ element, blockId }: { element: ElementOf<'button'>; blockId: string }) {
  const { press, question, busy, held } = usePress(blockId, element.action_id ?? '', element.confirm);
  const style = element.style === undefined ? '' : ` button-${element.style}`;
  const open = () => {
    if (element.url !== undefined && isSafeUrl(element.url)) window.open(element.url, '_blank', 'noreferrer');
    press(null);
  };
  return (
    <>
      <button
        type="button"
        className={`button${style}${busy ? ' is-busy' : ''}`}
        aria-label={element.accessibility_label}
        aria-busy={busy}
        disabled={held}
        onClick={open}
      >
        {withEmoji(element.text.text)}
      </button>
      {question}
    </>
  );
}

export function Overflow({ element, blockId }: { element: ElementOf<'overflow'>; blockId: string }) {
  const { press, question, busy, held } = usePress(blockId, element.action_id ?? '', element.confirm);
  const [open, setOpen] = useState(false);
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (open) ref.current?.querySelector<HTMLButtonElement>('[role=menuitem]')?.focus();
  }, [open]);
  const choose = (value: string | undefined, url: string | undefined) => {
    setOpen(false);
    if (url !== undefined && isSafeUrl(url)) window.open(url, '_blank', 'noreferrer');
    press(value ?? null);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only watches the focus leave the menu
    <span className="menu-anchor" ref={ref} onBlur={(event) => !holds(event) && setOpen(false)}>
      <button
        type="button"
        className={`button button-icon${busy ? ' is-busy' : ''}`}
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={open}
        disabled={held}
        onClick={() => setOpen(!open)}
      >
        <DotsIcon />
      </button>
      {open ? (
        <div className="menu" role="menu" onKeyDown={(event) => moveInMenu(event, () => setOpen(false))} tabIndex={-1}>
          {element.options.map((option) => (
            <button key={option.value} type="button" role="menuitem" onClick={() => choose(option.value, option.url)}>
              {withEmoji(option.text.text)}
            </button>
          ))}
        </div>
      ) : null}
      {question}
    </span>
  );
}

function holds(event: { currentTarget: Element; relatedTarget: EventTarget | null }): boolean {
  return event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget);
}

/** Up and Down walk through the items, Esc closes the menu and nothing else. */
function moveInMenu(event: KeyboardEvent<HTMLElement>, close: () => void): void {
  if (event.key === 'Escape') {
    event.stopPropagation();
    close();
    event.currentTarget.parentElement?.querySelector('button')?.focus();
  }
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('[role=menuitem]')];
  const at = items.findIndex((item) => item.matches(':focus'));
  items.at((at + step) % items.length)?.focus();
}
