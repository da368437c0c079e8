/** Answers `/coverage watch`: begins a digest in the channel, ends it, or lists what is watched there. */
import type { Asked } from '../src/core/asked.ts';
import { personOf } from '../src/core/origin.ts';
import type { CoverageRequest } from '../src/core/request/request.ts';
import { writeRequest } from '../src/core/request/write-request.ts';
import { startWatch, stopWatch } from '../src/engine/watch.ts';
import { refuse } from '../src/fault.ts';
import { refusalMessage } from '../src/messages/plain-messages.ts';
import { watchEndedMessage, watchesMessage, watchStartedMessage } from '../src/messages/watch-message.ts';
import type { Ports } from '../src/ports.ts';
import { findLastDigest, listWatches } from '../src/store/watches.ts';
import { type Answer, alone } from './answer-request.ts';

export type WatchRequest = Extract<CoverageRequest, { verb: 'watch' | 'watches' }>;

/** For all to see where the channel will hear more or less; a list is for the asker alone. */
export async function answerWatch(ports: Ports, request: WatchRequest, who: Asked): Promise<Answer> {
  const { catalogue } = ports;
  const { channel, user } = who;
  const place = { pipeline: catalogue.pipeline, channel };
  if (request.verb === 'watches') {
    const watches = await listWatches(ports.store.query, place);
    return alone(watchesMessage(watches, { catalogue, lastDay: await findLastDigest(ports.store.query, place) }));
  }
  const asked = { channel, tables: request.tables, by: personOf(who) };
  if (!request.off) {
    const started = await startWatch(ports, asked);
    return watchStartedMessage(started, { catalogue, asked: writeRequest(request, '/coverage') });
  }
  const { removed, watches } = await stopWatch(ports, asked);
  if (removed.length > 0) return watchEndedMessage(removed, watches, user);
  return alone(refusalMessage(refuse(`${request.what} is not watched here.`, '/coverage watch')));
}
