// `npm run licences`: writes docs/licences.md, every package that a running Backcourt is made of with its licence, from the lock file.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run-step.mjs';

/**
 * What may be shipped with a program under Apache-2.0 without a further thought. MPL-2.0 asks that changes of its own files are
 * published; we change none.
 */
export const allowed = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MPL-2.0'];

/** Packages that a lock file installs without its development ones: name, version, licence; sorted. */
export function listLicences(lock) {
  const packages = Object.entries(lock.packages).filter(
    ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional,
  );
  const rows = packages.map(([path, { version, license }]) => ({
    name: path.split('node_modules/').at(-1) ?? path,
    version,
    licence: license ?? 'unknown',
  }));
  const unique = new Map(rows.map((row) => [`${row.name}@${row.version}`, row]));
  return [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** The lock file of this tree. */
export function readLock() {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
}

/** The page. */
export function renderLicences() {
  const rows = listLicences(readLock());
  const sections = [...group(rows)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([licence, of]) => {
      const names = of.map(({ name, version }) => `${name} ${version}`).join(', ');
      return `## ${licence}\n\n${names}.\n`;
    });
  return `# Licences

The ${rows.length} packages that a running Backcourt is made of, those for every platform among them; \`npm run licences\` writes this page, and a
test holds it to \`package-lock.json\` and to the licences that are allowed (\`scripts/licences.mjs\`). \`npm run sbom\` lists the same as CycloneDX,
and the image holds that list. The pictures are set in Inter, under the SIL Open Font License 1.1 (\`assets/fonts/OFL.txt\`).

${sections.join('\n')}`;
}

function group(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(row.licence, [...(groups.get(row.licence) ?? []), row]);
  return groups;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(join(root, 'docs', 'licences.md'), renderLicences());
}
