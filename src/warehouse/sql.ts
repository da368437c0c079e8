/**
 * The little that the warehouse asks of a database: run a statement, get plain rows. Parameters and values are only what
 * JSON can carry, so that it makes no difference whether the database is in this process or behind HTTP.
 */

/** A parameter. Dates are text, in parameters whose names begin with `d`. */
export type SqlValue = string | number | boolean | null;

/**
 * Runs one statement with named parameters, each of which must occur in it. In the rows whole numbers are numbers (text
 * beyond 2^53), dates and instants are text as the database writes them, lists are arrays. Throws Faults only.
 */
export type Run = (sql: string, params: Record<string, SqlValue>) => Promise<Record<string, unknown>[]>;

/** Something that runs SQL. Statements of one `Sql` do not share a transaction. */
export type Sql = { readonly run: Run; close(): Promise<void> };

/** A statement with its parameters. */
export type Statement = { readonly sql: string; readonly params: Record<string, SqlValue> };
