/** Draws task_card and plan: one line of state per task, its details below. */
import { withEmoji } from '../emoji.ts';
import { keyed } from '../mrkdwn-view.tsx';
import { RichText } from './rich-text.tsx';
import type { BlockOf } from './slack-types.ts';

type Task = BlockOf<'task_card'>;

/** A mark and a word for each state: never colour alone. */
const STATES: Readonly<Record<Task['status'], readonly [mark: string, word: string]>> = {
  pending: ['○', 'Pending'],
  in_progress: ['◔', 'In progress'],
  complete: ['✓', 'Complete'],
  error: ['✕', 'Error'],
};

export function TaskCard({ block }: { block: Task }) {
  const [mark, word] = STATES[block.status];
  return (
    <div className={`task task-${block.status}`}>
      <div className="task-line">
        <span className="task-mark" role="img" aria-label={word} title={word}>
          {mark}
        </span>
        <span>{withEmoji(block.title)}</span>
      </div>
      {block.details === undefined ? null : <RichText block={block.details} />}
      {block.output === undefined ? null : <RichText block={block.output} />}
    </div>
  );
}

export function Plan({ block }: { block: BlockOf<'plan'> }) {
  const tasks = (block.tasks ?? []).filter(isTask);
  return (
    <details className="plan" open>
      <summary>{withEmoji(block.title)}</summary>
      {keyed(tasks, (task) => (
        <TaskCard block={task} />
      ))}
    </details>
  );
}

function isTask(value: object): value is Task {
  return 'task_id' in value && 'title' in value && 'status' in value && String(value.status) in STATES;
}
