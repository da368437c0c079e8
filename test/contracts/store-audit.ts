/** The audit log: what stands in it, and that nobody changes it unseen. */
import { describe, expect, it } from 'vitest';
import { failingCells } from '../../src/core/backfill/circuit.ts';
import { listAudit, listAuditSince, recordAudit, verifyAudit } from '../../src/store/audit.ts';
import { noteDown, noteUp } from '../../src/store/outages.ts';
import type { Query, Store } from '../../src/store/store.ts';

const entry = { at: 1000, actor: 'ada', action: 'launch', subject: 'b1', detail: { cells: 3 } };

export function auditContract(storeOf: () => Store): void {
  const verify = () => storeOf().transaction(verifyAudit);
  /** Twenty entries, some of which are alike but for their place. */
  const fill = async () => {
    const { query } = storeOf();
    for (let n = 0; n < 20; n++) await recordAudit(query, { ...entry, at: 1000 + n, subject: `b${n % 3}` });
  };
  /** What somebody may do who owns the tables and switches the guard off. */
  const tamper = (work: (query: Query) => Promise<unknown>) =>
    storeOf().transaction(async (query) => {
      await query(`alter table audit disable trigger user`);
      await work(query);
      await query(`alter table audit enable trigger user`);
    });

  describe('the audit log', () => {
    it('lists what was done to a subject, oldest first', async () => {
      const { query } = storeOf();
      await recordAudit(query, entry);
      await recordAudit(query, { ...entry, at: 999, action: 'finish' });
      await recordAudit(query, { ...entry, subject: 'b2' });
      expect(await listAudit(query, 'b1')).toEqual([entry, { ...entry, at: 999, action: 'finish' }]);
    });

    it('lists all from an instant on, numbered in the order in which they were written', async () => {
      await fill();
      const listed = await listAuditSince(storeOf().query, 1017);
      expect(listed.map(({ number, at, subject }) => [number, at, subject])).toEqual([
        [18, 1017, 'b2'],
        [19, 1018, 'b0'],
        [20, 1019, 'b1'],
      ]);
    });

    it('has services whose calls were held, and let go, by nobody in particular', async () => {
      const name = { pipeline: 'p', service: 'lab', tables: ['base'], max: 4 };
      const failure = (n: number) => ({ cell: `base ${n}`, detail: 'it answered 500', startedAt: n, now: 1000 + n });
      await storeOf().transaction(async (query) => {
        for (let n = 1; n <= failingCells; n++) await noteDown(query, name, failure(n));
        await noteUp(query, name, 9000);
        await noteUp(query, name, 9001);
      });
      expect(await listAudit(storeOf().query, 'lab')).toMatchObject([
        { at: 1000 + failingCells, actor: 'engine', action: 'hold', detail: { detail: 'it answered 500' } },
        { at: 9000, actor: 'engine', action: 'release' },
      ]);
    });

    it('is only added to', async () => {
      await fill();
      const { query } = storeOf();
      const cause = { cause: expect.objectContaining({ message: 'the audit log is only added to' }) };
      for (const statement of [`update audit set actor = 'eve'`, `delete from audit`, `truncate audit`])
        await expect(query(statement)).rejects.toMatchObject(cause);
      expect(await verify()).toMatchObject({ ok: true, entries: 20 });
    });

    it('is whole while it is empty, after each entry, and after one that was rolled back', async () => {
      expect(await verify()).toMatchObject({ ok: true, entries: 0, problems: [] });
      await fill();
      const undone = storeOf().transaction(async (query) => {
        await recordAudit(query, entry);
        throw new Error('no');
      });
      await expect(undone).rejects.toThrow('no');
      await recordAudit(storeOf().query, { ...entry, detail: { typed: 'ü "x" \\ \u2028', share: 0.1, none: null } });
      const [last] = (await listAuditSince(storeOf().query, 0)).slice(-1);
      expect(await verify()).toEqual({ ok: true, entries: 21, head: last?.hash, problems: [] });
    });

    it('stays one chain when many write at once', async () => {
      const write = (n: number) =>
        storeOf().transaction(async (query) => {
          await query(`select 1`);
          await recordAudit(query, { ...entry, at: n });
        });
      await Promise.all(Array.from({ length: 15 }, (_, n) => write(n)));
      expect(await verify()).toMatchObject({ ok: true, entries: 15 });
    });

    const changes: [name: string, sql: string][] = [
      ['time', `update audit set at = at + 1`],
      ['actor', `update audit set actor = 'eve'`],
      ['action', `update audit set action = 'finish'`],
      ['subject', `update audit set subject = 'b9'`],
      ['detail', `update audit set detail = '{"cells": 4}'`],
      ['hash', `update audit set hash = repeat('a', 64)`],
    ];
    it.each(changes)('is found to be changed in the %s of any entry', async (_, sql) => {
      await fill();
      for (const number of [1, 9, 20]) {
        await tamper((query) => query(`create temporary table kept as select * from audit where number = ${number}`));
        await tamper((query) => query(`${sql} where number = ${number}`));
        const { ok, problems } = await verify();
        expect([ok, problems[0]?.number]).toEqual([false, number]);
        await tamper((query) =>
          query(
            `update audit a set at = k.at, actor = k.actor, action = k.action, subject = k.subject, detail = k.detail, hash = k.hash
             from kept k where a.number = k.number`,
          ),
        );
        await storeOf().query(`drop table kept`);
        expect((await verify()).ok).toBe(true);
      }
    });

    it('is found to lack entries at its beginning, inside and at its end', async () => {
      await fill();
      await tamper((query) => query(`delete from audit where number in (1, 7, 8, 20)`));
      expect((await verify()).problems).toMatchObject([
        { number: 2, problem: '1 entry before it, missing' },
        { number: 9, problem: '2 entries before it, missing' },
        { number: 19, problem: '1 entry written after it, missing' },
      ]);
    });

    it('is found to be in another order, and to have an entry in between', async () => {
      await fill();
      await tamper(async (query) => {
        await query(`update audit set number = -number where number in (4, 5)`);
        await query(`update audit set number = 9 + number where number in (-4, -5)`);
      });
      expect((await verify()).problems.map(({ number }) => number)).toContain(4);
      await tamper(async (query) => {
        await query(`update audit set number = number + 100 where number > 10`);
        await query(`update audit set number = number - 99 where number > 100`);
        await query(
          `insert into audit (at, actor, action, subject, detail, number, hash) values (1, 'eve', 'accept', 'x', '{}', 11, repeat('0', 64))`,
        );
      });
      expect((await verify()).problems.map(({ number }) => number)).toContain(11);
    });
  });
}
