/** The message box: Enter sends, Shift+Enter breaks the line, `/` offers the commands and `@` the people. */
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import type { CommandHint, Person } from '../server/wire.ts';
import { SendIcon } from './icons.tsx';

type Offer = { readonly insert: string; readonly name: string; readonly more: string; readonly hint: string };

export function Composer(props: {
  label: string;
  commands: readonly CommandHint[];
  people: readonly Person[];
  send: (text: string) => Promise<string | undefined>;
}) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [closed, setClosed] = useState(false);
  const [problem, setProblem] = useState('');
  const box = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const offers = closed ? [] : offersFor(text, props.commands, props.people);
  const current = offers[Math.min(at, offers.length - 1)];
  useLayoutEffect(() => fitHeight(box.current, text), [text]);
  const change = (next: string) => {
    setText(next);
    setAt(0);
    setClosed(false);
  };
  const take = (offer: Offer) => {
    change(offer.insert);
    box.current?.focus();
  };
  const send = async () => {
    if (text.trim() === '') return;
    change('');
    const failed = await props.send(text);
    setProblem(failed ?? '');
    if (failed !== undefined) setText((now) => (now === '' ? text : now));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (current !== undefined && moveInOffers(event, { at, setAt, offers, take, close: () => setClosed(true) })) return;
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    void send();
  };
  return (
    <div className="composer">
      {current === undefined ? null : <OfferList id={id} offers={offers} current={current} take={take} point={setAt} />}
      <UsageLine text={text} commands={props.commands} />
      {problem === '' ? null : (
        <div className="problem" role="alert">
          {problem}
        </div>
      )}
      <div className="composer-box">
        <textarea
          ref={box}
          rows={1}
          value={text}
          aria-label={props.label}
          placeholder={props.label}
          aria-autocomplete="list"
          aria-controls={current === undefined ? undefined : id}
          aria-activedescendant={current === undefined ? undefined : `${id} ${current.name}`}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKey}
        />
        <button
          type="button"
          className="send"
          aria-label="Send"
          disabled={text.trim() === ''}
          onClick={() => void send()}
        >
          <SendIcon />
        </button>
      </div>
    </div>
  );
}

function OfferList(props: {
  id: string;
  offers: readonly Offer[];
  current: Offer;
  take: (offer: Offer) => void;
  point: (at: number) => void;
}) {
  return (
    <div className="offers" role="listbox" id={props.id} aria-label="Suggestions">
      {props.offers.map((offer, index) => (
        <button
          key={offer.name}
          type="button"
          role="option"
          id={`${props.id} ${offer.name}`}
          aria-selected={offer === props.current}
          tabIndex={-1}
          onMouseMove={() => props.point(index)}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => props.take(offer)}
        >
          <strong>{offer.name}</strong> <span className="offer-hint">{offer.hint}</span>
          <span className="offer-more">{offer.more}</span>
        </button>
      ))}
    </div>
  );
}

/** While a command is being written its usage stands above the box. */
function UsageLine({ text, commands }: { text: string; commands: readonly CommandHint[] }) {
  const hint = commands.find((item) => text.startsWith(`${item.command} `));
  if (hint === undefined) return null;
  return (
    <div className="usage">
      <code>
        {hint.command} {hint.usageHint}
      </code>
    </div>
  );
}

function offersFor(text: string, commands: readonly CommandHint[], people: readonly Person[]): Offer[] {
  if (/^\/\S*$/.test(text)) {
    const found = commands.filter((hint) => hint.command.startsWith(text) && hint.command !== text);
    return found.map(({ command, usageHint, description }) => ({
      insert: `${command} `,
      name: command,
      hint: usageHint,
      more: description,
    }));
  }
  const mention = /(^|\s)@([\w-]*)$/.exec(text);
  if (mention === null) return [];
  const typed = (mention[2] ?? '').toLowerCase();
  const found = people.filter(
    (person) => person.name.startsWith(typed) && person.name !== typed && person.name !== 'slackbot',
  );
  const before = text.slice(0, text.length - typed.length);
  return found.map(({ name, realName }) => ({
    insert: `${before}${name} `,
    name: `@${name}`,
    hint: '',
    more: realName,
  }));
}

/** True when the key was meant for the suggestions. */
function moveInOffers(
  event: KeyboardEvent,
  menu: {
    at: number;
    setAt: (at: number) => void;
    offers: readonly Offer[];
    take: (offer: Offer) => void;
    close: () => void;
  },
): boolean {
  const { at, offers } = menu;
  const current = offers[Math.min(at, offers.length - 1)];
  if (event.key === 'ArrowDown') menu.setAt((at + 1) % offers.length);
  else if (event.key === 'ArrowUp') menu.setAt((at + offers.length - 1) % offers.length);
  else if (event.key === 'Escape') menu.close();
  else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && current !== undefined)
    menu.take(current);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

function fitHeight(box: HTMLTextAreaElement | null, _text: string): void {
  if (box === null) return;
  box.style.height = 'auto';
  box.style.height = `${Math.min(box.scrollHeight, 200)}px`;
}
