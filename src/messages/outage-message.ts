/** The reply in a backfill's thread that calls to a service are held: put when it begins, edited when it is over. */
import { isLasting, type Outage, sayOutage } from '../core/backfill/circuit.ts';
import { lines } from './blocks.ts';
import { fitMessage } from './fit-message.ts';
import type { Message } from './message.ts';
import { sayDuration } from './time-words.ts';
import { at, bold, clip, code, type Words } from './words.ts';

/** For the thread of backfill `id`. */
export function outageMessage(outage: Outage, id: string): Message {
  return fitMessage(() => [lines(...(outage.closedAt === null ? sayHeld(outage, id) : sayOver(outage)))]);
}

function sayHeld(outage: Outage, id: string): Words[] {
  const next: Words = isLasting(outage)
    ? ['It does not pass by itself. When it is mended, go on with: ', code(`/backfill resume ${id}`)]
    : ['Next try, with one cell: ', at(outage.heldUntil), '. When it succeeds, the rest goes on by itself.'];
  return [
    [bold(`Calls to ${clip(outage.service, 60)} are held`), `: ${clip(sayOutage(outage), 400)}.`],
    ['Its cells stay ready, and none of them loses an attempt meanwhile.'],
    next,
  ];
}

function sayOver({ service, openedAt, closedAt }: Outage): Words[] {
  const held = sayDuration((closedAt ?? openedAt) - openedAt);
  return [
    [bold(`${clip(service, 60)} works again`), `: calls to it were held for ${held}, and no cell lost an attempt.`],
  ];
}

/** "calls to phase4 held", while it lasts; nothing otherwise. */
export function sayHeldShort(outages: readonly Outage[] = []): string[] {
  return outages
    .filter((outage) => outage.closedAt === null)
    .map(({ service }) => `calls to ${clip(service, 60)} held`);
}
