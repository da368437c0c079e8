/** Messages in order, with day lines. It stays at the bottom while the reader is there, and leaves a reader above alone. */
import { Fragment, type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Message } from '../server/wire.ts';
import { MessageRow } from './message-row.tsx';
import { dayOf, instantOf } from './times.ts';

/** Messages of one author within so many seconds are drawn as one. */
const TOGETHER = 5 * 60;
/** Pixels from the bottom that still count as being there. */
const NEAR = 60;

export function MessageList(props: {
  label: string;
  messages: readonly Message[];
  repliesTo?: (ts: string) => readonly Message[];
  openThread?: (ts: string) => void;
  /** Drawn above the first message. */
  start?: ReactNode;
  /** A line below the first message, which then stands alone. */
  lineAfterFirst?: string | undefined;
}) {
  const { ref, below, toEnd } = useStayAtEnd(props.messages);
  return (
    <div className="list-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable to be scrolled by keys */}
      <div className="list" role="log" aria-label={props.label} ref={ref} tabIndex={0}>
        {props.start}
        {props.messages.map((message, index) => {
          const before = props.messages[index - 1];
          return (
            <Fragment key={message.ts}>
              {startsDay(message, before) ? <DayLine message={message} /> : null}
              <MessageRow
                message={message}
                replies={props.repliesTo?.(message.ts) ?? []}
                follows={follows(message, before) && !(index === 1 && props.lineAfterFirst !== undefined)}
                openThread={props.openThread}
              />
              {index === 0 && props.lineAfterFirst !== undefined ? (
                <div className="reply-line">{props.lineAfterFirst}</div>
              ) : null}
            </Fragment>
          );
        })}
      </div>
      {below ? (
        <button type="button" className="to-end" onClick={toEnd}>
          New messages ↓
        </button>
      ) : null}
    </div>
  );
}

function DayLine({ message }: { message: Message }) {
  return (
    <div className="day">
      <span>{dayOf(instantOf(message.ts), new Date())}</span>
    </div>
  );
}

function startsDay(message: Message, before: Message | undefined): boolean {
  if (before === undefined) return message.thread === undefined;
  return instantOf(message.ts).toDateString() !== instantOf(before.ts).toDateString();
}

function follows(message: Message, before: Message | undefined): boolean {
  if (before === undefined || startsDay(message, before)) return false;
  const alike = message.user === before.user && message.onlyFor === before.onlyFor && message.onlyFor === undefined;
  return alike && Number(message.ts) - Number(before.ts) < TOGETHER;
}

function useStayAtEnd(messages: readonly Message[]) {
  const ref = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const count = useRef(messages.length);
  const [below, setBelow] = useState(false);
  const toEnd = useCallback(() => ref.current?.scrollTo({ top: ref.current.scrollHeight }), []);
  useEffect(() => {
    const list = ref.current;
    if (list === null) return;
    const look = () => {
      atEnd.current = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
      if (atEnd.current) setBelow(false);
    };
    const grow = new ResizeObserver(() => atEnd.current && toEnd());
    for (const child of list.children) grow.observe(child);
    grow.observe(list);
    list.addEventListener('scroll', look);
    return () => {
      grow.disconnect();
      list.removeEventListener('scroll', look);
    };
  });
  useLayoutEffect(() => {
    const more = messages.length > count.current;
    count.current = messages.length;
    if (atEnd.current) toEnd();
    else if (more) setBelow(true);
  }, [messages, toEnd]);
  return { ref, below, toEnd };
}
