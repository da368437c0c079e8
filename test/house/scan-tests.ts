/** Scans test files for the names of their tests. Nesting is read from the indentation, which the formatter keeps. */
import { type Tree, withoutComments } from './read-tree.ts';

const call =
  /^( *)(describe|it|test)(?:\.[\w]+(?:\([^\n]*?\))?)*(?:<[^>]*>)?\(\s*(?:'((?:\\.|[^'\\])*)'|"([^"]*)"|`([^`]*)`)/gm;

/** Full names that occur twice in one file, as `file: describe > test`. */
export function findTwins(tests: Tree): string[] {
  return [...tests].flatMap(([file, text]) => {
    const names = listNames(withoutComments(text));
    return names.filter((name, n) => names.indexOf(name) !== n).map((name) => `${file}: ${name}`);
  });
}

function listNames(text: string): string[] {
  const around: { depth: number; name: string }[] = [];
  return [...text.matchAll(call)].flatMap((found) => {
    const depth = found[1]?.length ?? 0;
    const name = found[3] ?? found[4] ?? found[5] ?? '';
    while ((around.at(-1)?.depth ?? -1) >= depth) around.pop();
    if (found[2] === 'describe') around.push({ depth, name });
    const full = [...around.map((outer) => outer.name), ...(found[2] === 'describe' ? [] : [name])].join(' > ');
    return found[2] === 'describe' ? [] : [full];
  });
}

const forbidden = /\b(?:describe|it|test|suite)(?:\.\w+)*\.(only|skip|todo|fails)\b/;
const conditional = /\.(skipIf|runIf)\(|\bskip\(/;
const printing = /\bconsole\.(log|info|warn|error)\(|process\.(stdout|stderr)\.write\(/;

/** Tests that are switched off or alone, and those that depend on the machine without saying so. */
export function findSilenced(tests: Tree): string[] {
  return [...tests].flatMap(([file, text]) => {
    const code = withoutComments(text);
    const lines = code.split('\n');
    const off = lines.flatMap((line, n) => (forbidden.test(line) ? [`${file}:${n + 1} ${line.trim()}`] : []));
    const rest = lines.filter((line) => !forbidden.test(line)).join('\n');
    const silent = conditional.test(rest) && !printing.test(rest) ? [`${file} skips without printing why`] : [];
    return [...off, ...silent];
  });
}
