/** The question that a button may ask before it acts. */
import { Dialog } from '../dialog.tsx';
import { SlackText } from '../mrkdwn-view.tsx';
import type { Confirmation } from './slack-types.ts';

export function ConfirmDialog(props: { confirm: Confirmation; onAnswer: (yes: boolean) => void }) {
  const { confirm, onAnswer } = props;
  const title = confirm.title?.text ?? 'Are you sure?';
  return (
    <Dialog label={title} className="dialog-small" onClose={() => onAnswer(false)}>
      <h2>{title}</h2>
      <div className="dialog-body">
        <SlackText value={confirm.text} />
      </div>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => onAnswer(false)}>
          {confirm.deny?.text ?? 'No'}
        </button>
        <button
          type="button"
          className={confirm.style === 'danger' ? 'button button-danger' : 'button button-primary'}
          onClick={() => onAnswer(true)}
        >
          {confirm.confirm?.text ?? 'Yes'}
        </button>
      </div>
    </Dialog>
  );
}
