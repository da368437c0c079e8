/** Starts a process: the `backcourt` command, of which `serve` is the bot. */

import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { type Logger, pino } from 'pino';
import { checkAll } from './cli/check.ts';
import { initPipeline } from './cli/init.ts';
import { exitCodes, type Output } from './cli/output.ts';
import { printManifest } from './cli/print-manifest.ts';
import { runCommand } from './cli/run-command.ts';
import { sayFault, sayRefusal } from './cli/say-failure.ts';
import { askServer, findServer } from './cli/server-line.ts';
import { type CommandName, readWords, type Words } from './cli/words.ts';
import { systemClock } from './clock.ts';
import { Fault, isRefusal, type Refusal, refuse } from './fault.ts';
import { createLog } from './log.ts';
import { readSettings, type Settings } from './settings.ts';
import { defaultPipelineFile, openHome } from './wiring.ts';

const usage = `backcourt COMMAND [--json] [--home DIR] [--pipeline FILE]

  coverage TABLES WHEN [--csv] [--fail-on-gap]   what is there, what is not, and why
    [--png FILE] [--svg FILE] [--trend]          the same as a picture; --trend: the rows of one table, date by date
  why TABLE DATE                                 the whole chain of causes of one date
  plan TABLE WHEN                                what would have to run, in order
  quality TABLE WHEN                             flags, duplicates, NULLs, missing entities
  backfill TABLE WHEN [options]                  fill it; backcourt backfill help lists the options
  status [ID]                                    backfills, or one of them
  pause ID, resume ID, cancel ID, retry ID       steer one of them [--reason "..."]
  approve ID, deny ID                            the second yes, or a no [--reason "..."]
  handover ID                                    a note for whoever takes one over, as Markdown
  audit [--since DATE] [--verify]                who did what and when; --verify: whether the log was changed
  check                                          settings, pipeline file and services: what is wrong, and where to mend it
  manifest [--url https://HOST]                  the Slack app to create: in Socket Mode, or with its request URLs
  init [--out FILE]                              a first pipeline file, from what the warehouse holds
  serve                                          the bot with its local workspace`;

/** Commands that only read: they are over before it would pay to optimise the WebAssembly of the embedded Postgres. */
const reading: ReadonlySet<CommandName> = new Set([
  'coverage',
  'why',
  'plan',
  'quality',
  'status',
  'handover',
  'audit',
  'check',
]);

/** Runs the command and returns its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const output = terminalOutput();
  const words = readWords(argv);
  if (isRefusal(words)) return sayRefusal(words, { json: argv.includes('--json') }, output, newId());
  if (words.command === 'help') {
    output.data(words.json ? JSON.stringify({ help: usage.split('\n') }) : usage);
    return exitCodes.done;
  }
  if (words.command === 'manifest') {
    const printed = printManifest(words, output);
    return isRefusal(printed) ? sayRefusal(printed, words, output, newId()) : printed;
  }
  if (reading.has(words.command)) setFlagsFromString('--liftoff-only');
  const env = environmentFor(words);
  if (words.command === 'check') return checkAll(readSettings(env), env, words, output);
  const settings = settingsFrom(env);
  if (isRefusal(settings)) return sayRefusal(settings, words, output, newId());
  let log: Logger | undefined;
  try {
    if (words.command === 'init') return await runInit(settings, words, output);
    log = openLog(settings);
    return words.command === 'serve'
      ? await serveUntilStopped(settings, words, output, log)
      : await runHere(settings, words, output, log);
  } catch (error) {
    return sayFault(error, words, output, newId(), (id) => log?.error({ err: error, id }, 'command failed'));
  }
}

function newId(): string {
  return randomBytes(6).toString('hex');
}

function terminalOutput(): Output {
  // Whoever reads may have seen enough (`| head`); what was begun is ended all the same.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    data: (line) => process.stdout.write(`${line}\n`),
    say: (line) => process.stderr.write(`${line}\n`),
    columns: process.stdout.columns ?? Number.POSITIVE_INFINITY,
  };
}

function environmentFor(words: Words): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...(words.pipeline === undefined ? {} : { BACKCOURT_PIPELINE: resolve(words.pipeline) }),
    ...(words.home === undefined ? {} : { BACKCOURT_HOME: resolve(words.home) }),
  };
}

function settingsFrom(env: NodeJS.ProcessEnv): Settings | Refusal {
  const read = readSettings(env);
  return read.ok ? read.settings : refuse(`The settings are not right: ${read.problems.join('; ')}`);
}

/** The log of an embedded home stands in the home, so that the terminal is the person's; Cloud Run reads what is printed. */
function openLog(settings: Settings): Logger {
  const { logLevel: level, secrets, project } = settings;
  const options = { level, secrets, ...(project === undefined ? {} : { project }) };
  if (settings.onCloudRun) return createLog({ ...options, destination: pino.destination({ dest: 1, sync: true }) });
  try {
    mkdirSync(settings.home, { recursive: true, mode: 0o700 });
  } catch (error) {
    const remedy = 'Give a folder that can be written, with --home DIR.';
    throw new Fault(`the home ${settings.home} cannot be made`, 'never', { cause: error, remedy });
  }
  const destination = pino.destination({ dest: join(settings.home, 'backcourt.log'), mode: 0o600, sync: true });
  // A disk that is full for a while costs lines of the log, and not the work.
  destination.on('error', () => undefined);
  return createLog({ ...options, destination });
}

