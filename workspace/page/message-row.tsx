/** One message: who, when, what, and what can be done with it. */
import type { ReactNode } from 'react';
import type { FileInfo, Message, Person } from '../server/wire.ts';
import { perform } from './acts.ts';
import { Avatar } from './avatar.tsx';
import { Blocks } from './blocks/block-view.tsx';
import { HostProvider, useNewHost } from './blocks/host.tsx';
import { EyeIcon, ThreadIcon } from './icons.tsx';
import { MessageMenu } from './message-menu.tsx';
import { keyed, Mrkdwn } from './mrkdwn-view.tsx';
import { useNames } from './names.tsx';
import { dayOf, fullTimeOf, instantOf, timeOf } from './times.ts';

export type RowProps = {
  readonly message: Message;
  /** Replies in its thread; empty in the thread's own pane. */
  readonly replies: readonly Message[];
  /** Follows another message of the same author closely: drawn without avatar and name. */
  readonly follows: boolean;
  readonly openThread?: ((ts: string) => void) | undefined;
};

export function MessageRow({ message, replies, follows, openThread }: RowProps) {
  const { me, person } = useNames();
  const author = person(message.user);
  const sent = instantOf(message.ts);
  const whisper = message.onlyFor !== undefined;
  return (
    <article
      className={`message${follows ? ' follows' : ''}${whisper ? ' whisper' : ''}`}
      data-ts={message.ts}
      aria-label={`${author?.realName ?? message.user}, ${timeOf(sent)}`}
    >
      <div className="gutter">{follows ? <Time sent={sent} /> : <Avatar person={author} />}</div>
      <div className="body">
        {whisper ? <OnlyYou dismiss={() => void perform(me, { act: 'dismiss', ...at(message) })} /> : null}
        {follows ? null : <Head author={author} id={message.user} sent={sent} />}
        <Content message={message} />
        {openThread === undefined ? null : <ThreadLink replies={replies} open={() => openThread(message.ts)} />}
      </div>
      {whisper ? null : (
        <div className="hover-bar">
          {openThread === undefined ? null : (
            <button type="button" aria-label="Reply in thread" onClick={() => openThread(message.ts)}>
              <ThreadIcon />
            </button>
          )}
          <MessageMenu message={message} />
        </div>
      )}
    </article>
  );
}

const at = (message: Message) => ({ channel: message.channel, ts: message.ts });

function Time({ sent }: { sent: Date }) {
  return (
    <time className="time" dateTime={sent.toISOString()} title={fullTimeOf(sent)}>
      {timeOf(sent)}
    </time>
  );
}

function Head({ author, id, sent }: { author: Person | undefined; id: string; sent: Date }) {
  return (
    <div className="head">
      <span className="author">{author?.realName ?? id}</span>
      {author?.isBot === true ? <span className="badge">APP</span> : null}
      <Time sent={sent} />
    </div>
  );
}

function OnlyYou({ dismiss }: { dismiss: () => void }) {
  return (
    <div className="only-you">
      <EyeIcon /> Only visible to you
      <button type="button" className="link-button" onClick={dismiss}>
        Dismiss
      </button>
    </div>
  );
}

function Content({ message }: { message: Message }) {
  const { me } = useNames();
  const host = useNewHost((pressed) => perform(me, { act: 'press', ...at(message), ...pressed }));
  const edited: ReactNode = message.edited === undefined ? null : <span className="edited"> (edited)</span>;
  return (
    <HostProvider host={host}>
      {message.blocks === undefined ? (
        <div className="text">
          <Mrkdwn text={message.text} />
          {edited}
        </div>
      ) : (
        <>
          <Blocks blocks={message.blocks} />
          {edited}
        </>
      )}
      {keyed(message.files ?? [], (file) => (
        <Attachment file={file} />
      ))}
    </HostProvider>
  );
}

function Attachment({ file }: { file: FileInfo }) {
  if (file.mimetype.startsWith('image/')) {
    return (
      <a className="file-image" href={file.path} target="_blank" rel="noreferrer">
        <img src={file.path} alt={file.title} />
      </a>
    );
  }
  return (
    <a className="file-card" href={file.path} download={file.name}>
      <span className="file-kind">{file.name.split('.').at(-1)?.toUpperCase()}</span>
      <span>
        <strong>{file.title}</strong>
        <small>{file.size.toLocaleString()} bytes</small>
      </span>
    </a>
  );
}

function ThreadLink({ replies, open }: { replies: readonly Message[]; open: () => void }) {
  const { person } = useNames();
  const last = replies.at(-1);
  if (last === undefined) return null;
  const authors = [...new Set(replies.map((reply) => reply.user))].slice(0, 3);
  const when = instantOf(last.ts);
  return (
    <button type="button" className="thread-link" onClick={open}>
      {authors.map((id) => (
        <Avatar key={id} person={person(id)} small />
      ))}
      <span className="thread-count">{replies.length === 1 ? '1 reply' : `${replies.length} replies`}</span>
      <span className="thread-last">
        Last reply {dayOf(when, new Date()).toLowerCase()} at {timeOf(when)}
      </span>
    </button>
  );
}
