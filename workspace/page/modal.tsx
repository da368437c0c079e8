/** A form: its blocks, its buttons, and what is still missing. Esc closes it, as in Slack. */
import { useEffect, useRef, useState } from 'react';
import type { ActAnswer, Choice, ViewOnPage } from '../server/wire.ts';
import { perform } from './acts.ts';
import { Blocks } from './blocks/block-view.tsx';
import { startOf } from './blocks/choosable.tsx';
import { type Host, HostProvider, useNewHost } from './blocks/host.tsx';
import { Dialog } from './dialog.tsx';
import { CloseIcon } from './icons.tsx';

/** The first control of the first field that has an error. */
const FIRST_WRONG = '.has-error :is(input, select, textarea)';

export function Modal({ view, me }: { view: ViewOnPage; me: string }) {
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [trouble, setTrouble] = useState('');
  const [sending, setSending] = useState(false);
  const host = useNewHost((pressed) => perform(me, { act: 'press-in-view', view: view.id, ...pressed }), errors);
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (Object.keys(errors).length > 0) body.current?.querySelector<HTMLElement>(FIRST_WRONG)?.focus();
  }, [errors]);
  const close = () => void perform(me, { act: 'close', view: view.id });
  const show = (answer: ActAnswer) => {
    setErrors(answer.errors ?? {});
    setTrouble(answer.ok || answer.errors !== undefined ? '' : (answer.error ?? ''));
  };
  const submit = async () => {
    const missing = missingIn(view, host);
    if (Object.keys(missing).length > 0) return show({ ok: false, errors: missing });
    setSending(true);
    const answer = await perform(me, { act: 'submit', view: view.id, choices: host.choices });
    setSending(false);
    show(answer);
  };
  return (
    <Dialog label={view.title} className="modal" onClose={close}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <header className="modal-head">
          <h2>{view.title}</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={close}>
            <CloseIcon />
          </button>
        </header>
        <div className="modal-body" ref={body}>
          {trouble === '' ? null : (
            <div className="problem" role="alert">
              {trouble}
            </div>
          )}
          <HostProvider host={host}>
            <Blocks blocks={view.blocks} />
          </HostProvider>
        </div>
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={close}>
            {view.close}
          </button>
          {view.submit === undefined ? null : (
            <button type="submit" className={`button button-primary${sending ? ' is-busy' : ''}`} disabled={sending}>
              {view.submit}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}

/** Inputs that are not optional and hold nothing, by block. */
function missingIn(view: ViewOnPage, host: Host): Record<string, string> {
  const missing: Record<string, string> = {};
  for (const block of view.blocks) {
    if (block.type !== 'input' || block.optional === true) continue;
    const { block_id: blockId = '', element } = block;
    const chosen: Choice | undefined = host.choices[blockId]?.[element.action_id ?? ''];
    const value = chosen === undefined ? startOf(element) : chosen;
    if (value === null || value.length === 0) missing[blockId] = 'Please complete this required field.';
  }
  return missing;
}
