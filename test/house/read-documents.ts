/** What the documents name: files, scripts, commands and settings, each with the place that names it. */
import { posix } from 'node:path';
import type { Tree } from './read-tree.ts';

export type Named = { readonly at: string; readonly name: string };

/** Code in documents: inline, and the lines of fenced blocks without their remarks. */
export function listCode(documents: Tree): Named[] {
  return [...documents].flatMap(([file, text]) => {
    let fenced = false;
    return text.split('\n').flatMap((line, n) => {
      const at = `${file}:${n + 1}`;
      if (line.startsWith('```')) {
        fenced = !fenced;
        return [];
      }
      if (fenced) return [{ at, name: line.replace(/\s+#.*$/, '').trim() }];
      return [...line.matchAll(/`([^`]+)`/g)].map((found) => ({ at, name: found[1] ?? '' }));
    });
  });
}

/** Files that links and pictures lead to, from the root. */
export function listLinks(documents: Tree): Named[] {
  return [...documents].flatMap(([file, text]) =>
    text.split('\n').flatMap((line, n) =>
      [...line.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)|src(?:set)?="([^"]+)"/g)]
        .map((found) => found[1] ?? found[2] ?? '')
        .filter((link) => !/^[a-z]+:/.test(link))
        .map((link) => ({ at: `${file}:${n + 1}`, name: posix.join(posix.dirname(file), link) })),
    ),
  );
}

const folders = /^(src|handlers|jobs|pipelines|workspace|bench|test|scripts|docs|bin|\.ci)\//;
const files = /^[\w.-]+\.(md|json|yml|ts|mjs|js)$/;

/** The name of a kind of file, rather than of one in the root. */
const kinds = ['pipeline.yml'];

/** Words of the code that are paths of this project; a `*` stands for any name. */
export function listPaths(documents: Tree): Named[] {
  return listCode(documents).flatMap(({ at, name }) =>
    name
      .split(/[\s,:]+/)
      .filter((word) => folders.test(word) || (files.test(word) && !kinds.includes(word)))
      .filter((word) => !/[<>{}A-Z$]{2,}|<|\{/.test(word))
      .map((word) => ({ at, name: word.replace(/\/$/, '') })),
  );
}

/** npm scripts: `npm run x`, `npm start`, `npm test`. */
export function listScripts(documents: Tree): Named[] {
  return listCode(documents).flatMap(({ at, name }) =>
    [...name.matchAll(/\bnpm (?:run (?:--?\w+ )*([\w:-]+)|(start|test)\b)/g)].map((found) => ({
      at,
      name: found[1] ?? found[2] ?? '',
    })),
  );
}

/** Whole commands that begin so and hold no placeholder. Marks for a prompt and for repeating are dropped. */
export function listCommands(documents: Tree, start: string): Named[] {
  return listCode(documents)
    .map(({ at, name }) => ({ at, name: name.replace(/^\$ /, '') }))
    .filter(({ name }) => name.startsWith(`${start} `) && !/[<>]|\.\.\.|…|\| \w/.test(name));
}

/** Environment variables of this program. */
export function listVariables(documents: Tree): Named[] {
  return [...documents].flatMap(([file, text]) =>
    text.split('\n').flatMap((line, n) =>
      [...line.matchAll(/\b(?:BACKCOURT|SLACK|CHROMIUM|NBA)_[A-Z_]+\b/g)].map((found) => ({
        at: `${file}:${n + 1}`,
        name: found[0],
      })),
    ),
  );
}
