/**
 * A hand-over note in the channel. The Markdown stands in a block that Slack interprets nothing of, so that it can be
 * copied as it is; what does not fit is cut at the end of a line, and the terminal has all of it.
 */
import type { Handover } from '../core/backfill/handover.ts';
import { grid, lines, type Part } from './blocks.ts';
import { fitMessage, type Room } from './fit-message.ts';
import { handoverLines } from './handover-text.ts';
import { limits } from './limits.ts';
import type { Message } from './message.ts';
import { count, sayRange } from './phrases.ts';
import { bold, code, type Words } from './words.ts';

/** For whoever takes the backfill over: the point, the note to copy, and where all of it is. */
export function handoverMessage(handover: Handover): Message {
  const all = handoverLines(handover, (command) => command);
  return fitMessage((room) => {
    const blocks = splitLines(all, lettersOf(room));
    const shown = blocks.reduce((sum, block) => sum + block.length, 0);
    return [
      lines([
        bold(`Hand-over of ${handover.target}, ${sayRange(handover.from, handover.to)}`),
        ': ',
        ...sayPoint(handover),
      ]),
      ...blocks.map((block): Part => grid(block.join('\n'))),
      ...(shown < all.length
        ? [lines([`${count(all.length - shown, 'more line')}. All of it: `, code(`backcourt handover ${handover.id}`)])]
        : []),
    ];
  });
}

function sayPoint({ result, state, remains, next }: Handover): Words {
  const stand = result === null ? `it is still ${state.replace('_', ' ')}` : result.replaceAll('_', ' ');
  const open = remains.reduce((sum, { dates }) => sum + dates.length, 0);
  const left = open === 0 ? 'nothing remains' : `${count(open, 'cell')} ${open === 1 ? 'is' : 'are'} not right`;
  const [first] = next;
  return first === undefined ? [`${stand}, ${left}.`] : [`${stand}, ${left}. Next: `, code(first.command)];
}

function lettersOf(room: Room): number {
  return 800 + room.rows * 220;
}

/** As many of the lines as fit, in blocks that each may be posted; a line that is longer than a block is cut. */
function splitLines(all: readonly string[], letters: number): string[][] {
  const most = limits.section - 100;
  const blocks: string[][] = [];
  let [inBlock, inAll] = [most, 0];
  for (const line of all) {
    const said = line.length > most ? `${line.slice(0, most - 1)}…` : line;
    if (inAll + said.length > letters) break;
    if (inBlock + said.length + 1 > most) {
      blocks.push([]);
      inBlock = 0;
    }
    blocks.at(-1)?.push(said);
    inBlock += said.length + 1;
    inAll += said.length + 1;
  }
  return blocks;
}
