/** What cannot be run here: the image's recipe and the files of Terraform, as far as reading them tells. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readDockerfile } from '../../scripts/dockerfile.mjs';
import { readText, readTree } from '../house/read-tree.ts';

const terraform = readTree(['deploy'], ['.tf']);
const code = [...terraform.values()].join('\n').replaceAll(/^\s*#.*$/gm, '');

type Grant = { readonly role: string; readonly grant: string; readonly text: string };
/** Every resource that gives somebody a role. */
const grants: Grant[] = [...code.matchAll(/^resource "\w+_iam_member" "(\w+)" \{\n([\s\S]*?)^\}/gm)].map((found) => ({
  grant: found[1] ?? '',
  role: /\brole\s+= "([^"]+)"/.exec(found[2] ?? '')?.[1] ?? '',
  text: found[2] ?? '',
}));

/** The cells of the rows of a table, in code marks or not, below a heading. */
function rowsBelow(heading: string): string[][] {
  const section = readText('docs/security.md').split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

describe('the roles that deploy/ gives', () => {
  it('are those of the table in docs/security.md, each with its reason', () => {
    expect(grants.length).toBeGreaterThan(5);
    const told = rowsBelow('Roles on Google Cloud');
    expect(told.map(([role, grant]) => `${grant} ${role}`).sort()).toEqual(
      grants.map(({ role, grant }) => `${grant} ${role}`).sort(),
    );
    expect(told.filter((row) => row.length !== 4 || row.some((cell) => cell === ''))).toEqual([]);
  });

  it('are neither basic nor administrative, and the whole world has one: to call the bot', () => {
    expect(grants.filter(({ role }) => !/^roles\/\w+\.\w+$/.test(role) || /admin|owner|editor/i.test(role))).toEqual(
      [],
    );
    const toAll = grants.filter(({ text }) => /all(Authenticated)?Users/.test(text));
    expect(toAll.map(({ grant }) => grant)).toEqual(['slack_calls_bot']);
    expect(code).not.toMatch(/_iam_(binding|policy)"|google_service_account_key/);
  });

  it('stand on a project only where there is nothing smaller', () => {
    const onProject = [...code.matchAll(/^resource "google_project_iam_member" "(\w+)"/gm)].map((found) => found[1]);
    expect(onProject.sort()).toEqual(['metrics', 'query', 'sql']);
    expect(grants.find(({ grant }) => grant === 'sql')?.text).toContain('condition {');
  });
});

describe('the scopes of manifest.yml', () => {
  it('are those of the table in docs/security.md, each with its reason', () => {
    const manifest = parse(readText('manifest.yml')) as {
      oauth_config: { scopes: { bot: string[]; user?: string[] } };
    };
    const told = rowsBelow('Scopes in Slack');
    expect(told.map(([scope]) => scope).sort()).toEqual(manifest.oauth_config.scopes.bot.toSorted());
    expect(told.filter((row) => row.length !== 3 || row.some((cell) => cell === ''))).toEqual([]);
    expect(manifest.oauth_config.scopes.user).toBeUndefined();
  });
});

describe('the files of deploy/', () => {
  it('describe every variable, and use each', () => {
    const variables = [...code.matchAll(/^variable "(\w+)" \{\n\s*description = "[^"]+"/gm)].map((found) => found[1]);
    expect(variables.length).toBeGreaterThan(8);
    expect([...code.matchAll(/^variable "/gm)]).toHaveLength(variables.length);
    expect(variables.filter((name) => !code.includes(`var.${name}`))).toEqual([]);
  });

  it('refer to what they declare', () => {
    const declared = new Set(
      [...code.matchAll(/^resource "(\w+)" "(\w+)"/gm)].map((found) => `${found[1]}.${found[2]}`),
    );
    const used = [...code.matchAll(/(?<![\w."/])(google_\w+|random_\w+)\.(\w+)/g)].map(
      (found) => `${found[1]}.${found[2]}`,
    );
    expect(used.length).toBeGreaterThan(20);
    expect(used.filter((name) => !declared.has(name) && !code.includes(`data "${name.replace('.', '" "')}"`))).toEqual(
      [],
    );
    const locals = new Set([...code.matchAll(/^ {2}(\w+)\s*=/gm)].map((found) => found[1]));
    const asked = [...code.matchAll(/\blocal\.(\w+)/g)].map((found) => found[1]);
    expect(asked.filter((name) => !locals.has(name))).toEqual([]);
  });

  it('balance their brackets', () => {
    for (const [file, text] of terraform) {
      const bare = text.replaceAll(/^\s*#.*$/gm, '').replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
      const depth = [...bare].reduce(
        (n, letter) => n + ('{[('.includes(letter) ? 1 : '}])'.includes(letter) ? -1 : 0),
        0,
      );
      expect([file, depth]).toEqual([file, 0]);
    }
  });
});

describe('the Dockerfile', () => {
  const stages = readDockerfile();
  const last = stages.at(-1)?.steps ?? [];

  it('ends in a stage that is not root, installs nothing, and takes what runs from the stages before', () => {
    expect(stages.map(({ name }) => name)).toEqual(['build', 'packages', 'final']);
    expect(last.find(({ word }) => word === 'USER')?.rest).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(last.filter(({ word }) => word === 'RUN').map(({ rest }) => rest.split(' ')[0])).toEqual(['rm']);
    expect(last.filter(({ rest }) => rest.startsWith('--from=')).map(({ rest }) => rest.split(' ')[0])).toEqual([
      '--from=packages',
      '--from=packages',
      '--from=build',
      '--from=build',
    ]);
    expect(last.map(({ word }) => word)).toEqual(
      expect.arrayContaining(['HEALTHCHECK', 'ENTRYPOINT', 'CMD', 'EXPOSE']),
    );
  });

  it('runs no install scripts, and starts the process without a shell', () => {
    const runs = stages.flatMap(({ steps }) =>
      steps.filter(({ word, rest }) => word === 'RUN' && rest.includes('npm ci')),
    );
    expect(runs).toHaveLength(2);
    expect(runs.filter(({ rest }) => !rest.includes('--ignore-scripts'))).toEqual([]);
    expect(last.find(({ word }) => word === 'ENTRYPOINT')?.rest).toMatch(/^\["node", /);
  });

  it('is given neither what is secret nor what it makes itself', () => {
    const ignored = readText('.dockerignore').split('\n');
    expect(ignored).toEqual(
      expect.arrayContaining(['.git', '.env*', '.backcourt', 'node_modules', 'dist', '**/*.duckdb']),
    );
  });
});
