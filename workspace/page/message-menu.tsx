/** The menu of a message: the app's shortcuts, a link to it, and deleting it, as an admin may. */
import { useState } from 'react';
import type { Message } from '../server/wire.ts';
import { perform } from './acts.ts';
import { DotsIcon } from './icons.tsx';
import { useNames } from './names.tsx';

export function MessageMenu({ message }: { message: Message }) {
  const { me, shortcuts } = useNames();
  const [open, setOpen] = useState(false);
  const [trouble, setTrouble] = useState('');
  const at = { channel: message.channel, ts: message.ts };
  const act = async (what: Parameters<typeof perform>[1]) => {
    setOpen(false);
    const answer = await perform(me, what);
    setTrouble(answer.ok ? '' : (answer.error ?? 'This did not work.'));
  };
  const copy = () => {
    setOpen(false);
    void navigator.clipboard.writeText(`${location.origin}/#${message.channel}/${message.ts}`);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc and leaving close the menu from wherever the focus is in it
    <span
      className="message-menu"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        setOpen(false);
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <button
        type="button"
        aria-label="Message menu"
        aria-haspopup="true"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <DotsIcon />
      </button>
      {open ? (
        <span className="menu-list">
          {shortcuts.map(({ callbackId, name }) => (
            <button key={callbackId} type="button" onClick={() => void act({ act: 'shortcut', ...at, callbackId })}>
              {name}
            </button>
          ))}
          <button type="button" onClick={copy}>
            Copy link
          </button>
          <button type="button" onClick={() => void act({ act: 'delete', ...at })}>
            Delete message
          </button>
        </span>
      ) : null}
      {trouble === '' ? null : (
        <span className="menu-trouble" role="alert">
          {trouble}
        </span>
      )}
    </span>
  );
}
