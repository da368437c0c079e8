/** The catalogue as the rest of the code knows it: `pipeline.yml` with every default filled in. */
import type { Access } from '../access/access.ts';

/** The figure that a rule asks for on a date; `perGame` figures are multiplied by the games of the date. */
export type Figure = { readonly count: number; readonly perGame: boolean; readonly since?: string };

/** A share of another table's entities on the same date; `times`: rows for each of them, 1 if absent. */
export type Share = {
  readonly of: string;
  readonly fallback?: string;
  readonly atLeast: number;
  readonly times?: number;
};

/** How many rows are right. */
export type Expectation = {
  readonly fromDay: number;
  readonly since?: string;
  readonly atLeast?: Figure;
  readonly exactly?: Figure;
  readonly atMost?: Figure;
  readonly share?: Share;
  /** Never fewer than an earlier date of the same season; the higher figure holds. */
  readonly neverFalls?: true;
  /** A second, lower figure of the same kind, for backfills. */
  readonly inBackfill?: number;
  /** The lower figure has taken the place of the first. */
  readonly relaxed?: true;
};

/** An edge of the catalogue. `tables` holds alternatives: any one of them will do. */
export type Need = {
  readonly tables: readonly string[];
  readonly fallback?: string;
  readonly atLeast?: Figure;
  /** Measured by what another table has on the date. */
  readonly share?: Share;
  readonly since?: string;
  /** `season`: from the season's start to the date; a number: that many days ending on the date; absent: the date. */
  readonly window?: 'season' | number;
  readonly atLeastShare: number;
  readonly required: boolean;
  /** A second, lower figure of the same kind, for backfills. */
  readonly inBackfill?: number;
  /** The lower figure has taken the place of the first. */
  readonly relaxed?: true;
  /** Any rows will do: what a share is measured by need not be complete itself. */
  readonly anyRows?: true;
};

export type DateRange = { readonly from: string; readonly to: string };

/** A table of the catalogue, with every default filled in. */
export type Table = {
  readonly alias: string;
  readonly title: string;
  readonly phase?: number;
  /** [project.]dataset.table */
  readonly table: string;
  readonly dateColumn: string;
  readonly key: readonly string[];
  readonly writtenAt?: string;
  readonly where: readonly { readonly column: string; readonly values: readonly (string | number | boolean)[] }[];
  readonly dates: 'games' | 'season' | 'daily' | 'weekdays';
  readonly except: readonly DateRange[];
  readonly starts?: string;
  readonly bootstrap: boolean;
  readonly mayBeEmptyUntilDay: number;
  readonly dueAfterHours: number;
  readonly mayRepeat: boolean;
  /** Several where rules depend on the day of the season or changed over time; the last one that holds is used. */
  readonly expect: readonly Expectation[];
  readonly needs: readonly Need[];
  readonly processor?: { readonly service: string; readonly name: string };
  readonly quality: {
    readonly flags: readonly string[];
    readonly ready?: string;
    readonly critical: readonly string[];
    readonly entity?: string;
    readonly reference?: { readonly table: string; readonly column: string };
  };
};

export type Season = {
  readonly name: string;
  readonly starts: string;
  readonly ends?: string;
  readonly free: readonly DateRange[];
  readonly scheduleDecides: readonly DateRange[];
};

export type Service = {
  readonly name: string;
  readonly url: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly audience: string;
  /** Milliseconds, as are the three below. */
  readonly deadline: number;
  readonly goneAfter: number;
  readonly retryWait: number;
  /** Least time between the starts of two calls; 0: none. */
  readonly minInterval: number;
  readonly maxConcurrent: number;
};

/** The catalogue as the rest of the code knows it. */
export type Catalogue = {
  readonly pipeline: string;
  readonly title: string;
  readonly timeZone: string;
  readonly location?: string;
  readonly schedule?: {
    readonly table: string;
    readonly final?: { readonly column: string; readonly values: readonly (string | number)[] };
  };
  /** By phase: the share of all its dates that is to be complete. */
  readonly targets: ReadonlyMap<number, number>;
  readonly periods: readonly (DateRange & { readonly name: string })[];
  readonly bootstrapDays: number;
  /** When digests of watched tables are due, HH:MM in the zone; 08:00 if absent. */
  readonly watchAt?: string;
  /** Who may do what; absent: everybody everything. */
  readonly access?: Access;
  readonly seasons: readonly Season[];
  readonly services: ReadonlyMap<string, Service>;
  /** In topological order: a table stands after everything that it needs. */
  readonly tables: ReadonlyMap<string, Table>;
};

/** One thing that is wrong in a catalogue: where (a path such as `tables.pcf.needs.2`) and what. */
export type CatalogueProblem = { readonly path: string; readonly problem: string };
