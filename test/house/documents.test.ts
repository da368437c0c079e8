/** Documents that nothing runs go stale: whatever they name exists, and whatever they say to type is understood. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readWords } from '../../src/cli/words.ts';
import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';
import { readCatalogue } from '../../src/core/catalogue/read-catalogue.ts';
import { quoteArgument, readBackfillRequest, readCoverageRequest } from '../../src/core/request/request.ts';
import { reasons, statuses } from '../../src/core/verdict.ts';
import { isRefusal } from '../../src/fault.ts';
import { describeSettings } from '../../src/settings.ts';
import { listCommands, listLinks, listPaths, listScripts, listVariables, type Named } from './read-documents.ts';
import { readText, readTree, root } from './read-tree.ts';

const documents = readTree(['README.md', 'CONTRIBUTING.md', 'docs', 'workspace/DIFFERENCES.md'], ['.md']);
const scripts: Record<string, string> = JSON.parse(readText('package.json')).scripts;
/** Read by the tests and not by the program. */
const testVariables = ['CHROMIUM_PATH', 'BACKCOURT_TEST_POSTGRES'];
let catalogue: Catalogue;

beforeAll(() => {
  const read = readCatalogue(readText('pipelines/nba/pipeline.yml'));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  catalogue = read.catalogue;
});

describe('the documents', () => {
  it('name files that exist', () => {
    const named = [...listPaths(documents), ...listLinks(documents)];
    expect(named.length).toBeGreaterThan(30);
    expect(complain(named, pathExists)).toEqual([]);
  });

  it('name npm scripts that exist, and every script is named', () => {
    const named = listScripts(documents);
    expect(complain(named, (name) => name in scripts)).toEqual([]);
    expect(Object.keys(scripts).filter((script) => !named.some(({ name }) => name === script))).toEqual([]);
  });

  it('name settings that exist, and README.md names all of them with their defaults', () => {
    const settings = describeSettings();
    const known = [...settings.map(({ name }) => name), ...testVariables];
    expect(complain(listVariables(documents), (name) => known.includes(name))).toEqual([]);
    const lines = readText('README.md').split('\n');
    const rows = settings.map((each) => `| \`${each.name}\` | ${each.default ?? ''} | ${each.meaning} |`);
    expect(rows.filter((row) => !lines.includes(row))).toEqual([]);
  });

  it('name every status, reason and rule of judgement that the code knows', () => {
    const page = readText('docs/verdicts.md');
    expect([...statuses, ...reasons].filter((word) => !new RegExp(`\\b${word}\\b`).test(page))).toEqual([]);
  });

  it('hold every rule and invariant that the code cites', () => {
    const pages = `${readText('docs/verdicts.md')}\n${readText('docs/architecture.md')}`;
    const code = [...readTree(['src', 'handlers', 'jobs', 'pipelines', 'workspace/server'], ['.ts'])];
    const cited = code.flatMap(([file, text]) =>
      [...text.matchAll(/\b[BR]\d{1,2}\b/g)].map((each) => ({ at: file, name: each[0] })),
    );
    expect(cited.length).toBeGreaterThan(5);
    expect(complain(cited, (name) => pages.includes(`**${name}**`) || pages.includes(`| ${name} `))).toEqual([]);
  });

  it('say who may do what in a way that is valid in a pipeline file', () => {
    const examples = [...readText('docs/access.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map((each) => each[1]);
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) {
      const read = readCatalogue(`${readText('pipelines/nba/pipeline.yml')}\n${example}`);
      expect(read.ok ? [] : read.problems).toEqual([]);
    }
  });

  it('add a table to the pipeline that is valid there', () => {
    const example = /```yaml\n( {2}injuries:[\s\S]*?)```/.exec(readText('CONTRIBUTING.md'))?.[1] ?? '';
    const read = readCatalogue(`${readText('pipelines/nba/pipeline.yml')}\n${example}`);
    expect(read.ok ? [...read.catalogue.tables.keys()] : read.problems).toContain('injuries');
  });

  it('say commands for Slack that the grammar understands', () => {
    const named = [...listCommands(documents, '/coverage'), ...listCommands(documents, '/backfill')];
    expect(named.length).toBeGreaterThan(5);
    expect(complain(named, isUnderstood)).toEqual([]);
  });

  it('say commands for a terminal that are understood', () => {
    const named = listCommands(documents, 'backcourt');
    expect(named.length).toBeGreaterThan(5);
    expect(complain(named, isUnderstoodInTerminal)).toEqual([]);
  });
});

describe('the reader of documents', () => {
  const bad = new Map([
    [
      'README.md',
      'See `src/core/no-such.ts` and [this](docs/none.md).\n```\nnpm run nothing\n/coverage mlfs 2021-02-30\n```',
    ],
  ]);

  it('finds what does not exist', () => {
    expect(complain(listPaths(bad), pathExists)).toEqual(['README.md:1 src/core/no-such.ts']);
    expect(complain(listLinks(bad), pathExists)).toEqual(['README.md:1 docs/none.md']);
    expect(complain(listScripts(bad), (name) => name in scripts)).toEqual(['README.md:3 nothing']);
  });

  it('finds what is not understood', () => {
    expect(complain(listCommands(bad, '/coverage'), isUnderstood)).toHaveLength(1);
  });
});

function complain(named: readonly Named[], isRight: (name: string) => boolean): string[] {
  return named.filter(({ name }) => !isRight(name)).map(({ at, name }) => `${at} ${name}`);
}

function pathExists(path: string): boolean {
  if (!path.includes('*')) return existsSync(join(root, path));
  const folder = join(root, dirname(path));
  const pattern = new RegExp(
    `^${path
      .slice(dirname(path).length + 1)
      .replaceAll('.', '\\.')
      .replaceAll('*', '.+')}$`,
  );
  return existsSync(folder) && readdirSync(folder).some((name) => pattern.test(name));
}

function isUnderstood(command: string): boolean {
  const [name, ...words] = command.split(' ');
  const context = { catalogue, today: '2025-03-01' };
  const text = words.join(' ');
  return !isRefusal(name === '/coverage' ? readCoverageRequest(text, context) : readBackfillRequest(text, context));
}

function isUnderstoodInTerminal(command: string): boolean {
  const argv = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map((found) => found[1] ?? found[2] ?? '').slice(1);
  const words = readWords(argv);
  if (isRefusal(words)) return false;
  const rest = words.rest.map(quoteArgument).join(' ');
  if (words.command === 'coverage') return isUnderstood(`/coverage ${rest}`);
  if (words.command === 'backfill') return isUnderstood(`/backfill ${rest}`);
  if (['status', 'pause', 'resume', 'cancel', 'retry', 'handover'].includes(words.command))
    return isUnderstood(`/backfill ${words.command} ${rest}`);
  if (['why', 'plan', 'quality'].includes(words.command)) return isUnderstood(`/coverage ${words.command} ${rest}`);
  return true;
}
