/**
 * People: they launch, look at the clock, launch again, press twice, cancel, pause, resume and retry what they see, and
 * answer what waits for a second person.
 */
import { requestIdOf, ringFor, takeRequest } from '../../handlers/take-request.ts';
import { type Asked, offerClickKey, readAsked } from '../../src/core/asked.ts';
import type { Ports } from '../../src/ports.ts';
import type { Store } from '../../src/store/store.ts';
import type { Chance } from './chance.ts';
import type { Timeline } from './timeline.ts';

type World = {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly store: Store;
  readonly dates: readonly string[];
  /** The ports of a process that answers; undefined when none does. */
  readonly anyPorts: () => Ports | undefined;
  /** Answers of second people; undefined where nothing takes one. */
  readonly answers: Chance | undefined;
};

const targets = { base: 1, mid: 3, win: 2, top: 4, plain: 2 };
const options = [
  '',
  '',
  ' --with-upstream',
  ' --with-upstream',
  ' --ready-only',
  ' --sample 1',
  ' --stop-on-failure 1',
  ' --concurrency 1',
  ' --rest',
];

/** Has them do so many things within a time. */
export function sendPeople(world: World, { until, deeds }: { until: number; deeds: number }): void {
  const { timeline, chance } = world;
  launchOne(world, 0);
  if (world.answers) sendApprovers(world, world.answers, until);
  for (let n = 1; n < deeds; n++) {
    const deed = chance.weigh({ launch: 2, steer: 3, click: 4 });
    timeline.after(chance.between(1_000, until), `a person: ${deed}`, () => {
      if (deed === 'launch') return launchOne(world, n);
      return deed === 'steer' ? steerOne(world, n) : clickOne(world, n);
    });
  }
}

/** They look every now and then, and say yes or no by command or by a button, two at once perhaps; nobody hears who asked. */
function sendApprovers(world: World, chance: Chance, until: number): void {
  const looks = chance.between(0, 6);
  for (let n = 0; n < looks; n++) {
    world.timeline.after(chance.between(5_000, until * 3), 'a second person looks', async () => {
      const waiting = await world.store.query<{ id: string; by: string }>(
        `select id, requested_by as by from backfills where state = 'waiting_approval' order by created_at, id`,
      );
      if (waiting.length === 0) return;
      const { id, by } = chance.pick(waiting);
      const answer = (who: string) => {
        const verb = chance.happens(0.8) ? 'approve' : 'deny';
        type(world, who, `${verb} ${id}`, chance.happens(0.3) ? by : `A${who}`);
      };
      answer(`a${n}`);
      if (chance.happens(0.4)) answer(`b${n}`);
    });
  }
}

function launchOne(world: World, n: number): void {
  const { chance, dates } = world;
  const from = chance.between(0, dates.length - 1);
  const to = chance.between(from, dates.length - 1);
  const upstream = n === 0 ? ' --with-upstream' : '';
  type(world, n, `${chance.weigh(targets)} ${dates[from]} ${dates[to]}${upstream || chance.pick(options)}`);
}

async function steerOne(world: World, n: number): Promise<void> {
  const ids = await world.store.query<{ id: string }>(`select id from backfills order by created_at, id`);
  if (ids.length === 0) return;
  const verb = world.chance.weigh({ pause: 3, resume: 3, cancel: 2, retry: 3 });
  type(world, n, `${verb} ${world.chance.pick(ids).id}`);
}

/** Two people press one button; one of them an old one, perhaps. */
async function clickOne(world: World, n: number): Promise<void> {
  const { chance, store, timeline } = world;
  const offers = await store.query<{ id: string; payload: unknown }>(
    `select id, payload from requests where kind = 'offer' order by received_at, id`,
  );
  if (offers.length === 0) return;
  const offer = chance.happens(0.7) ? (offers.at(-1) ?? chance.pick(offers)) : chance.pick(offers);
  const asked = readAsked(offer.payload);
  if (!asked) return;
  const click = (user: string) =>
    send(world, offerClickKey(offer.id), { ...asked, user, userName: user, at: timeline.now(), offer: offer.id });
  click(`U${n}`);
  if (chance.happens(0.5)) timeline.after(chance.between(0, 3_000), 'and another one', () => click(`V${n}`));
}

/** Types a command, which Slack delivers once or more often. */
export function type(world: World, n: number | string, text: string, user = `U${n}`): void {
  const { timeline, chance } = world;
  const asked: Asked = {
    command: '/backfill',
    text,
    user,
    userName: user,
    channel: 'C1',
    thread: null,
    at: timeline.now(),
  };
  timeline.note(`  /backfill ${text}`);
  send(world, `typed ${n} ${timeline.now()}`, asked);
  if (chance.happens(0.3))
    timeline.after(chance.between(500, 60_000), 'and again', () => send(world, `typed ${n} ${asked.at}`, asked));
}

/** As the handlers do; who gets no acknowledgement types it again. */
function send(world: World, key: string, asked: Asked, tries = 1): void {
  const ports = world.anyPorts();
  const again = () => {
    if (tries < 20) world.timeline.after(3_000, 'and again', () => send(world, key, asked, tries + 1));
  };
  if (ports) takeRequest(ports, key, asked).then((taken) => ringFor(ports, taken, asked), again);
  else again();
  world.timeline.note(`  as ${requestIdOf(key)}`);
}
