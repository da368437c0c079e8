/** `backcourt manifest`: manifest.yml as one pastes it at https://api.slack.com/apps, for Socket Mode or for an address. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, isMap, isScalar, parseDocument, visit } from 'yaml';
import { type Refusal, refuse } from '../fault.ts';
import { packageRoot } from '../package-root.ts';
import { exitCodes, type Output } from './output.ts';
import type { Words } from './words.ts';

/** Where a deployed Backcourt takes requests, below its host. */
const path = '/slack/events';

/** Prints it with the comments of the file, which say what each scope is for. */
export function printManifest({ url }: Pick<Words, 'url'>, output: Pick<Output, 'data' | 'say'>): number | Refusal {
  const document = parseDocument(readFileSync(join(packageRoot(), 'manifest.yml'), 'utf8'));
  if (url === undefined) {
    setSocketMode(document);
    output.data(document.toString({ lineWidth: 0 }).trimEnd());
    output.say('Paste this at https://api.slack.com/apps: Create New App, From a manifest. Then set');
    output.say(
      'SLACK_BOT_TOKEN (OAuth & Permissions, after installing) and SLACK_APP_TOKEN (Basic Information, App-Level',
    );
    output.say('Tokens, with connections:write), and run: npm start');
    return exitCodes.done;
  }
  const origin = readOrigin(url);
  if (origin === undefined) {
    return refuse(
      'Slack sends requests to https addresses only.',
      'backcourt manifest --url https://backcourt.example.com',
    );
  }
  setUrls(document, `${origin}${path}`);
  output.data(document.toString({ lineWidth: 0 }).trimEnd());
  output.say(`Slack asks ${origin}${path} for an answer before it takes this: start Backcourt there first.`);
  return exitCodes.done;
}

function readOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin } = new URL(text);
  return protocol === 'https:' ? origin : undefined;
}

const isAddress = (key: unknown): boolean => isScalar(key) && (key.value === 'url' || key.value === 'request_url');

/** Slack refuses a manifest in Socket Mode that names addresses. */
function setSocketMode(document: Document): void {
  document.setIn(['settings', 'socket_mode_enabled'], true);
  visit(document, {
    Map: (_key, map) => {
      map.items = map.items.filter(({ key }) => !isAddress(key));
    },
  });
}

function setUrls(document: Document, address: string): void {
  document.setIn(['settings', 'socket_mode_enabled'], false);
  visit(document, {
    Map: (_key, map) => {
      for (const { key } of map.items) if (isMap(map) && isAddress(key)) map.set(key, address);
    },
  });
}
