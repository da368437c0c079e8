/** The page's requests, one POST per act, checked before anything is done. */
import { z } from 'zod';
import { deleteAsAdmin, sendShortcut } from './act-menu.ts';
import { dismiss, pressInMessage, sendTyped } from './act-messages.ts';
import { closeView, openHome, pressInView, submitView } from './act-views.ts';
import type { Desk } from './desk.ts';
import { type Answer, parseJson } from './http.ts';
import { mayEnter } from './places.ts';
import type { ActAnswer, Person } from './wire.ts';

const choice = z.union([z.string(), z.array(z.string()), z.null()]);
const choices = z.record(z.string(), z.record(z.string(), choice));
const press = { blockId: z.string(), actionId: z.string(), choice, choices };

const actSchema = z.discriminatedUnion('act', [
  z.object({
    act: z.literal('send'),
    user: z.string(),
    channel: z.string(),
    thread: z.string().optional(),
    text: z.string(),
  }),
  z.object({ act: z.literal('press'), user: z.string(), channel: z.string(), ts: z.string(), ...press }),
  z.object({
    act: z.literal('shortcut'),
    user: z.string(),
    channel: z.string(),
    ts: z.string(),
    callbackId: z.string(),
  }),
  z.object({ act: z.literal('delete'), user: z.string(), channel: z.string(), ts: z.string() }),
  z.object({ act: z.literal('dismiss'), user: z.string(), channel: z.string(), ts: z.string() }),
  z.object({ act: z.literal('press-in-view'), user: z.string(), view: z.string(), ...press }),
  z.object({ act: z.literal('submit'), user: z.string(), view: z.string(), choices }),
  z.object({ act: z.literal('close'), user: z.string(), view: z.string() }),
  z.object({ act: z.literal('open-home'), user: z.string() }),
]);

export type Act = z.output<typeof actSchema>;

/** Answers a POST to /act. */
export async function answerAct(desk: Desk, body: Buffer): Promise<Answer> {
  const read = actSchema.safeParse(parseJson(body.toString('utf8')));
  if (!read.success) return { status: 400, body: { ok: false, error: 'Not an act of this page.' } };
  const person = desk.cast.people.find((item) => item.id === read.data.user && !item.isBot);
  if (person === undefined) return { status: 400, body: { ok: false, error: 'Unknown person.' } };
  return { status: 200, body: await perform(desk, person, read.data) };
}

async function perform(desk: Desk, person: Person, act: Act): Promise<ActAnswer> {
  if ('channel' in act) return performInChannel(desk, person, act);
  switch (act.act) {
    case 'press-in-view':
      return pressInView(desk, person, act.view, act);
    case 'submit':
      return submitView(desk, person, act.view, act.choices);
    case 'close':
      return closeView(desk, person, act.view);
    case 'open-home':
      return openHome(desk, person);
  }
}

async function performInChannel(
  desk: Desk,
  person: Person,
  act: Extract<Act, { channel: string }>,
): Promise<ActAnswer> {
  const channel = desk.places.find(act.channel);
  if (channel === undefined || !mayEnter(channel, person)) return { ok: false, error: 'Unknown channel.' };
  const by = { person, channel };
  switch (act.act) {
    case 'send':
      return sendTyped(desk, { ...by, thread: act.thread }, act.text);
    case 'press':
      return pressInMessage(desk, by, act.ts, act);
    case 'dismiss':
      return dismiss(desk, by, act.ts);
    case 'delete':
      return deleteAsAdmin(desk, by, act.ts);
    case 'shortcut':
      return sendShortcut(desk, by, act.ts, act.callbackId);
  }
}
