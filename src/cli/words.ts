/** The words of the command line: which command, which of its options are the terminal's, and what the grammar gets. */
import { resolve } from 'node:path';
import { type Refusal, refuse } from '../fault.ts';

export const commands = [
  'coverage',
  'why',
  'plan',
  'quality',
  'backfill',
  'status',
  'check',
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
  readonly empty: boolean;
};

const withValue = {
  '--pipeline': 'pipeline',
  '--home': 'home',
  '--out': 'out',
  '--png': 'png',
  '--svg': 'svg',
} as const;
const flags = {
  '--json': 'json',
  '--csv': 'csv',
  '--fail-on-gap': 'failOnGap',
  '--empty': 'empty',
  '--trend': 'trend',
} as const;

/** Reads the arguments after `backcourt`. Options of the terminal may stand anywhere; all others are the request's. */
export function readWords(argv: readonly string[]): Words | Refusal {
  const options: Record<string, string | boolean> = {};
  const rest: string[] = [];
  for (let n = 0; n < argv.length; n++) {
    const word = argv[n] ?? '';
    const [name = '', inline] = word.split(/=(.*)/s);
    if (name in withValue) {
      const value = inline ?? argv[++n];
      if (value === undefined || value === '' || value.startsWith('--'))
        return refuse(`${name} needs a value.`, 'backcourt help');
      options[withValue[name as keyof typeof withValue]] = value;
    } else if (word in flags) options[flags[word as keyof typeof flags]] = true;
    else rest.push(word);
  }
  const command = readCommandName(rest.shift());
  if (typeof command !== 'string') return command;
  if (options.out !== undefined && command !== 'init')
    return refuse(`--out belongs to init, not to ${command}.`, 'backcourt init --out pipeline.yml');
  const misplaced = refusePictures(command, options);
  if (misplaced !== undefined) return misplaced;
  return {
    command,
    rest,
    json: options.json === true,
    csv: options.csv === true,
    failOnGap: options.failOnGap === true,
    png: typeof options.png === 'string' ? resolve(options.png) : undefined,
    svg: typeof options.svg === 'string' ? resolve(options.svg) : undefined,
    trend: options.trend === true,
    empty: options.empty === true,
    pipeline: typeof options.pipeline === 'string' ? options.pipeline : undefined,
    home: typeof options.home === 'string' ? options.home : undefined,
    out: typeof options.out === 'string' ? options.out : undefined,
  };
}

function refusePictures(command: CommandName, options: Record<string, string | boolean>): Refusal | undefined {
  const file = options.png ?? options.svg;
  if (command !== 'coverage' && (file !== undefined || options.trend === true))
    return refuse(`Only coverage is drawn, not ${command}.`, 'backcourt help');
  if (options.trend === true && file === undefined)
    return refuse(
      '--trend draws a picture, and no file is named for it: add --png FILE or --svg FILE.',
      'backcourt help',
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
