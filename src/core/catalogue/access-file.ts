/**
 * The `access` section of `pipeline.yml`: who may look, who may run, who may say the second yes. It names ids and no
 * names, since anybody can rename themselves; and whoever is not listed may not.
 */
import { z } from 'zod';
import type { Access, Role, Who } from '../access/access.ts';
import type { CatalogueProblem } from './catalogue.ts';

const member = z
  .string()
  .regex(/^[UWSCDG][A-Z0-9]{6,20}$/, {
    error: 'give an id as the chat shows it: U... of a person, S... of a user group, C... of a channel',
  })
  .describe('The id of a person (U...), of a user group (S...), or of a channel (C...): whoever asks in it');

const who = z.union([z.literal('everybody'), z.array(member)], {
  error: 'give `everybody`, or a list of ids: U... of people, S... of user groups, C... of channels',
});

const roles = {
  viewers: who.optional().describe('Who may look: coverage, causes, plans, quality, dry runs; everybody if not given'),
  operators: who
    .optional()
    .describe('Who may run and steer backfills and accept gaps; the viewers if not given. They may look too'),
  approvers: who
    .optional()
    .describe('Who may approve what needs a second person; the operators if not given. They may look too'),
};

const overwrites = z.number().int().min(0).optional();

/** What the section may say. */
export const accessSchema = z
  .strictObject({
    ...roles,
    approval: z
      .strictObject({
        overwrites_above: overwrites.describe(
          'A backfill that writes more dates again than this, of all its tables together, needs a second person',
        ),
        overrides: z
          .boolean()
          .optional()
          .describe('Whether --skip-preflight needs a second person wherever it runs a blocked date; no if not given'),
        hours: z
          .number()
          .gt(0)
          .max(720)
          .optional()
          .describe('How long a second person has to answer; then the backfill is not run. 24 if not given'),
      })
      .optional()
      .describe('What needs a yes of a second person, who is not the one who asks'),
    tables: z
      .record(
        z.string(),
        z.strictObject({
          ...roles,
          protected: z.boolean().optional().describe('Every backfill that runs this table needs a second person'),
          overwrites_above: overwrites.describe('The same for dates of this table alone'),
        }),
      )
      .optional()
      .describe('Rules of single tables, by alias; what one does not say is as for the pipeline'),
  })
  .describe('Who may do what; without it everybody may do everything, and nothing needs a second person');

export type AccessFile = z.infer<typeof accessSchema>;
type RolesFile = Pick<AccessFile, 'viewers' | 'operators' | 'approvers'>;

const hourMs = 3_600_000;

/** The section with every default filled in. */
export function buildAccess(file: AccessFile): Access {
  const { approval = {} } = file;
  return {
    ...buildRoles(file, {}),
    overwritesAbove: approval.overwrites_above ?? null,
    overrides: approval.overrides ?? false,
    answerWithin: (approval.hours ?? 24) * hourMs,
    tables: new Map(
      Object.entries(file.tables ?? {}).map(([alias, own]) => [
        alias,
        {
          ...buildRoles(own, file),
          protected: own.protected ?? false,
          overwritesAbove: own.overwrites_above ?? null,
        },
      ]),
    ),
  };
}

/** What a table does not say its pipeline says; what neither says follows from the role below. */
function buildRoles(own: RolesFile, pipeline: RolesFile): Readonly<Record<Role, Who>> {
  const viewers = own.viewers ?? pipeline.viewers ?? 'everybody';
  const operator = own.operators ?? pipeline.operators ?? viewers;
  const approver = own.approvers ?? pipeline.approvers ?? operator;
  return { viewer: joinAll([viewers, operator, approver]), operator, approver };
}

function joinAll(lists: readonly Who[]): Who {
  const ids: string[] = [];
  for (const list of lists) {
    if (list === 'everybody') return list;
    ids.push(...list);
  }
  return [...new Set(ids)];
}

/**
 * What is wrong with the section: tables that are not there, and a second yes that nobody can give. A table may say so for
 * itself: then the chat cannot run it.
 */
export function checkAccess(file: AccessFile, tables: Readonly<Record<string, unknown>>): CatalogueProblem[] {
  const access = buildAccess(file);
  const problems = Object.keys(file.tables ?? {})
    .filter((alias) => !Object.hasOwn(tables, alias))
    .map((alias) => ({ path: `access.tables.${alias}`, problem: `there is no table ${alias}` }));
  const needed = access.overrides || access.overwritesAbove !== null;
  const nobody = (who: Who) => who.length === 0;
  if (needed && nobody(access.approver))
    problems.push({
      path: 'access.approvers',
      problem: 'is empty, so nobody could approve what needs a second person',
    });
  return problems;
}
