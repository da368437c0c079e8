// The parts of the tests that need something which not every machine has. They are skipped there, and never silently.
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { root } from './run-step.mjs';

const defaultPostgres = 'postgres://postgres@127.0.0.1:5432/test';

/** One line for each part that will not run, with what would make it run. */
export async function listAbsent(env) {
  const lines = [];
  const chromium = env.CHROMIUM_PATH || '/usr/bin/chromium';
  if (!existsSync(chromium))
    lines.push(`No Chromium at ${chromium}: the page is not tested. Set CHROMIUM_PATH to one.`);
  const postgres = env.BACKCOURT_TEST_POSTGRES || defaultPostgres;
  if (!(await answers(postgres))) {
    lines.push(`No Postgres at ${whereIs(postgres)}: the store is tested on PGlite only. Set BACKCOURT_TEST_POSTGRES.`);
  }
  if (!existsSync(join(root, '..', 'shared', 'data', 'real'))) {
    lines.push('No box scores at ../shared/data/real: the figures of real seasons are not compared.');
  }
  return lines;
}

/** Host and port without the password that a URL may carry. */
function whereIs(url) {
  const { hostname, port } = readUrl(url);
  return `${hostname}:${port}`;
}

function readUrl(url) {
  const { hostname, port } = new URL(url);
  return { hostname: hostname || '127.0.0.1', port: Number(port || 5432) };
}

/** Whether something listens there; waits one second at most. */
function answers(url) {
  const { hostname, port } = readUrl(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port, timeout: 1000 });
    const end = (listening) => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
