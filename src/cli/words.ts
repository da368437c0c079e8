/** The words of the command line: which command, which of its options are the terminal's, and what the grammar gets. */
import { resolve } from 'node:path';
import { normaliseText } from '../core/request/normalise-text.ts';
import { quoteArgument } from '../core/request/request.ts';
import { type Refusal, refuse } from '../fault.ts';

export const commands = [
  'coverage',
  'why',
  'plan',
  'quality',
  'backfill',
  'status',
  'pause',
  'resume',
  'cancel',
  'retry',
  'approve',
  'deny',
  'handover',
  'audit',
  'check',
  'manifest',
  'init',
  'serve',
  'help',
] as const;
export type CommandName = (typeof commands)[number];

/** What a command is to print: words for people, or one of the forms that programs read. */
export type Words = {
  readonly command: CommandName;
  /** The words of the request, without the options below. */
  readonly rest: readonly string[];
  readonly json: boolean;
  readonly csv: boolean;
  readonly failOnGap: boolean;
  /** Files that `coverage` draws into, absolute: a server that runs the command stands in another folder. */
  readonly png: string | undefined;
  readonly svg: string | undefined;
  /** Draws the rows of the one table asked instead of the heat map. */
  readonly trend: boolean;
  readonly pipeline: string | undefined;
  readonly home: string | undefined;
  /** The file that `init` writes; undefined: stdout. */
  readonly out: string | undefined;
  /** Where Slack is to send requests, for `manifest`; undefined: Socket Mode. */
  readonly url: string | undefined;
  readonly empty: boolean;
  /** The date from which `audit` lists; undefined: all. */
  readonly since: string | undefined;
  /** Has `audit` look whether the log was changed. */
  readonly verify: boolean;
};

const withValue: ReadonlySet<string> = new Set(['--pipeline', '--home', '--out', '--png', '--svg', '--since', '--url']);
const flags: ReadonlySet<string> = new Set(['--json', '--csv', '--fail-on-gap', '--empty', '--trend', '--verify']);

const allBut = (...left: CommandName[]) => commands.filter((command) => !left.includes(command));
/** The commands that know an option; all know those that are not named. */
const takers: Readonly<Record<string, readonly CommandName[]>> = {
  '--json': allBut('manifest', 'serve'),
  '--csv': ['coverage'],
  '--fail-on-gap': ['coverage'],
  '--png': ['coverage'],
  '--svg': ['coverage'],
  '--trend': ['coverage'],
  '--out': ['init'],
  '--since': ['audit'],
  '--url': ['manifest'],
  '--verify': ['audit'],
  '--empty': allBut('manifest', 'init', 'help'),
};

/** `values`: by option, empty for flags. `parts`: the arguments in their order, each with its value. */
type Parted = {
  readonly rest: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  readonly parts: readonly Part[];
};
type Part = { readonly option: string | undefined; readonly argv: readonly string[] };

/** Reads the arguments after `backcourt`. Options of the terminal may stand anywhere; all others are the request's. */
export function readWords(argv: readonly string[]): Words | Refusal {
  const parted = partArguments(argv);
  if ('refused' in parted) return parted;
  const { values } = parted;
  const [first, ...rest] = parted.rest;
  const command = readCommandName(first);
  if (typeof command !== 'string') return command;
  const misplaced = [...values.keys()].find((option) => takers[option]?.includes(command) === false);
  if (misplaced !== undefined) return refuseOption(misplaced, command, typeWithout(parted, [misplaced]));
  if ((command === 'check' || command === 'manifest') && rest.length > 0)
    return refuse(`${command} takes no words, and there are: ${rest.join(' ')}`, `backcourt ${command}`);
  const file = (option: string) => {
    const value = values.get(option);
    return value === undefined ? undefined : resolve(value);
  };
  return (
    refuseForms(parted) ?? {
      command,
      rest,
      json: values.has('--json'),
      csv: values.has('--csv'),
      failOnGap: values.has('--fail-on-gap'),
      png: file('--png'),
      svg: file('--svg'),
      trend: values.has('--trend'),
      empty: values.has('--empty'),
      pipeline: values.get('--pipeline'),
      home: values.get('--home'),
      out: values.get('--out'),
      since: values.get('--since'),
      url: values.get('--url'),
      verify: values.has('--verify'),
    }
  );
}

/** Declines an option that a command or a verb does not know, naming those that do. */
export function refuseOption(option: string, name: string, better: string): Refusal {
  return refuse(`${option} belongs to ${takers[option]?.join(', ')}, not to ${name}.`, better);
}

/** The options of a coverage that were given; `coverage why` and its like know none of them. */
export function coverageOptions(words: Pick<Words, 'csv' | 'failOnGap' | 'png' | 'svg' | 'trend'>): string[] {
  const given = {
    '--csv': words.csv,
    '--fail-on-gap': words.failOnGap,
    '--png': words.png !== undefined,
    '--svg': words.svg !== undefined,
    '--trend': words.trend,
  };
  return Object.entries(given).flatMap(([option, is]) => (is ? [option] : []));
}

function partArguments(argv: readonly string[]): Parted | Refusal {
  const values = new Map<string, string>();
  const rest: string[] = [];
  const parts: Part[] = [];
  for (let n = 0; n < argv.length; n++) {
    const word = readDashes(argv[n] ?? '');
    const [name = '', inline] = word.split(/=(.*)/s);
    const option = name.toLowerCase();
    if (withValue.has(option)) {
      const at = n;
      const value = inline ?? argv[++n];
      if (value === undefined || value === '' || value.startsWith('--'))
        return refuse(`${option} needs a value.`, 'backcourt help');
      if (values.has(option)) return refuse(`${option} is given twice.`, typeWithout({ parts }, [], argv.slice(n + 1)));
      values.set(option, value);
      parts.push({ option, argv: argv.slice(at, n + 1) });
    } else if (flags.has(word.toLowerCase())) {
      values.set(option, '');
      parts.push({ option, argv: [word] });
    } else {
      rest.push(word);
      parts.push({ option: undefined, argv: [word] });
    }
  }
  return { rest, values, parts };
}

/** Options pasted from a document begin with one long dash. */
function readDashes(word: string): string {
  return /^[\u2010-\u2015\u2212]/.test(word) ? normaliseText(word) : word;
}

/** The command as it may be typed, without some options. */
function typeWithout(
  { parts }: Pick<Parted, 'parts'>,
  options: readonly string[],
  more: readonly string[] = [],
): string {
  const kept = parts.filter((part) => part.option === undefined || !options.includes(part.option));
  return ['backcourt', ...[...kept.flatMap((part) => part.argv), ...more].map(quoteArgument)].join(' ');
}

/** Forms of output that exclude each other, or lack what they need. */
function refuseForms(parted: Parted): Refusal | undefined {
  const { values } = parted;
  if (values.has('--json') && values.has('--csv'))
    return refuse('--json and --csv are two forms of the same data: give one.', typeWithout(parted, ['--csv']));
  if (values.has('--trend') && !values.has('--png') && !values.has('--svg'))
    return refuse(
      '--trend draws a picture, and no file is named for it: add --png FILE or --svg FILE.',
      `${typeWithout(parted, [])} --png trend.png`,
    );
  return undefined;
}

function readCommandName(word: string | undefined): CommandName | Refusal {
  if (word === undefined || word === '--help' || word === '-h') return 'help';
  const found = commands.find((command) => command === word.toLowerCase());
  return (
    found ?? refuse(`There is no command "${word.slice(0, 40)}". There are: ${commands.join(', ')}.`, 'backcourt help')
  );
}
