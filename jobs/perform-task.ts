/** Which job performs which task. */
import type { Ports } from '../src/ports.ts';
import type { TaskHandler } from '../src/tasks/tasks.ts';
import { cellWork } from './cell-work.ts';
import { fillCell } from './fill-cell.ts';
import { finishBackfill } from './finish-backfill.ts';
import { publishHome } from './publish-home.ts';
import { reconcile } from './reconcile.ts';
import { refreshProgress } from './refresh-progress.ts';
import { reportCoverage } from './report-coverage.ts';
import { reviewForm } from './review-form.ts';
import { sendMessage } from './send-message.ts';
import { startBackfill } from './start-backfill.ts';
import { startQueued } from './start-queued.ts';
import { verifyCell } from './verify-cell.ts';
import { watchCoverage } from './watch-coverage.ts';

/** The handler that a queue calls. Throws a Fault to be called again. */
export function performTask(ports: Ports): TaskHandler {
  const work = cellWork(ports);
  return async (task) => {
    switch (task.kind) {
      case 'report-coverage':
        return reportCoverage(ports, task);
      case 'start-backfill':
        return startBackfill(ports, task);
      case 'start-queued':
        return startQueued(ports, task);
      case 'fill-cell':
        return fillCell(ports, work, task);
      case 'verify-cell':
        return verifyCell(ports, work, task);
      case 'refresh-progress':
        return refreshProgress(ports, task);
      case 'finish-backfill':
        return finishBackfill(ports, task);
      case 'send-message':
        return sendMessage(ports, task);
      case 'watch-coverage':
        return watchCoverage(ports, task);
      case 'review-form':
        return reviewForm(ports, task);
      case 'publish-home':
        return publishHome(ports, task);
      case 'reconcile':
        return reconcile(ports, { start: false });
    }
  };
}
