/**
 * The form of a backfill: opened by the bare command or a button, read by the grammar of the command, reviewed, and then
 * launched by the same road. A trigger lives three seconds, so an empty form is opened first and filled when it is known
 * what this person may.
 */
import type { AckFn, App, ViewResponseAction, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { findRoles, refuseRequest } from '../src/access/permit.ts';
import { type Asked, offerClickKey, readAsked } from '../src/core/asked.ts';
import { dateIn } from '../src/core/dates.ts';
import {
  emptyForm,
  type FormField,
  type FormValues,
  fieldOf,
  fillForm,
  fillOverride,
  writeForm,
} from '../src/core/request/form.ts';
import { findFillable } from '../src/core/request/read-tables.ts';
import { readBackfillRequest } from '../src/core/request/request.ts';
import { writeRequest } from '../src/core/request/write-request.ts';
import { isRefusal, refuse } from '../src/fault.ts';
import { formCallback, formErrors, formView, openingForm } from '../src/messages/form-view.ts';
import { faultMessage, noticeMessage, refusalMessage } from '../src/messages/plain-messages.ts';
import { cannotView, openingReview, reviewCallback } from '../src/messages/review-view.ts';
import type { Ports } from '../src/ports.ts';
import { findRequest, receiveRequest } from '../src/store/requests.ts';
import { readFormState } from './form-state.ts';
import { requestIdOf, ringFor, takeRequest } from './take-request.ts';

/** Who opens it and where the answer goes. `like`: words after `/backfill` that it is filled with. */
export type Opening = {
  readonly trigger: string;
  readonly user: string;
  readonly userName: string;
  readonly channel: string;
  readonly thread: string | null;
  readonly like?: Pick<Asked, 'text' | 'at'>;
  /** Filled as an override of the pre-flight, which lacks its reason. */
  readonly override?: true;
};

/** What a form brings back of where it was opened. */
const placeSchema = z.object({
  channel: z.string(),
  thread: z.string().nullable(),
  after: z.string(),
});

/** Opens the form. False: it could not be shown, and the person has to be answered in another way. */
export async function openForm(ports: Ports, opening: Opening): Promise<boolean> {
  const { views, catalogue } = ports;
  if (views === undefined) return false;
  const [opened, roles] = await Promise.all([views.open(openingForm(), opening.trigger), findRoles(ports, opening)]);
  if (opened.kind !== 'ok') {
    ports.log.warn({ result: opened }, 'form could not be opened');
    return false;
  }
  const may = roles('operator');
  const tables = findFillable(catalogue).filter((alias) => may.on(alias));
  const values = fillLike(ports, opening);
  const place = JSON.stringify({ channel: opening.channel, thread: opening.thread, after: values.after });
  const view =
    tables.length > 0
      ? formView(
          tables.map((alias) => ({ alias, title: catalogue.tables.get(alias)?.title ?? alias })),
          values,
          place,
        )
      : cannotView(refusalMessage(refuse('You may fill no table here.', '/backfill help')));
  const filled = await views.update(view, opened);
  if (filled.kind !== 'ok') ports.log.info({ result: filled }, 'form was not filled');
  return filled.kind === 'ok' || filled.kind === 'gone';
}

/** Words that are no launch, or are not understood any more, fill nothing. */
function fillLike({ catalogue }: Ports, { like, override }: Opening): FormValues {
  if (like === undefined) return emptyForm;
  const read = readBackfillRequest(like.text, { catalogue, today: dateIn(catalogue.timeZone, like.at) });
  if (isRefusal(read) || read.verb !== 'launch') return emptyForm;
  return override ? fillOverride(read) : fillForm(read);
}

/** Registers both steps of the form. */
export function registerBackfillForm(app: App, ports: Ports): void {
  app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: formCallback }, ({ ack, body }) =>
    guard(ports, ack, () => reviewForm(ports, body, ack)),
  );
  app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: reviewCallback }, ({ ack, body }) =>
    guard(ports, ack, () => launchReviewed(ports, body, ack)),
  );
}

