/** `npm run fuzz -- [--minutes 5] [--seed S] [--target WORD]`: the targets of `npm test`, for as long as it is told. Ends with 1 if any fails. */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { startHarness } from '../handlers/harness.ts';
import { memoryStore } from '../support/stores.ts';
import { slackTarget } from './slack-requests.ts';
import { type AskedTarget, pureTargets, type Target } from './targets.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    target: { type: 'string', default: '' },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
if (!(minutes > 0) || !Number.isInteger(seed)) {
  console.error('npm run fuzz -- --minutes 5 --seed 1 --target request');
  process.exit(2);
}
const store = await memoryStore();
const server = await startHarness(store);
const targets: readonly (Target | AskedTarget)[] = [...pureTargets, slackTarget(server) as AskedTarget].filter(
  ({ name }) => name.includes(values.target),
);
if (targets.length === 0) console.error(`No target is called ${values.target}.`);
let failed = targets.length === 0;
for (const { name, values: arbitrary, check } of targets) {
  const began = performance.now();
  const end = (minutes * 60_000) / targets.length;
  const ran = await fc.check(
    fc.asyncProperty(arbitrary, async (value) => check(value)),
    { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: end, seed },
  );
  const took = (performance.now() - began) / 60_000;
  console.log(
    `${name}: ${ran.numRuns} values, ${Math.round(ran.numRuns / took)} a minute, ${ran.failed ? 'FAILED' : 'all well'}`,
  );
  if (ran.failed) console.log(fc.defaultReportMessage(ran));
  failed ||= ran.failed;
}
process.exit(failed ? 1 : 0);
