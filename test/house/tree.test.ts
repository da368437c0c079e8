/** Facts about the tree that nobody would notice going wrong. */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { countTests, sayCounts } from '../../scripts/count-tests.mjs';
import { isSame } from '../../scripts/install.mjs';
import { renderPipelineSchema } from '../../scripts/pipeline-schema.ts';
import { readCatalogue } from '../../src/core/catalogue/read-catalogue.ts';
import { readText, readTree, root, withoutComments } from './read-tree.ts';

type Manifest = {
  features: { slash_commands: { command: string }[] };
  settings: { event_subscriptions: { bot_events: string[] } };
};
const manifest: Manifest = parse(readText('manifest.yml'));
const handlers = [...readTree(['handlers'], ['.ts']).values()].map(withoutComments).join('\n');

describe('manifest.yml', () => {
  it('declares exactly the slash commands that are listened to', () => {
    const declared = manifest.features.slash_commands.map(({ command }) => command).sort();
    expect(declared).not.toEqual([]);
    expect(listRegistered('command')).toEqual(declared);
  });

  it('subscribes to exactly the events that are listened to', () => {
    expect(listRegistered('event')).toEqual([...manifest.settings.event_subscriptions.bot_events].sort());
  });
});

describe('what comes in from the chat', () => {
  it('is asked whether this person may before it is stored', () => {
    const taking = [...readTree(['handlers'], ['.ts'])].filter(([, text]) =>
      /\btakeRequest\(/.test(withoutComments(text)),
    );
    const asking = taking.filter(
      ([file, text]) => file.endsWith('take-request.ts') || /\b(readCommand|refuseRequest)\(/.test(text),
    );
    expect(taking.length).toBeGreaterThan(3);
    expect(taking.map(([file]) => file)).toEqual(asking.map(([file]) => file));
  });
});

describe('pipeline.schema.json', () => {
  it('is current (npm run schema writes it)', () => {
    expect(readText('pipeline.schema.json')).toBe(renderPipelineSchema());
  });
});

describe('the NBA pipeline', () => {
  it('is a valid catalogue', () => {
    const read = readCatalogue(readText('pipelines/nba/pipeline.yml'));
    expect(read.ok ? [] : read.problems).toEqual([]);
  });
});

/**
 * Wiring and main choose the pipeline that is used when none is given; a setting is named after its service. A workspace of
 * Slack is a team in its requests.
 */
const choosing = ['src/wiring.ts', 'src/main.ts'];
const allowed = /pipelines\/nba\b|NBA_PROCESSORS_URL|\bteam_id\b/g;
const basketball =
  /\b(nba|basketball|players?|team_\w+|gamebook|sched|pgs|psza|pdc|pcf|mlfs|tdza|upgc|utgc|togs|tdgs|ntb|ppp)\b/gi;

describe('src', () => {
  it('knows no basketball', () => {
    const found = [...readTree(['src', 'handlers', 'jobs'], ['.ts'])]
      .filter(([file]) => !choosing.includes(file))
      .flatMap(([file, text]) =>
        [...withoutComments(text).replace(allowed, '').matchAll(basketball)].map((word) => `${file}: ${word[0]}`),
      );
    expect(found).toEqual([]);
  });
});

describe('package-lock.json', () => {
  it('names no download addresses', () => {
    expect(readText('package-lock.json')).not.toContain('"resolved": "http');
  });
});

describe('programs', () => {
  it.each(['.ci/run', 'bin/backcourt.js'])('%s can be run as it is', (path) => {
    expect(statSync(join(root, path)).mode & 0o111).not.toBe(0);
    expect(readText(path)).toMatch(/^#!\/usr\/bin\/env /);
  });
});

describe('what is installed', () => {
  const wanted = {
    '': { version: '1' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0', optional: true },
  };

  it('is what the lock file says, even without packages for other platforms', () => {
    expect(isSame(wanted, { 'node_modules/a': { version: '1.0.0' } })).toBe(true);
  });

  it('is not when a version differs, a package is absent, or there is one too many', () => {
    expect(isSame(wanted, { 'node_modules/a': { version: '1.0.1' } })).toBe(false);
    expect(isSame(wanted, {})).toBe(false);
    expect(isSame(wanted, { 'node_modules/a': { version: '1.0.0' }, 'node_modules/c': { version: '1.0.0' } })).toBe(
      false,
    );
  });
});

describe('the last line of a test run', () => {
  it('counts what passed, failed and was skipped', () => {
    const report = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 2, testResults: [] };
    expect(sayCounts(countTests(report, 1))).toBe('3 passed, 1 failed, 2 skipped');
    expect(sayCounts(countTests({ numPassedTests: 3 }, 0))).toBe('3 passed, 0 failed');
  });

  it('never says 0 failed when a file did not load or vitest itself failed', () => {
    const unloaded = { numPassedTests: 3, testResults: [{ status: 'failed', assertionResults: [] }] };
    expect(sayCounts(countTests(unloaded, 1))).toBe('3 passed, 1 failed');
    expect(sayCounts(countTests({ numPassedTests: 3 }, 1))).toBe('3 passed, 1 failed');
  });
});

function listRegistered(kind: 'command' | 'event'): string[] {
  const found = handlers.matchAll(new RegExp(`\\.${kind}(?:<[^>]*>)?\\(\\s*'([^']+)'`, 'g'));
  return [...new Set([...found].map((each) => each[1] ?? ''))].sort();
}
