/**
 * Options by name: who takes which, and what those of a launch mean. They stand with a stored backfill too, so every one
 * has a value that means "not asked for".
 */
export const onlyChoices = ['missing', 'failed', 'thin', 'over', 'tainted', 'stale', 'all'] as const;
export type Only = (typeof onlyChoices)[number];

/** How many failures end a backfill: cells, or percent (1-100) of the cells that ended. */
export type StopOnFailure =
  | { readonly kind: 'count'; readonly n: number }
  | { readonly kind: 'share'; readonly percent: number };

export type BackfillOptions = {
  /** Null: the default of rule R11. */
  readonly only: readonly Only[] | null;
  readonly withUpstream: boolean;
  readonly readyOnly: boolean;
  readonly noResume: boolean;
  readonly dryRun: boolean;
  readonly newestFirst: boolean;
  /** Null: the limit of the processor's service. */
  readonly concurrency: number | null;
  readonly reason: string | null;
  /** So many dates first (1-100); the rest only if they verify. */
  readonly sample: number | null;
  readonly stopOnFailure: StopOnFailure | null;
  /** Runs blocked dates too; there is a reason then. */
  readonly skipPreflight: boolean;
  /** Leaves out the dates that another backfill is working on. */
  readonly rest: boolean;
  /** The id of the backfill that has to be over first. */
  readonly after: string | null;
};

/** The options of a launch without any option. */
export const noOptions: BackfillOptions = {
  only: null,
  withUpstream: false,
  readyOnly: false,
  noResume: false,
  dryRun: false,
  newestFirst: false,
  concurrency: null,
  reason: null,
  sample: null,
  stopOnFailure: null,
  skipPreflight: false,
  rest: false,
  after: null,
};

/** Whether an option takes a value, by name; `optional`: it may, after `=` or as a figure. */
export type OptionNames = Readonly<Record<string, 'value' | 'flag' | 'optional'>>;

export const dateOptions: OptionNames = { dates: 'value', from: 'value', to: 'value' };
export const ruleOptionNames: OptionNames = { ...dateOptions, 'rules-as-of': 'value' };
export const reasonOptionNames: OptionNames = { reason: 'value' };
export const acceptOptionNames: OptionNames = { ...dateOptions, ...reasonOptionNames };
export const backfillOptionNames: OptionNames = {
  ...dateOptions,
  'with-upstream': 'flag',
  'ready-only': 'flag',
  only: 'value',
  'no-resume': 'flag',
  'dry-run': 'flag',
  concurrency: 'value',
  'newest-first': 'flag',
  sample: 'value',
  'stop-on-failure': 'optional',
  'skip-preflight': 'flag',
  rest: 'flag',
  after: 'value',
  reason: 'value',
};
/** Every option of any request. */
export const allOptionNames: OptionNames = { ...ruleOptionNames, ...backfillOptionNames };

/** Options by name; a flag has an empty value. */
export type Options = ReadonlyMap<string, string>;
