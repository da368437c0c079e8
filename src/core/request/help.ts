/** What may be typed, with an example that works for this catalogue: an example of other tables teaches nothing. */
import type { Role, RoleHeld } from '../access/access.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { addDays } from '../dates.ts';
import { firstDateOf, type RequestContext } from './read-span.ts';
import { findFillable, sayTables } from './read-tables.ts';

export type Command = '/coverage' | '/backfill';

/**
 * A command of this catalogue that can be typed as it is: its last table (for a backfill the last one that can be
 * filled) in a week of its first season. Help, where there is nothing to show.
 */
export function exampleCommand(command: Command, context: RequestContext): string {
  const { catalogue } = context;
  const table = command === '/backfill' ? findFillable(catalogue).at(-1) : [...catalogue.tables.keys()].at(-1);
  const when = exampleDates(command, context);
  return table === undefined || when === null ? `${command} help` : `${command} ${table} ${when}`;
}

/** A week of the first season, after its bootstrap days; null if nothing can be filled yet. */
function exampleDates(command: Command, { catalogue, today }: RequestContext): string | null {
  const season = catalogue.seasons[0];
  const yesterday = addDays(today, -1);
  if (season === undefined) {
    const starts = [...catalogue.tables.values()].flatMap((table) => table.starts ?? []);
    return starts.every((start) => start <= addDays(today, -7)) ? 'last 7 days' : null;
  }
  if (season.starts > yesterday) return command === '/backfill' ? null : season.starts;
  const ends = season.ends !== undefined && season.ends < yesterday ? season.ends : yesterday;
  const settled = addDays(season.starts, catalogue.bootstrapDays);
  const from = settled > ends ? season.starts : settled;
  const to = addDays(from, 6) > ends ? ends : addDays(from, 6);
  return from === to ? from : `${from} ${to}`;
}

/** Where somebody has a role. */
type Roles = (role: Role) => RoleHeld;
const every: Roles = () => ({ anywhere: true, on: () => true });
type Line = string | { readonly for: Role; readonly text: string };

/**
 * The help of a command, line by line, in plain text: what a person may do, and nothing else.
 * @param roles whoever asks; everything without it
 */
export function helpText(command: Command, context: RequestContext, roles: Roles = every): string[] {
  const role = command === '/coverage' ? 'viewer' : 'operator';
  const seen = { ...context, catalogue: onlyTables(context.catalogue, roles(role)) };
  const lines = command === '/coverage' ? helpCoverage(seen) : helpBackfill(seen);
  const shown = lines.flatMap((line) =>
    typeof line === 'string' ? [line] : roles(line.for).anywhere ? [line.text] : [],
  );
  const hidden = lines.length - shown.length;
  return hidden === 0
    ? shown
    : [...shown, 'What else there is takes a role that you do not have here, or that could not be looked up.'];
}

/** Without the tables that somebody may not ask for, so that every example is one that works. */
function onlyTables(catalogue: Catalogue, { on }: RoleHeld): Catalogue {
  return { ...catalogue, tables: new Map([...catalogue.tables].filter(([alias]) => on(alias))) };
}

function operators(...lines: string[]): Line[] {
  return lines.map((text) => ({ for: 'operator', text }));
}

function helpCoverage(context: RequestContext): Line[] {
  const { catalogue } = context;
  const phase = [...catalogue.tables.values()].at(-1)?.phase;
  const what =
    phase === undefined
      ? 'a table, several with commas, or all'
      : `a table, several with commas, phase${phase}, or all`;
  return [
    '/coverage <what> <when> - which dates are complete, and why the others are not',
    '/coverage why <table> <date> - the chain of causes of one date',
    '/coverage plan <table> <when> - what would have to run, in order',
    '/coverage quality <table> <when> - flags, duplicates, empty columns, missing entities',
    '/coverage accepted - gaps that are to stay',
    ...operators('/coverage accept <table> <when> --reason "..." - a gap that is to stay; revoke <id> takes one back'),
    '/coverage watch <what> [off] - a daily digest in this channel of what changed; watch alone lists',
    `--rules-as-of ${addDays(context.today, -1)}: coverage, why and plan by the rules of that day`,
    `what: ${what}`,
    ...helpWhen(context),
    sayTables([...catalogue.tables.keys()]),
    `Example: ${exampleCommand('/coverage', context)}`,
  ];
}

function helpBackfill(context: RequestContext): Line[] {
  return [
    ...operators('/backfill <table> <when> [options] - fill the dates of a table that need it'),
    '/backfill list - what is running and what ran',
    '/backfill status <id> - one backfill',
    '/backfill follow <id> - be told in its thread when it is over',
    ...operators(
      '/backfill pause <id>, resume <id> - stop what has not begun, and go on with it',
      '/backfill cancel <id> - end it; rows that were written stay',
      '/backfill retry <id> - run again what failed or was left out; all four take --reason "words"',
    ),
    ...approvers(
      context.catalogue,
      '/backfill approve <id>, deny <id> - the second yes, or a no with --reason "words", to what waits for one',
    ),
    '/backfill handover <id> - a note for whoever takes it over: what ran, what remains and why, what to type next',
    ...operators(
      '--with-upstream: fill what it needs first',
      '--ready-only: run the ready dates, leave the blocked ones',
      '--skip-preflight --reason "words": run the blocked ones too; shown as an override wherever the backfill is',
      '--only missing,failed,thin,over,tainted,stale: which dates to take',
      '--no-resume: also write again what is complete',
      '--newest-first, --concurrency N: in which order, how many at a time',
      '--sample N: so many dates first, and the rest only if they verify',
      '--stop-on-failure, =3 or =10%: end it after the first failure, so many, or such a share',
      '--rest: leave out what another backfill is working on; --after ID: start when that one is over',
    ),
    '--dry-run: show the plan and run nothing',
    ...operators('--reason "words": kept with the backfill'),
    ...helpWhen(context),
    ...operators(
      sayTables(findFillable(context.catalogue), 'Tables that can be filled'),
      `Example: ${exampleCommand('/backfill', context)}`,
    ),
  ];
}

/** Only where something may wait for a second person. */
function approvers({ access }: Catalogue, text: string): Line[] {
  return access === undefined ? [] : [{ for: 'approver', text }];
}

function helpWhen({ catalogue, today }: RequestContext): string[] {
  const day = firstDateOf(catalogue) ?? addDays(today, -7);
  const season = catalogue.seasons[0] ? `, season ${catalogue.seasons[0].name}` : '';
  const end = addDays(day, 6);
  return [
    `when: ${day}, ${day}..${end}, ${day} ${end}, a list with commas, ${day.slice(0, 7)}${season}, yesterday, last 7 days, last week, last month, week of ${day}`,
    `Both ends of a range are included; days are those of ${catalogue.timeZone}.`,
  ];
}
