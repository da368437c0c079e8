import { describe, expect, it } from 'vitest';
import {
  type Access,
  type Action,
  approversOf,
  type Deed,
  findRole,
  type Groups,
  groupsOf,
  groupsToRead,
  judgeAccess,
  roleFor,
} from '../../../src/core/access/access.ts';
import { refuseDenied } from '../../../src/core/access/say-denied.ts';
import { buildAccess } from '../../../src/core/catalogue/access-file.ts';

const vera = 'U0VIEWER01';
const olga = 'U0OPERATOR';
const anna = 'U0APPROVER';
const fred = 'U0FOREIGN1';
const [team, leads] = ['S0DATATEAM', 'S0LEADS001'];
const [room, elsewhere] = ['C0PIPELINE', 'C0ELSEWHERE'];

const access = buildAccess({
  viewers: [vera],
  operators: [team, room],
  approvers: [leads],
  tables: { pgs: { operators: [anna] }, odds: { approvers: [] } },
});
const groups: Groups = new Map([
  [team, new Set([olga])],
  [leads, new Set([anna])],
]);
const unread: Groups = new Map([[team, null]]);

function may(user: string, deed: Deed, channel = elsewhere, known: Groups = groups, rules: Access | null = access) {
  return judgeAccess(rules ?? undefined, deed, { user, channel }, known)?.why ?? 'yes';
}

describe('who may do what', () => {
  const people = { vera, olga, anna, fred };
  const matrix = (tables: readonly string[]) =>
    Object.fromEntries(
      Object.entries(people).map(([name, user]) => [
        name,
        (Object.keys(roleFor) as Action[]).filter((action) => may(user, { action, tables }) === 'yes').join(' '),
      ]),
    );

  it('follows from the lists, and whoever runs or approves may look', () => {
    const all = matrix(['mlfs']);
    expect(all).toEqual({
      vera: 'look watch',
      olga: 'look watch accept launch steer',
      anna: 'look watch approve deny',
      fred: '',
    });
    expect(matrix([])).toEqual(all);
  });

  it('is what a table says where it says something, and for all tables of a deed at once', () => {
    expect(matrix(['pgs'])).toMatchObject({ olga: '', anna: 'look watch accept launch steer approve deny' });
    expect(matrix(['odds'])).toMatchObject({ anna: '', olga: 'look watch accept launch steer' });
    const both = { action: 'launch', tables: ['mlfs', 'pgs'] } as const;
    expect([may(olga, both), may(anna, both)]).toEqual(['not_listed', 'not_listed']);
    expect(judgeAccess(access, both, { user: olga, channel: elsewhere }, groups)).toMatchObject({
      tables: ['pgs'],
      may: [anna],
    });
  });

  it('holds for whoever asks in a channel that is listed, and there only', () => {
    const deed = { action: 'launch', tables: ['mlfs'] } as const;
    expect([may(fred, deed, room), may(fred, deed, elsewhere)]).toEqual(['yes', 'not_listed']);
  });

  it('is no where a group that decides it could not be read, and yes where another line decides it', () => {
    const launch = { action: 'launch', tables: ['mlfs'] } as const;
    expect([may(olga, launch, elsewhere, unread), may(olga, launch, room, unread)]).toEqual(['groups_unread', 'yes']);
    expect(may(olga, launch, elsewhere, new Map())).toBe('groups_unread');
    expect(may(vera, { action: 'look', tables: [] }, elsewhere, unread)).toBe('yes');
    expect(judgeAccess(access, launch, { user: olga, channel: elsewhere }, unread)).toMatchObject({ unread: [team] });
  });

  it('lets nobody approve what they asked for, whatever they are and whatever the file says', () => {
    const own = { action: 'approve', tables: ['mlfs'], requestedBy: anna } as const;
    expect([may(anna, own), may(anna, own, room, groups, null)]).toEqual(['own_request', 'own_request']);
    expect(may(anna, { ...own, action: 'deny' })).toBe('yes');
  });

  it('is everything for everybody where the file has no such section', () => {
    const rest = (Object.keys(roleFor) as Action[]).map((action) =>
      may(fred, { action, tables: ['mlfs'] }, elsewhere, new Map(), null),
    );
    expect(new Set(rest)).toEqual(new Set(['yes']));
  });

  it('reads only the groups that decide it', () => {
    const launch = { action: 'launch', tables: ['mlfs'] } as const;
    const read = (user: string, deed: Deed, channel = elsewhere) => groupsToRead(access, deed, { user, channel });
    expect(read(olga, launch)).toEqual([team]);
    expect(read(olga, launch, room)).toEqual([]);
    expect(read(anna, { action: 'steer', tables: ['pgs'] })).toEqual([]);
    expect(read(anna, { action: 'approve', tables: ['mlfs', 'odds'] })).toEqual([leads]);
    expect(groupsOf(access)).toEqual([team, leads]);
  });

  it('names for a plan those who may approve all of it, and nobody where nobody may approve a part', () => {
    const rules = buildAccess({
      approvers: [anna, leads],
      tables: { pgs: { approvers: [leads] }, pcf: { approvers: [team] }, odds: { approvers: [] } },
    });
    const of = (...tables: string[]) => approversOf(rules, tables);
    expect([of('mlfs'), of('mlfs', 'pgs'), of('pgs', 'pcf'), of('mlfs', 'odds')]).toEqual([
      [anna, leads],
      [leads],
      [leads, team],
      [],
    ]);
    expect([approversOf(buildAccess({}), ['mlfs']), approversOf(undefined, ['mlfs'])]).toEqual([
      'everybody',
      'everybody',
    ]);
  });

  it('is known for what is offered, table by table', () => {
    const role = (user: string) => findRole(access, 'operator', { user, channel: elsewhere }, groups);
    expect([role(anna).anywhere, role(anna).on('pgs'), role(anna).on('mlfs')]).toEqual([true, true, false]);
    expect([role(olga).on('pgs'), role(olga).on('mlfs'), role(fred).anywhere]).toEqual([false, true, false]);
  });
});

describe('a denial', () => {
  it('says what is denied, and who may', () => {
    const denied = judgeAccess(
      access,
      { action: 'launch', tables: ['pgs', 'mlfs'] },
      { user: fred, channel: elsewhere },
      groups,
    );
    expect(denied && refuseDenied(denied)).toMatchObject({
      message: 'You may not run backfills of pgs, mlfs. Nothing was done.',
      may: [anna],
    });
    const nobody = judgeAccess(access, { action: 'approve', tables: ['odds'] }, { user: anna, channel: room }, groups);
    expect(nobody && refuseDenied(nobody).message).toContain('Nobody may approve backfills of odds');
  });
});
