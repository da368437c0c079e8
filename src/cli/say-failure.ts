/** How the command line says that it declines or that something broke: to a person, or as the one JSON document. */
import { Fault, type Refusal } from '../fault.ts';
import { exitCodes, type Output } from './output.ts';
import type { Words } from './words.ts';

/** Prints a refusal: as the one JSON document where that was asked for. `id` is in the log, where there is one yet. */
export function sayRefusal(refusal: Refusal, words: Pick<Words, 'json'>, output: Output, id: string): number {
  const { message } = refusal;
  const better = refusal.try === undefined ? 'backcourt help' : asShell(refusal.try);
  if (words.json) output.data(JSON.stringify({ error: { kind: 'refusal', message, try: better, id } }));
  else {
    output.say(message);
    if (refusal.owner !== undefined) output.say(`It was started by ${refusal.owner}.`);
    if (refusal.may?.length) output.say(`Who may: ${refusal.may.join(', ')}`);
    if (refusal.try !== undefined) output.say(`Try: ${better}`);
    for (const road of refusal.roads ?? []) output.say(`Or: ${asShell(road)}`);
  }
  return exitCodes.refusal;
}

/** Prints a fault with an id that is in the log. */
export function sayFault(
  error: unknown,
  words: Pick<Words, 'json'>,
  output: Output,
  id: string,
  log: (id: string) => void,
): number {
  log(id);
  const message = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof Fault ? error.remedy : undefined;
  if (words.json)
    output.data(JSON.stringify({ error: { kind: 'fault', message, try: remedy ?? 'backcourt check', id } }));
  else {
    output.say(`Something did not work: ${message} (${id})`);
    if (remedy !== undefined) output.say(remedy);
  }
  return exitCodes.fault;
}

/** Commands are suggested as they are typed in Slack; here they are typed in a shell. */
export function asShell(command: string): string {
  return command
    .replace(/^\/coverage (why|plan|quality)(?= |$)/, 'backcourt $1')
    .replace(/^\/backfill (status|list)(?= |$)/, 'backcourt status')
    .replace(/^\/backfill (pause|resume|cancel|retry|approve|deny|handover)(?= |$)/, 'backcourt $1')
    .replace(/^\//, 'backcourt ');
}
