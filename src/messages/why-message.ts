/** The answer to `/coverage why`: the whole chain from the asked cell down to its roots, with the rule at each step. */
import type { Why, WhyStep } from '../core/coverage/coverage-report.ts';
import type { Reason } from '../core/verdict.ts';
import type { ListItem, Part } from './blocks.ts';
import { lines, list, note } from './blocks.ts';
import { fitMessage, type Room, takeFirst } from './fit-message.ts';
import type { Message } from './message.ts';
import { reasonWords, sayCauseOf, sayDays, sayNames, sayNumber, statusMarks, statusWords } from './phrases.ts';
import { proposalParts, sayRulesAsOf } from './rule-proposals.ts';
import { type Links, sayRunning } from './running-words.ts';
import { bold, clip, code, type Words } from './words.ts';

/** Explains one cell. `asked` is the command as it was understood; `links` leads to the messages of backfills that run. */
export function whyMessage(why: Why, context: { readonly asked: string; readonly links?: Links }): Message {
  return fitMessage((room) => [
    lines(sayPoint(why), ...sayRoots(why)),
    list(takeFirst(sayRunning(why.chain, context.links), room.items).shown),
    chain(why, room),
    ...proposalParts(why, Math.min(room.items, 4)),
    lines(...sayNext(why)),
    note('Asked: ', code(clip(context.asked, 200)), sayRulesAsOf(why)),
  ]);
}

function sayPoint(why: Why): Words {
  const reason = why.reason === null ? '' : `: ${reasonWords[why.reason]}`;
  return [bold(`${why.table} on ${sayDays([why.date])} is ${statusWords[why.status]}`), `${reason}.`];
}

/** Reasons that only pass on what is wrong above. */
const passedOn: ReadonlySet<Reason> = new Set<Reason>([
  'upstream_missing',
  'upstream_thin',
  'upstream_entity_missing',
  'upstream_unknown',
  'upstream_rewritten',
  'built_on_bad_input',
]);

/** A cell stands in the chain once, so a step without anything below it may still not be a root: its reason tells. */
function findRoots(why: Why): WhyStep[] {
  return why.chain.filter((step) => step.depth > 0 && step.reason !== null && !passedOn.has(step.reason));
}

function sayRoots(why: Why): Words[] {
  const groups = new Map<string, WhyStep[]>();
  for (const root of findRoots(why)) {
    if (root.status === 'complete' || root.status === 'not_expected') continue;
    const key = `${root.table} ${root.reason}`;
    groups.set(key, [...(groups.get(key) ?? []), root]);
  }
  const said = [...groups.values()].slice(0, 4).map((steps) => sayRootGroup(steps));
  if (said.length === 0) return [];
  const more = groups.size > 4 ? `; and ${groups.size - 4} more` : '';
  return [[said.length === 1 && more === '' ? 'The cause: ' : 'The causes: ', bold(said.join('; ')), `${more}.`]];
}

function sayRootGroup(steps: readonly WhyStep[]): string {
  const first = steps[0];
  if (first === undefined || first.reason === null) return '';
  return sayCauseOf(
    first.table,
    first.reason,
    steps.map((step) => step.date),
  );
}

function chain(why: Why, room: Room): Part {
  const most = room.items * 2;
  const shown: ListItem[] = why.chain
    .slice(0, most)
    .map((step) => ({ words: sayStep(step, room), indent: step.depth }));
  const more = why.chain.length - shown.length;
  const rest: ListItem[] =
    more > 0
      ? [{ words: [`and ${sayNumber(more)} more; all of them with `, code(`backcourt why ${why.table} ${why.date}`)] }]
      : [];
  return { kind: 'list', items: [...shown, ...rest] };
}

function sayStep(step: WhyStep, room: Room): Words {
  const reason = step.reason === null ? '' : `, ${reasonWords[step.reason]}`;
  return [
    `${statusMarks[step.status]} `,
    bold(`${step.table} ${step.date}`),
    ` ${statusWords[step.status]}${reason}${sayFigures(step)}${step.missing ? `; lacks ${sayNames(step.missing)}` : ''}`,
    step.rule === '' ? '' : ` (rule: ${clip(step.rule, room.letters)})`,
    step.notes === undefined ? '' : `; ${clip(step.notes.join('; '), room.letters)}`,
  ];
}

function sayFigures(step: WhyStep): string {
  if (step.have === null) return step.need === null ? '' : `; unread, needs ${sayNumber(step.need)}`;
  return step.need === null
    ? `; has ${sayNumber(step.have)}`
    : `; has ${sayNumber(step.have)}, needs ${sayNumber(step.need)}`;
}

function sayNext(why: Why): Words[] {
  if (why.status === 'complete' || why.status === 'not_expected') return [];
  if (why.status === 'running') return [];
  return [['What would mend it: ', code(`/coverage plan ${why.table} ${why.date}`)]];
}