/** No home is opened or made for it: there may be no pipeline yet that one could be made for. */
async function runInit(settings: Settings, words: Words, output: Output): Promise<number> {
  const result = await initPipeline(settings, words, output);
  return isRefusal(result) ? sayRefusal(result, words, output, newId()) : result;
}

async function runHere(settings: Settings, words: Words, output: Output, log: Logger): Promise<number> {
  const user = userInfo().username;
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  const server = findServer(settings.home);
  if (server) {
    if (resolve(settings.pipeline ?? defaultPipelineFile()) !== server.pipeline) {
      return sayRefusal(
        refuse(`The home ${settings.home} is held by a server with another pipeline file, ${server.pipeline}.`),
        words,
        output,
        newId(),
      );
    }
    const exit = await askServer(server, { words, user, output, signal: stopping.signal });
    if (exit !== undefined) return exit;
  }
  const home = await openHome({ settings, log, empty: words.empty, say: output.say });
  try {
    const startWork = () => home.startWork();
    return await runCommand(home.ports, words, { output, user, signal: stopping.signal, startWork });
  } finally {
    await home.close();
  }
}

async function serveUntilStopped(settings: Settings, words: Words, output: Output, log: Logger): Promise<number> {
  if (words.rest.length > 0)
    return sayRefusal(
      refuse(`serve takes no words, and there are: ${words.rest.join(' ')}`, 'backcourt serve'),
      words,
      output,
      newId(),
    );
  endOnSurprise(log, output);
  const { serve } = await import('./serve.ts');
  const stop = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  const serving = await serve({ settings, log, empty: words.empty, say: output.say });
  output.say(serving.greeting);
  output.say(`Try there: ${serving.example}`);
  output.say(`State and log are in ${settings.home}. Ctrl-C ends it; what runs goes on at the next start.`);
  await stop;
  output.say('Ending: what is under way is finished first ...');
  const stopped = new AbortController();
  const impatient = systemClock()
    .wait(patienceMs, stopped.signal)
    .then(() => stopped.signal.aborted || leave(output, log));
  // The wait is ended too: its timer alone would keep the process for as long as the patience lasts.
  await Promise.race([serving.stop().finally(() => stopped.abort()), impatient]);
  log.info('the server ended');
  return exitCodes.done;
}

/** After an error that nobody caught nothing can be relied on; a start anew can. Node would print it with all that it holds. */
function endOnSurprise(log: Logger, output: Output): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (err: unknown) => {
      log.fatal({ err }, 'an error that nobody caught ended the server');
      output.say('An error that nobody foresaw ended the server; it is in the log, and the next start goes on.');
      process.exit(exitCodes.fault);
    });
  }
}

/** How long an ending server waits for calls that are under way. */
const patienceMs = 7_000;

/** A call may take minutes more; an attempt that nobody ended is what the next start looks after. */
function leave(output: Output, log: Logger): void {
  log.warn('the server ended with calls under way');
  output.say('Some calls are still under way; the next start looks at what they wrote.');
  process.exit(exitCodes.done);
}
