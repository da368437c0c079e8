/** Short answers, mostly for the asker alone: a refusal, a fault, help, and "I am on it". */
import type { Refusal } from '../fault.ts';
import { lines, type Part } from './blocks.ts';
import { fitMessage } from './fit-message.ts';
import { sayMembers } from './member-words.ts';
import type { Message } from './message.ts';
import { clip, code, person, type Word, type Words } from './words.ts';

/** A request that is declined: why, and a command to copy. */
export function refusalMessage(refusal: Refusal): Message {
  const tryInstead = refusal.try;
  return fitMessage((room) => [
    lines([clip(refusal.message, room.letters * 4)]),
    ...(refusal.owner === undefined ? [] : [lines(['It was started by ', person(refusal.owner), '.'])]),
    ...(refusal.may === undefined || refusal.may.length === 0
      ? []
      : [lines(['Who may: ', ...sayMembers(refusal.may)])]),
    ...(tryInstead === undefined ? [] : [lines(['Try: ', code(clip(tryInstead, room.letters * 4))])]),
    lines(...(refusal.roads ?? []).map((road): Words => ['Or: ', code(clip(road, room.letters * 4))])),
  ]);
}

/** Something broke. The id stands in the log under the same name. */
export function faultMessage(id: string): Message {
  return fitMessage(() => [
    lines(
      ['Something broke on our side, so this was not done.'],
      ['Try again in a minute. If it breaks again, give this id to whoever runs Backcourt: ', code(clip(id, 60)), '.'],
    ),
  ]);
}

/** Help as lines; what stands between backticks is shown as code. */
export function helpMessage(help: readonly string[]): Message {
  return fitMessage((room) => {
    const shown = help.slice(0, room.items * 4);
    const left: Words[] = shown.length < help.length ? [[`and ${help.length - shown.length} more lines`]] : [];
    return splitLines([...shown.map(readLine), ...left]);
  });
}

/** "Reading mlfs, 1-30 Nov 2021 ...": said while the answer is being made. */
export function noticeMessage(text: string): Message {
  return fitMessage((room) => [lines([clip(text, room.letters * 2)])]);
}

/** Blocks of ten lines: one section holds no more than 2,800 characters. */
function splitLines(all: readonly Words[]): Part[] {
  const parts: Part[] = [];
  for (let from = 0; from < all.length; from += 10) parts.push(lines(...all.slice(from, from + 10)));
  return parts;
}

function readLine(line: string): Words {
  const pieces = line.split('`');
  if (pieces.length % 2 === 0) return [clip(line, 300)];
  return pieces.map((piece, index): Word => (index % 2 === 1 ? code(clip(piece, 200)) : clip(piece, 300)));
}