type Ack = AckFn<ViewResponseAction>;

/** Whatever breaks, the form stays with all that was typed, and another one on top of it says what happened. */
async function guard(ports: Ports, ack: Ack, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const id = ports.ids.next();
    ports.log.error({ err: error, id }, 'form could not be taken');
    await ack({ response_action: 'push', view: cannotView(faultMessage(id)) });
  }
}

async function reviewForm(ports: Ports, body: ViewSubmitAction, ack: Ack): Promise<void> {
  const read = await readForm(ports, body);
  if (read.kind === 'wrong') return ack({ response_action: 'errors', errors: formErrors({ [read.field]: read.says }) });
  const id = requestIdOf(`form:${body.trigger_id ?? ports.ids.next()}`);
  // Kept as an offer is: a thing to be pressed, which nobody has to work on before.
  const stored = { id, key: `form:${id}`, kind: 'offer', payload: read.asked, now: ports.clock.now() };
  await receiveRequest(ports.store.query, stored);
  await ack({ response_action: 'push', view: openingReview(id) });
  try {
    await ports.tasks.enqueue([{ name: `review-${id}`, task: { v: 1, kind: 'review-form', request: id } }]);
  } catch (error) {
    ports.log.error({ err: error, request: id }, 'review was not enqueued');
  }
}

type FormRead =
  | { readonly kind: 'asked'; readonly asked: Asked }
  | { readonly kind: 'wrong'; readonly field: FormField; readonly says: string };

async function readForm(ports: Ports, { user, view }: ViewSubmitAction): Promise<FormRead> {
  const { catalogue, clock } = ports;
  const place = placeSchema.parse(JSON.parse(view.private_metadata || '{}'));
  const values: FormValues = { ...readFormState(view.state.values), after: place.after };
  const { channel, thread } = place;
  const now = clock.now();
  const request = readBackfillRequest(writeForm(values), { catalogue, today: dateIn(catalogue.timeZone, now) });
  const wrong = (says: string): FormRead => ({ kind: 'wrong', field: fieldOf(says, values), says });
  if (isRefusal(request)) return wrong(request.message);
  if (request.verb !== 'launch') return { kind: 'wrong', field: 'words', says: 'Write dates here, and nothing else.' };
  const by = { user: user.id, userName: user.name || user.id, channel, thread, at: now };
  // Explicit dates: what is reviewed today is what is launched tomorrow.
  const text = writeRequest(request, '/backfill').replace(/^\/backfill /, '');
  const asked: Asked = { command: '/backfill', text, ...by };
  const denied = await refuseRequest(ports, request, asked);
  return denied ? { kind: 'wrong', field: 'table', says: denied.message } : { kind: 'asked', asked };
}

async function launchReviewed(ports: Ports, body: ViewSubmitAction, ack: Ack): Promise<void> {
  const { catalogue } = ports;
  const id = body.view.private_metadata;
  const found = await findRequest(ports.store.query, id);
  const reviewed = found?.kind === 'offer' ? readAsked(found.payload) : undefined;
  if (reviewed === undefined || reviewed.user !== body.user.id) {
    const gone = refuse('This review is no longer stored. Nothing was launched; go back and press Review again.');
    return ack({ response_action: 'update', view: cannotView(refusalMessage(gone)) });
  }
  const request = readBackfillRequest(reviewed.text, { catalogue, today: dateIn(catalogue.timeZone, reviewed.at) });
  const denied = isRefusal(request) ? request : await refuseRequest(ports, request, reviewed);
  if (denied) return ack({ response_action: 'update', view: cannotView(refusalMessage(denied)) });
  const taken = await takeRequest(ports, offerClickKey(id), reviewed);
  if (taken.kind === 'seen') {
    const already = noticeMessage('This was launched already; nothing was started a second time.');
    return ack({ response_action: 'update', view: cannotView(already) });
  }
  await ack({ response_action: 'clear' });
  await ringFor(ports, taken, reviewed);
}
