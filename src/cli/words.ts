/** The words of the command line: which command, which of its options are the terminal's, and what the grammar gets. */
import { type Refusal, refuse } from '../fault.ts';

export const commands = ['coverage', 'why', 'plan', 'quality', 'backfill', 'status', 'check', 'serve', 'help'] as const;
export type CommandName = (typeof commands)[number];

/** What a command is to print: words for people, or one of the forms that programs read. */
export type Words = {
  readonly command: CommandName;
  /** The words of the request, without the options below. */
  readonly rest: readonly string[];
  readonly json: boolean;
  readonly csv: boolean;
  readonly failOnGap: boolean;
  readonly pipeline: string | undefined;
  readonly home: string | undefined;
  readonly empty: boolean;
};

const withValue = { '--pipeline': 'pipeline', '--home': 'home' } as const;
const flags = { '--json': 'json', '--csv': 'csv', '--fail-on-gap': 'failOnGap', '--empty': 'empty' } as const;

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
  return {
    command,
    rest,
    json: options.json === true,
    csv: options.csv === true,
    failOnGap: options.failOnGap === true,
    empty: options.empty === true,
    pipeline: typeof options.pipeline === 'string' ? options.pipeline : undefined,
    home: typeof options.home === 'string' ? options.home : undefined,
  };
}

function readCommandName(word: string | undefined): CommandName | Refusal {
  if (word === undefined || word === '--help' || word === '-h') return 'help';
  const found = commands.find((command) => command === word.toLowerCase());
  return (
    found ?? refuse(`There is no command "${word.slice(0, 40)}". There are: ${commands.join(', ')}.`, 'backcourt help')
  );
}
