/** `backcourt audit`: who did what and when, newest last, and whether it still stands as it was written. */
import { addDays, dateIn, isDate } from '../core/dates.ts';
import { checkAudit, readAudit } from '../engine/audit.ts';
import { isRefusal, type Refusal, refuse } from '../fault.ts';
import { sayEntry } from '../messages/audit-words.ts';
import { count } from '../messages/phrases.ts';
import type { Ports } from '../ports.ts';
import { exitCodes, layOut, type Output } from './output.ts';
import type { Words } from './words.ts';

/** Prints the log, or with `--verify` what was changed in it. Returns the exit code; 1 where the log is not whole. */
export async function printAudit(ports: Ports, words: Words, output: Output): Promise<number | Refusal> {
  const refusal = checkWords(ports, words);
  if (isRefusal(refusal)) return refusal;
  if (words.verify) return verify(ports, words, output);
  const entries = await readAudit(ports, words.since ?? null);
  if (words.json) {
    const dated = entries.map(({ number, at, actor, action, subject, detail, hash }) => {
      return { number, at: new Date(at).toISOString(), actor, action, subject, detail, hash };
    });
    output.data(JSON.stringify(dated));
    return exitCodes.done;
  }
  for (const line of layOut(entries.map(sayEntry), output.columns)) output.data(line);
  if (entries.length === 0) output.say(`Nothing was done${words.since === undefined ? '' : ` since ${words.since}`}.`);
  return exitCodes.done;
}

function checkWords(ports: Ports, { rest, since, verify }: Words): Refusal | undefined {
  const example = `backcourt audit --since ${addDays(dateIn(ports.catalogue.timeZone, ports.clock.now()), -7)}`;
  if (rest.length > 0) return refuse(`audit takes no words, and there are: ${rest.join(' ')}`, example);
  const readable: boolean = since === undefined || isDate(since);
  if (!readable) return refuse(`--since takes a date such as 2022-01-31, and not "${since?.slice(0, 40)}".`, example);
  if (since !== undefined && verify)
    return refuse('--verify walks the whole log, so --since has no place beside it.', 'backcourt audit --verify');
  return undefined;
}

async function verify(ports: Ports, words: Words, output: Output): Promise<number> {
  const verified = await checkAudit(ports);
  if (words.json) output.data(JSON.stringify(verified));
  else {
    for (const { number, problem } of verified.problems) output.data(`entry ${number}: ${problem}`);
    const whole = verified.ok ? 'stands as it was written' : 'was changed after it was written';
    output.data(
      `The log of ${count(verified.entries, 'entry', 'entries')} ${whole}; its last hash is ${verified.head}`,
    );
    if (verified.ok)
      output.say('Note that hash elsewhere: whoever can write the whole store can also write a whole new log.');
  }
  return verified.ok ? exitCodes.done : exitCodes.gaps;
}
