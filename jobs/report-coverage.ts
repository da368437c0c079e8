/** Answers a question that was asked in Slack: coverage, why, plan, quality. */
import { findRoles, refuseRequest } from '../src/access/permit.ts';
import type { Asked } from '../src/core/asked.ts';
import { dateIn } from '../src/core/dates.ts';
import { personOf } from '../src/core/origin.ts';
import { helpText } from '../src/core/request/help.ts';
import type { CoverageRequest } from '../src/core/request/request.ts';
import { readCoverageRequest } from '../src/core/request/request.ts';
import { writeRequest } from '../src/core/request/write-request.ts';
import { answerQuality } from '../src/engine/answer-quality.ts';
import { answerCoverage, answerPlan, answerWhy } from '../src/engine/answers.ts';
import { acceptGap, revokeGap } from '../src/engine/gaps.ts';
import { isRefusal } from '../src/fault.ts';
import { coverageMessage } from '../src/messages/coverage-message.ts';
import { acceptedMessage, gapsMessage, revokedMessage } from '../src/messages/gap-message.ts';
import { typeDates } from '../src/messages/phrases.ts';
import { helpMessage, refusalMessage } from '../src/messages/plain-messages.ts';
import { planMessage } from '../src/messages/plan-message.ts';
import { qualityMessage } from '../src/messages/quality-message.ts';
import { whyMessage } from '../src/messages/why-message.ts';
import type { Ports } from '../src/ports.ts';
import { listGaps } from '../src/store/gaps.ts';
import { type Answer, alone, answerRequest, offer } from './answer-request.ts';
import { answerWatch } from './answer-watch.ts';
import { findLinks } from './find-links.ts';
import { uploadCoverage } from './upload-picture.ts';

/** Reads the stored request again and puts the answer into the outbox. */
export async function reportCoverage(ports: Ports, task: { readonly request: string }): Promise<void> {
  await answerRequest(ports, task.request, async (asked) => {
    const context = { catalogue: ports.catalogue, today: dateIn(ports.catalogue.timeZone, asked.at) };
    const request = readCoverageRequest(asked.text, context);
    if (isRefusal(request)) return alone(refusalMessage(request));
    const denied = await refuseRequest(ports, request, asked);
    return denied ? alone(refusalMessage(denied)) : answer(ports, request, asked, task.request);
  });
}

async function answer(ports: Ports, request: CoverageRequest, asked: Asked, id: string): Promise<Answer> {
  const { catalogue } = ports;
  switch (request.verb) {
    case 'coverage': {
      const coverage = await answerCoverage(ports, request.tables, request.when.dates, {
        rulesAsOf: request.rulesAsOf,
      });
      const words = writeRequest(request, '/coverage');
      const [only] = request.tables;
      const broken = coverage.tables.some((table) => table.complete < table.expected);
      const picture = await uploadCoverage(ports, coverage, id);
      const held = coverage.tables.flatMap((table) => table.cells.map((cell) => cell.heldBy));
      const context = { catalogue, asked: words, picture, links: await findLinks(ports, held) };
      if (!broken || only === undefined || request.tables.length > 1) return coverageMessage(coverage, context);
      const plan = await offer(ports, id, 'plan', asked, `plan ${only} ${typeDates(request.when.dates)}`);
      return coverageMessage(coverage, { ...context, offers: { plan } });
    }
    case 'why': {
      const why = await answerWhy(ports, request.table, request.date, { rulesAsOf: request.rulesAsOf });
      const held = why.chain.map((step) => step.heldBy);
      return whyMessage(why, { asked: writeRequest(request, '/coverage'), links: await findLinks(ports, held) });
    }
    case 'plan': {
      const plan = await answerPlan(ports, request.table, request.when.dates, { rulesAsOf: request.rulesAsOf });
      const words = writeRequest(request, '/coverage');
      if (plan.cells === 0) return planMessage(plan, { catalogue, asked: words });
      const rest = plan.blocked.length > 0 ? ' --ready-only' : '';
      const text = `${request.table} ${typeDates(request.when.dates)} --with-upstream${rest}`;
      const repair = await offer(ports, id, 'repair', { ...asked, command: '/backfill' }, text);
      return planMessage(plan, { catalogue, asked: words, offers: { repair } });
    }
    case 'quality': {
      const quality = await answerQuality(ports, request.table, request.when.dates);
      return qualityMessage(quality, { catalogue, asked: writeRequest(request, '/coverage') });
    }
    case 'accept':
      return acceptedMessage(await acceptGap(ports, request, personOf(asked), id.slice(0, 8)));
    case 'revoke': {
      const gap = await revokeGap(ports, request.id, personOf(asked));
      return isRefusal(gap) ? alone(refusalMessage(gap)) : revokedMessage(gap, asked.user);
    }
    case 'accepted':
      return alone(gapsMessage(await listGaps(ports.store.query, catalogue.pipeline)));
    case 'watch':
    case 'watches':
      return answerWatch(ports, request, asked);
    case 'help':
      return helpMessage(
        helpText(
          '/coverage',
          { catalogue, today: dateIn(catalogue.timeZone, asked.at) },
          await findRoles(ports, asked),
        ),
      );
  }
}
