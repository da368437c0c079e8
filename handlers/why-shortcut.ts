/**
 * "Why is this date missing?" in the menu of a message. What one of our own messages is about stands in the store under the
 * key in its metadata; of any other the words tell. Where that is not one cell, a small form asks.
 */
import type { AckFn, App, MessageShortcut, ViewResponseAction, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { type Asked, readAsked } from '../src/core/asked.ts';
import { dateIn } from '../src/core/dates.ts';
import { findNamed, type Named } from '../src/core/request/find-cell.ts';
import { fieldOf } from '../src/core/request/form.ts';
import { readCoverageRequest } from '../src/core/request/request.ts';
import { isRefusal, refuse } from '../src/fault.ts';
import { formErrors } from '../src/messages/form-view.ts';
import type { Message } from '../src/messages/message.ts';
import { faultMessage, refusalMessage } from '../src/messages/plain-messages.ts';
import { cannotView } from '../src/messages/review-view.ts';
import { whyCallback, whyView } from '../src/messages/why-view.ts';
import type { Ports } from '../src/ports.ts';
import { findBackfill } from '../src/store/backfills.ts';
import { findRequest } from '../src/store/requests.ts';
import { readFormState } from './form-state.ts';
import { readCommand } from './read-command.ts';
import { ringFor, takeRequest } from './take-request.ts';

/** Under this id the shortcut stands in manifest.yml. */
export const whyShortcut = 'why-missing';

type Place = Pick<Asked, 'user' | 'userName' | 'channel' | 'thread'>;
const placeSchema = z.object({ channel: z.string(), thread: z.string().nullable() });

/** Registers the shortcut and its form. */
export function registerWhyShortcut(app: App, ports: Ports): void {
  app.shortcut<MessageShortcut>({ type: 'message_action', callback_id: whyShortcut }, async ({ ack, shortcut }) => {
    await ack();
    const { channel, user, message, message_ts: ts } = shortcut;
    const thread = typeof message.thread_ts === 'string' ? message.thread_ts : ts;
    const place: Place = { user: user.id, userName: user.name, channel: channel.id, thread };
    try {
      await askWhy(ports, place, await findCells(ports, message), {
        trigger: shortcut.trigger_id,
        key: shortcut.action_ts,
      });
    } catch (error) {
      const id = ports.ids.next();
      ports.log.error({ err: error, id }, 'shortcut could not be taken');
      await whisper(ports, place, faultMessage(id));
    }
  });
  app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: whyCallback }, async ({ ack, body }) => {
    try {
      await submitWhy(ports, body, ack);
    } catch (error) {
      const id = ports.ids.next();
      ports.log.error({ err: error, id }, 'form could not be taken');
      await ack({ response_action: 'push', view: cannotView(faultMessage(id)) });
    }
  });
}

const messageSchema = z.object({
  text: z.string().catch(''),
  metadata: z
    .object({ event_payload: z.object({ key: z.string() }) })
    .optional()
    .catch(undefined),
});

/** What a message names: one of ours by what was asked, any other by its words. */
async function findCells({ store, catalogue }: Ports, message: unknown): Promise<Named> {
  const { text, metadata } = messageSchema.parse(message);
  const [, kind, id = ''] = /^(answer|backfill):([^:]+)/.exec(metadata?.event_payload.key ?? '') ?? [];
  if (kind === 'answer') {
    const asked = readAsked((await findRequest(store.query, id))?.payload);
    if (asked) return findNamed(asked.text, catalogue);
  }
  if (kind === 'backfill') {
    const backfill = await findBackfill(store.query, id);
    if (backfill) {
      const { target, from, to } = backfill;
      return { tables: [target], dates: from === to ? [from] : [from, to] };
    }
  }
  return findNamed(text, catalogue);
}

/** One cell is asked for at once; of several, and of none, a person has to say which. */
async function askWhy(
  ports: Ports,
  place: Place,
  { tables, dates }: Named,
  from: { readonly trigger: string; readonly key: string },
): Promise<void> {
  const [table, date] = [tables[0], dates[0]];
  if (table !== undefined && date !== undefined && tables.length === 1 && dates.length === 1) {
    return take(ports, place, `why ${table} ${date}`, `shortcut:${from.key}:${place.user}`);
  }
  const all = [...ports.catalogue.tables.values()].map(({ alias, title }) => ({ alias, title }));
  const { channel, thread } = place;
  const view = whyView(all, { table: table ?? '', date: date ?? '' }, JSON.stringify({ channel, thread }));
  const opened = await ports.views?.open(view, from.trigger);
  if (opened?.kind === 'ok') return;
  const example = `/coverage why ${table ?? all[0]?.alias ?? '<table>'} ${date ?? '2021-11-16'}`;
  const said = refuse('This message does not name one table and one date, and the form could not be opened.', example);
  await whisper(ports, place, refusalMessage(said));
}

async function submitWhy(ports: Ports, body: ViewSubmitAction, ack: AckFn<ViewResponseAction>): Promise<void> {
  const values = readFormState(body.view.state.values);
  const { catalogue, clock } = ports;
  const text = `why ${values.table} ${values.from}`.trim();
  const read = readCoverageRequest(text, { catalogue, today: dateIn(catalogue.timeZone, clock.now()) });
  if (isRefusal(read)) {
    return ack({ response_action: 'errors', errors: formErrors({ [fieldOf(read.message, values)]: read.message }) });
  }
  const place = placeSchema.parse(JSON.parse(body.view.private_metadata || '{}'));
  await ack();
  const by = { user: body.user.id, userName: body.user.name };
  await take(ports, { ...by, ...place }, text, `why-form:${body.trigger_id ?? ports.ids.next()}`);
}

async function take(ports: Ports, place: Place, text: string, key: string): Promise<void> {
  const asked: Asked = { command: '/coverage', text, ...place, at: ports.clock.now() };
  const understood = await readCommand(asked, text, ports);
  if (understood.kind === 'answer') return whisper(ports, place, understood.message);
  await ringFor(ports, await takeRequest(ports, key, asked), asked);
}

async function whisper(ports: Ports, { channel, user, thread }: Place, message: Message): Promise<void> {
  const result = await ports.chat.whisper(message, { channel, user, ...(thread === null ? {} : { thread }) });
  if (result.kind !== 'ok') ports.log.warn({ result }, 'answer to a shortcut was not shown');
}
