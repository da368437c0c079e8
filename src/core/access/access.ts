/**
 * Who may do what in a pipeline (`access` in its file). A role is held by people, by user groups of the chat, and by
 * whoever asks in a channel. Nothing here knows who is in a group: whoever calls has read that, and says where it could
 * not be read. What is not known is never a yes.
 */

export type Role = 'viewer' | 'operator' | 'approver';

/** Ids of the chat: people (U..., W...), user groups (S...), channels (C..., D..., G...); or everybody. */
export type Who = 'everybody' | readonly string[];

/** The rules of one table. */
export type TableAccess = Readonly<Record<Role, Who>> & {
  /** Every backfill that runs it needs a second person. */
  readonly protected: boolean;
  /** So many of its dates may be written again without a second person; null: any number. */
  readonly overwritesAbove: number | null;
};

export type Access = Readonly<Record<Role, Who>> & {
  /** So many dates of all tables of a backfill may be written again without a second person; null: any number. */
  readonly overwritesAbove: number | null;
  /** Whether running blocked dates all the same needs a second person. */
  readonly overrides: boolean;
  /** Milliseconds for a second person to answer; then the backfill is not run. */
  readonly answerWithin: number;
  /** By alias; a table that is not here has the roles above. */
  readonly tables: ReadonlyMap<string, TableAccess>;
};

/** Everything that a person can do, and which role it takes. Nothing else can be done. */
export const roleFor = {
  look: 'viewer',
  watch: 'viewer',
  accept: 'operator',
  launch: 'operator',
  steer: 'operator',
  approve: 'approver',
  deny: 'approver',
} as const satisfies Readonly<Record<string, Role>>;
export type Action = keyof typeof roleFor;

/** What somebody is about to do. */
export type Deed = {
  readonly action: Action;
  /** The tables that it concerns; none where it concerns the pipeline as a whole. */
  readonly tables: readonly string[];
  /** Of a backfill that waits for a second person: who asked for it. */
  readonly requestedBy?: string;
};

/** Who is about to do it, and in which channel of the chat. */
export type Doer = { readonly user: string; readonly channel: string };

/** The members of user groups, by id; null where they could not be read. */
export type Groups = ReadonlyMap<string, ReadonlySet<string> | null>;

/** Why somebody may not: not listed, whoever asked cannot approve, or the groups that decide it could not be read. */
export type Denied = {
  readonly action: Action;
  readonly why: 'not_listed' | 'own_request' | 'groups_unread';
  /** Those of the tables for which it is denied. */
  readonly tables: readonly string[];
  /** Who may instead, at the first of them. */
  readonly may: Who;
  /** The groups that could not be read. */
  readonly unread: readonly string[];
};

const isGroup = (id: string) => id.startsWith('S');

/** Whether somebody may; null if so. Without `access` everybody may do everything, but nobody approves what they asked. */
export function judgeAccess(access: Access | undefined, deed: Deed, doer: Doer, groups: Groups): Denied | null {
  const { action, tables } = deed;
  const lists = listsOf(access, deed);
  if (action === 'approve' && deed.requestedBy === doer.user)
    return { action, why: 'own_request', tables, may: lists[0]?.who ?? 'everybody', unread: [] };
  const judged = lists.map(({ table, who }) => ({ table, who, holds: holds(who, doer, groups) }));
  const denied = judged.filter((each) => each.holds !== true);
  const [first] = denied;
  if (first === undefined) return null;
  const unread = [...new Set(denied.flatMap((each) => (each.holds === null ? groupsIn(each.who) : [])))].filter(
    (id) => groups.get(id) == null,
  );
  const names = denied.flatMap(({ table }) => table ?? []);
  const why = denied.some((each) => each.holds === false) ? 'not_listed' : 'groups_unread';
  return { action, why, tables: names, may: first.who, unread };
}

/** The groups whose members decide it, and only those: most deeds are decided by an id. */
export function groupsToRead(access: Access | undefined, deed: Deed, doer: Doer): string[] {
  const open = listsOf(access, deed).filter(({ who }) => holds(who, doer, new Map()) === null);
  return [...new Set(open.flatMap(({ who }) => groupsIn(who)))];
}

/** Where a person has a role: for what is only offered, as help is. A group that could not be read is no yes. */
export type RoleHeld = { readonly anywhere: boolean; on(table: string): boolean };

/** Where somebody has a role. */
export function findRole(access: Access | undefined, role: Role, doer: Doer, groups: Groups): RoleHeld {
  if (access === undefined) return { anywhere: true, on: () => true };
  const has = (who: Who) => holds(who, doer, groups) === true;
  return {
    anywhere: has(access[role]) || [...access.tables.values()].some((own) => has(own[role])),
    on: (table) => has(accessTo(access, table)[role]),
  };
}

/** Every group that the section names. */
export function groupsOf(access: Access | undefined): string[] {
  if (access === undefined) return [];
  const lists = [access, ...access.tables.values()].flatMap(({ viewer, operator, approver }) => [
    viewer,
    operator,
    approver,
  ]);
  return [...new Set(lists.flatMap(groupsIn))];
}

/** The rules of a table, from its own entry or from the pipeline's. */
export function accessTo(access: Access, table: string): TableAccess {
  return access.tables.get(table) ?? { ...access, protected: false, overwritesAbove: null };
}

function listsOf(
  access: Access | undefined,
  { action, tables }: Deed,
): { readonly table: string | undefined; readonly who: Who }[] {
  const role = roleFor[action];
  if (access === undefined) return [{ table: undefined, who: 'everybody' }];
  if (tables.length === 0) return [{ table: undefined, who: access[role] }];
  return tables.map((table) => ({ table, who: accessTo(access, table)[role] }));
}

/** Null: it depends on a group that could not be read. */
function holds(who: Who, { user, channel }: Doer, groups: Groups): boolean | null {
  if (who === 'everybody' || who.includes(user) || who.includes(channel)) return true;
  const members = groupsIn(who).map((id) => groups.get(id) ?? null);
  if (members.some((group) => group?.has(user))) return true;
  return members.includes(null) ? null : false;
}

function groupsIn(who: Who): readonly string[] {
  return who === 'everybody' ? [] : who.filter(isGroup);
}

/**
 * Who may approve a plan of these tables: those who are listed for every one of them. Where nobody is, somebody may still
 * be in a group of each, so all are named; nobody where a table lists nobody.
 */
export function approversOf(access: Access | undefined, tables: readonly string[]): Who {
  if (access === undefined) return 'everybody';
  const lists = tables.map((table) => accessTo(access, table).approver).filter((who) => who !== 'everybody');
  if (lists.length === 0) return tables.length === 0 ? access.approver : 'everybody';
  if (lists.some((list) => list.length === 0)) return [];
  const all = [...new Set(lists.flat())];
  const inAll = all.filter((id) => lists.every((list) => list.includes(id)));
  return inAll.length > 0 ? inAll : all;
}
