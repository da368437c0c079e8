/**
 * Reads the project's own files, for tests about the project. Sources are scanned as text and not parsed: the formatter
 * keeps imports in one shape, and a scanner of thirty lines can be believed.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Path from the root, with forward slashes, to text. */
export type Tree = ReadonlyMap<string, string>;

/** Reads every file under the given paths whose name ends so; absent paths are empty. */
export function readTree(paths: readonly string[], endings: readonly string[]): Tree {
  const files = paths.flatMap(listFiles).filter((file) => endings.some((ending) => file.endsWith(ending)));
  return new Map(files.map((file) => [file, readText(file)]));
}

/** Reads one file, by its path from the root. */
export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function listFiles(path: string): string[] {
  if (!existsSync(join(root, path)) || /(^|\/)(node_modules|dist)$/.test(path)) return [];
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => listFiles(`${path}/${name}`));
}

/** An import of one file by another, or of a package by a file. */
export type Edge = {
  readonly from: string;
  readonly to: string;
  readonly outside: boolean;
  readonly typeOnly: boolean;
};

const importing =
  /(?:^|[\n;])\s*(import|export)\s+(type\s)?[^'"();]*?from\s*['"]([^'"]+)['"]|(?:^|[\n;])\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Every import of a tree: static, re-exporting, dynamic, and of types. */
export function readEdges(tree: Tree): Edge[] {
  return [...tree].flatMap(([from, text]) =>
    [...withoutComments(text).matchAll(importing)].map((found) => {
      const name = found[3] ?? found[4] ?? found[5] ?? '';
      const outside = !name.startsWith('.');
      const to = outside ? name : posix.normalize(posix.join(posix.dirname(from), name));
      return { from, to, outside, typeOnly: found[2] !== undefined };
    }),
  );
}

const textOrComment = /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** The text with its comments blanked out; line numbers stay. */
export function withoutComments(text: string): string {
  return text.replace(textOrComment, (whole, quoted?: string) => quoted ?? whole.replace(/[^\n]/g, ' '));
}

/** Groups of files that import each other in a circle, each sorted. */
export function findCircles(edges: readonly Edge[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to, outside } of edges) if (!outside) next.set(from, [...(next.get(from) ?? []), to]);
  const reached = new Map([...next.keys()].map((file) => [file, reach(file, next)]));
  const circles = [...reached]
    .filter(([file, files]) => files.has(file))
    .map(([file, files]) => [...files].filter((other) => reached.get(other)?.has(file)).sort());
  return [...new Map(circles.map((circle) => [circle.join(), circle])).values()];
}

function reach(start: string, next: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set<string>();
  const open = [...(next.get(start) ?? [])];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    open.push(...(next.get(file) ?? []));
  }
  return seen;
}
