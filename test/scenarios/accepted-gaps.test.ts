import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AcceptedGap, Coverage } from '../../src/core/coverage/coverage-report.ts';
import { demoHome, runBackcourt, runJson } from '../support/run-backcourt.ts';

let home: Awaited<ReturnType<typeof demoHome>>;
beforeAll(async () => {
  home = await demoHome();
});
afterAll(() => home.remove());

const words = (text: string) => [...text.split(' '), '--home', home.path];
const six = '2021-11-16,2021-11-18,2021-11-21,2021-11-23,2021-11-28,2021-11-30';

async function statuses(table: string): Promise<Record<string, number>> {
  const { json } = await runJson<Coverage>(words(`coverage ${table} 2021-11-16 2021-11-30`));
  return json.tables[0]?.byStatus ?? {};
}

describe('a gap that is to stay', { timeout: 90_000 }, () => {
  it('stops being a hole and taints nothing until it is taken back', async () => {
    expect(await statuses('psza')).toEqual({ tainted: 15 });
    const accepted = await runJson<AcceptedGap>([
      ...words(`coverage accept pgs ${six}`),
      '--reason',
      'gamebooks lost for good',
    ]);
    expect(accepted.code).toBe(0);
    expect(accepted.json).toMatchObject({ table: 'pgs', reason: 'gamebooks lost for good' });
    expect(await statuses('pgs')).toEqual({ not_expected: 7, complete: 8 });
    const { json } = await runJson<Coverage>(words('coverage pgs 2021-11-16'));
    expect(json.tables[0]?.cells[0]).toMatchObject({ status: 'not_expected', reason: 'accepted_gap', rows: 0 });
    expect(await statuses('psza')).toEqual({ complete: 15 });

    const list = await runJson<{ accepted: AcceptedGap[] }>(words('coverage accepted'));
    expect(list.json.accepted.map((gap) => gap.id)).toEqual([accepted.json.id]);
    expect((await runBackcourt(words(`coverage revoke ${accepted.json.id}`))).code).toBe(0);
    expect(await statuses('psza')).toEqual({ tainted: 15 });
    const again = await runBackcourt(words(`coverage revoke ${accepted.json.id}`));
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('No accepted gap')]);
  });

  it('needs a reason', async () => {
    const refused = await runJson<{ error: { kind: string; try: string } }>(words('coverage accept pgs 2021-11-16'));
    expect([refused.code, refused.json.error.kind]).toEqual([2, 'refusal']);
    expect(refused.json.error.try).toContain('--reason');
  });
});
