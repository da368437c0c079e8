/**
 * One backfill, and the server killed under it until it has ended: at random moments, at times while it starts, at times
 * after it was frozen, at times asked to end and killed while it does.
 */
import type { BackfillReport } from '../../src/core/backfill/backfill-report.ts';
import { addDays } from '../../src/core/dates.ts';
import type { Message } from '../../workspace/server/wire.ts';
import type { Chance } from '../simulation/chance.ts';
import { runJson } from '../support/run-backcourt.ts';
import { openSlack, type SlackPerson } from '../support/slack-client.ts';
import { checkRound } from './check-round.ts';
import { type CrashPipeline, firstDate } from './pipeline.ts';
import { type Place, startVictim, type Victim } from './victim.ts';

export type Round = {
  readonly place: Place;
  readonly pipeline: CrashPipeline;
  readonly chance: Chance;
  readonly dates: number;
  /** Kills at most; then it is left to end. */
  readonly kills: number;
  /** What is done at times in place of a kill of the server: something below it is taken away. */
  readonly disturb?: () => Promise<void>;
};

export type RoundEnd = {
  readonly kills: number;
  readonly problems: readonly string[];
  /** Milliseconds from a start to the first call of the service after it. */
  readonly resumed: readonly number[];
  readonly counts: BackfillReport['counts'] | null;
};

/** So long after the last kill everything has to be over. */
const patience = 180_000;

/** Runs it to its end, and compares what the witnesses say. */
export async function runCrashRound(round: Round): Promise<RoundEnd> {
  await round.pipeline.clear();
  const life: Life = { since: Date.now() / 1000, asked: false, kills: 0, resumed: [] };
  for (;;) {
    const ended = await liveOnce(round, life);
    if (ended) return { ...ended, kills: life.kills, resumed: life.resumed };
  }
}

type Life = { readonly since: number; asked: boolean; kills: number; readonly resumed: number[] };
type Ended = Pick<RoundEnd, 'problems' | 'counts'>;

/** One process, from its start to its end. Undefined when it was killed. */
async function liveOnce(round: Round, life: Life): Promise<Ended | undefined> {
  const { pipeline, place, chance } = round;
  const before = pipeline.calls.length;
  const began = performance.now();
  const victim = startVictim(place);
  if (life.asked && life.kills < round.kills && chance.happens(0.2)) {
    await pause(chance.between(0, 1_500));
    life.kills += await kill(victim, 'SIGKILL');
    return undefined;
  }
  const slack = await openSlack(await victim.ready);
  try {
    if (!life.asked) await ask(slack, round);
    life.asked = true;
    if (life.kills < round.kills) {
      if (!(await isOver(slack, life, chance.between(100, 1_800)))) {
        if (pipeline.calls.length > before) life.resumed.push(performance.now() - began);
        life.kills += await harm(victim, round);
        return undefined;
      }
    } else if (!(await isOver(slack, life, patience))) {
      await kill(victim, 'SIGKILL');
      return { problems: [`it had not ended ${patience / 1000} s after the last kill`], counts: null };
    }
    return await compare(round, life, slack);
  } finally {
    slack.close();
    await kill(victim, 'SIGTERM');
  }
}

async function ask(slack: SlackPerson, { dates }: Round): Promise<void> {
  const last = addDays(firstDate, dates - 1);
  const answer = await slack.type(`/backfill report ${firstDate} ${last} --with-upstream --reason "kill test"`);
  if ('error' in answer) throw new Error(`the command was not taken: ${JSON.stringify(answer)}`);
}

/** A freeze is what a starved machine does to a process: it wakes up late, and must not go on as if nothing had been. */
async function harm(victim: Victim, { chance, disturb }: Round): Promise<number> {
  if (disturb && chance.happens(0.15)) await disturb();
  const how = chance.weigh({ kill: 0.75, freeze: 0.1, term: 0.15 });
  if (how === 'freeze') {
    victim.signal('SIGSTOP');
    await pause(chance.between(500, 2_500));
    victim.signal('SIGCONT');
    await pause(chance.between(0, 300));
  }
  if (how === 'term') {
    victim.signal('SIGTERM');
    await pause(chance.between(0, 400));
  }
  return kill(victim, 'SIGKILL');
}

async function kill(victim: Victim, signal: NodeJS.Signals): Promise<number> {
  victim.signal(signal);
  await victim.ended;
  return 1;
}

const isSummary = (life: Life) => (message: Message) =>
  message.thread !== undefined && Number(message.ts) > life.since && message.onlyFor === undefined;

async function isOver(slack: SlackPerson, life: Life, limit: number): Promise<boolean> {
  return slack.sees(/Summary: /, isSummary(life), limit).then(
    () => true,
    () => false,
  );
}

async function compare({ place, pipeline, dates }: Round, life: Life, slack: SlackPerson): Promise<Ended> {
  // The root message is edited for the last time after the summary is posted.
  await slack
    .sees(/Done/, (message) => isOfRound(message, life) && message.thread === undefined, 30_000)
    .catch(() => {});
  const args = ['status', '--home', place.home, '--pipeline', place.pipeline];
  const { json } = await runJson<{ backfills: BackfillReport[] }>(args, { env: place.env });
  const [newest] = json.backfills;
  if (!newest) return { problems: ['there is no backfill'], counts: null };
  const { json: report } = await runJson<BackfillReport>([...args, newest.id], { env: place.env });
  const shown = slack.messages().filter((message) => isOfRound(message, life));
  const roots = shown.filter((message) => message.thread === undefined);
  const thread = shown.filter((message) => message.thread !== undefined);
  const problems = await checkRound({ report, planned: 2 * dates, pipeline, roots, thread });
  return { problems, counts: report.counts };
}

function isOfRound(message: Message, { since }: Life): boolean {
  return Number(message.ts) > since && message.onlyFor === undefined && message.user === 'U0BACKCRT1';
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
