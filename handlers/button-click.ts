/**
 * A click on an offer. The button carries only the id of a stored offer; what it would ask stands in the store, where
 * nobody can edit it. Anybody who sees the message can click, on an old copy and twice: the first click is the request,
 * and later ones learn whose it was.
 */
import type { App, BlockButtonAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import { type Asked, offerClickKey, readAsked } from '../src/core/asked.ts';
import { refuse } from '../src/fault.ts';
import type { Message } from '../src/messages/message.ts';
import { faultMessage, noticeMessage, refusalMessage } from '../src/messages/plain-messages.ts';
import type { Ports } from '../src/ports.ts';
import { findRequest } from '../src/store/requests.ts';
import { openForm } from './backfill-form.ts';
import { readCommand } from './read-command.ts';
import { requestIdOf, ringFor, takeRequest } from './take-request.ts';

/** The action ids of our buttons. */
export const offerActions = [
  'plan-repair',
  'run-ready',
  'repair-upstream',
  'run-rest',
  'queue-after',
  'follow-backfill',
  'pause-backfill',
  'resume-backfill',
  'cancel-backfill',
  'retry-backfill',
  'approve-backfill',
  'deny-backfill',
  'fill-downstream',
  'fill-downstream-2',
] as const;

/** Buttons that open the form with what their offer would ask; the second one as an override. */
const formActions = ['open-form', 'request-override'] as const;

type Click = {
  readonly offer: string;
  readonly user: string;
  readonly userName: string;
  readonly channel: string;
  readonly thread: string | undefined;
};
type ClickArgs = SlackActionMiddlewareArgs<BlockButtonAction>;
type BlockButtonClick = ClickArgs['body'];
type ButtonAction = ClickArgs['action'];

/** Registers the buttons, and one for all that are not ours any more. */
export function registerButtonClick(app: App, ports: Ports): void {
  for (const action of offerActions) {
    app.action<BlockButtonAction>({ type: 'block_actions', action_id: action }, (args) => answerClick(args, ports));
  }
  for (const action of formActions) {
    app.action<BlockButtonAction>({ type: 'block_actions', action_id: action }, (args) => editOffer(args, ports));
  }
  app.action<BlockButtonAction>(
    { type: 'block_actions', action_id: new RegExp(`^(?!(${[...offerActions, ...formActions].join('|')})$)`) },
    async ({ ack, body }) => {
      await ack();
      ports.log.warn(
        { actions: body.actions.map((action) => action.action_id) },
        'click on a button that is not known',
      );
    },
  );
}

/** Opens the form with what the offer would ask; without an offer an empty one. It may be pressed as often as one likes. */
async function editOffer({ ack, body, action }: ClickArgs, ports: Ports): Promise<void> {
  const click = readClick(body, action);
  await ack();
  try {
    const like = await findOffer(click.offer, ports);
    const place = {
      ...click,
      channel: click.channel || like?.channel || '',
      thread: click.thread ?? like?.thread ?? null,
    };
    const opening = {
      ...place,
      trigger: body.trigger_id,
      ...(like === undefined ? {} : { like }),
      ...(action.action_id === 'request-override' ? { override: true as const } : {}),
    };
    if (await openForm(ports, opening)) return;
    await whisper(
      refusalMessage(refuse('The form could not be opened; press again, or type the command.', '/backfill help')),
      click,
      ports,
    );
  } catch (error) {
    const id = ports.ids.next();
    ports.log.error({ err: error, id, offer: click.offer }, 'form could not be opened');
    await whisper(faultMessage(id), click, ports);
  }
}

function readClick(body: BlockButtonClick, action: ButtonAction): Click {
  return {
    offer: action.value ?? '',
    user: body.user.id,
    userName: body.user.name ?? body.user.username ?? body.user.id,
    channel: body.channel?.id ?? String(body.container.channel_id ?? homeChannel(body) ?? ''),
    thread: typeof body.message?.thread_ts === 'string' ? body.message.thread_ts : undefined,
  };
}

/** What is pressed on the Home tab is answered in the direct messages with its owner. */
function homeChannel({ view }: BlockButtonClick): string | undefined {
  return view?.type === 'home' ? view.private_metadata : undefined;
}

async function answerClick({ ack, body, action }: ClickArgs, ports: Ports): Promise<void> {
  const click = readClick(body, action);
  let acknowledged = false;
  const acknowledge = async () => {
    if (!acknowledged) await ack();
    acknowledged = true;
  };
  try {
    const said = await takeOffer(click, ports, acknowledge);
    if (said !== undefined) await whisper(said, click, ports);
  } catch (error) {
    const id = ports.ids.next();
    ports.log.error({ err: error, id, offer: click.offer }, 'click could not be taken');
    await acknowledge();
    await whisper(faultMessage(id), click, ports);
  }
}

/** Returns what is to be said to the clicker; undefined when the job will answer. */
async function takeOffer(click: Click, ports: Ports, acknowledge: () => Promise<void>): Promise<Message | undefined> {
  const offer = await findOffer(click.offer, ports);
  if (offer === undefined) {
    await acknowledge();
    return refusalMessage(refuse('This button belongs to an answer that is no longer stored. Type the command again.'));
  }
  const asked = askedByClick(offer, click, ports.clock.now());
  // Before it is taken: who may not must not use it up for those who may.
  const understood = await readCommand(asked, asked.text, ports);
  if (understood.kind === 'answer') {
    await acknowledge();
    return understood.message;
  }
  const taken = await takeRequest(ports, offerClickKey(click.offer), asked);
  await acknowledge();
  await ringFor(ports, taken, asked);
  return taken.kind === 'new' ? undefined : sayTaken(click, ports);
}

async function findOffer(id: string, ports: Ports): Promise<Asked | undefined> {
  if (id === '') return undefined;
  const found = await findRequest(ports.store.query, id);
  return found?.kind === 'offer' ? readAsked(found.payload) : undefined;
}

/** The offer's words, asked by whoever clicked, where they clicked. */
function askedByClick(offer: Asked, click: Click, now: number): Asked {
  return {
    ...offer,
    user: click.user,
    userName: click.userName,
    channel: click.channel || offer.channel,
    thread: click.thread ?? offer.thread,
    at: now,
    offer: click.offer,
  };
}

async function sayTaken(click: Click, ports: Ports): Promise<Message> {
  const first = await findRequest(ports.store.query, requestIdOf(offerClickKey(click.offer)));
  const asked = first === undefined ? undefined : readAsked(first.payload);
  const who = asked === undefined ? 'somebody else' : asked.user === click.user ? 'you' : asked.userName;
  const verb = /^\w+/.exec(asked?.text ?? '')?.[0] ?? '';
  if (verb === 'approve' || verb === 'deny')
    return noticeMessage(`This was pressed already by ${who}; its message and its thread say what came of it.`);
  const did = steered[verb];
  return noticeMessage(
    did === undefined
      ? `Already started by ${who}; nothing was started a second time.`
      : `Already ${did} by ${who}; nothing was done a second time.`,
  );
}

/** By the first word of what a button asks. */
const steered: Readonly<Record<string, string>> = {
  pause: 'paused',
  resume: 'resumed',
  cancel: 'canceled',
  retry: 'retried',
};

async function whisper(message: Message, click: Click, ports: Ports): Promise<void> {
  const { channel, user, thread } = click;
  const result = await ports.chat.whisper(message, { channel, user, ...(thread === undefined ? {} : { thread }) });
  if (result.kind !== 'ok') ports.log.warn({ result, offer: click.offer }, 'answer to a click was not shown');
}
