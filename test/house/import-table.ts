/**
 * The table of who may import whom (docs/architecture.md, "Directions"). Every file belongs to one layer, a layer names
 * the layers that it may see, and what is not named is forbidden.
 */
import { type Edge, readEdges, type Tree, withoutComments } from './read-tree.ts';

export type Layer =
  | 'fault'
  | 'core'
  | 'messages'
  | 'pictures'
  | 'ports'
  | 'statements'
  | 'access'
  | 'engine'
  | 'adapters'
  | 'edge'
  | 'handlers'
  | 'jobs'
  | 'cli'
  | 'wiring'
  | 'main'
  | 'pipelines'
  | 'workspace'
  | 'outside';

/** The first pattern that fits decides. */
const layers: readonly (readonly [RegExp, Layer])[] = [
  [/^src\/fault\.ts$/, 'fault'],
  [/^src\/core\//, 'core'],
  [/^src\/messages\//, 'messages'],
  [/^src\/pictures\/render-\w+\.ts$/, 'adapters'],
  [/^src\/pictures\//, 'pictures'],
  [/^src\/(ports|finding)\.ts$/, 'ports'],
  [/^src\/(warehouse\/warehouse|processor\/processor|tasks\/tasks|chat\/(chat|views)|store\/store)\.ts$/, 'ports'],
  [/^src\/tasks\/task-name\.ts$/, 'statements'],
  [/^src\/store\/(pglite|postgres|transactions)[\w-]*\.ts$/, 'adapters'],
  [/^src\/store\//, 'statements'],
  [/^src\/access\//, 'access'],
  [/^src\/engine\//, 'engine'],
  [/^src\/(warehouse|processor|tasks|chat)\//, 'adapters'],
  [/^src\/(settings|slack-tokens|store-url|loopback|clock|ids|log|trace|package-root)\.ts$/, 'edge'],
  [/^src\/cli\//, 'cli'],
  [/^src\/operations\//, 'wiring'],
  [/^src\/main\.ts$/, 'main'],
  [/^src\/[\w-]+\.ts$/, 'wiring'],
  [/^handlers\//, 'handlers'],
  [/^jobs\//, 'jobs'],
  [/^pipelines\//, 'pipelines'],
  [/^workspace\//, 'workspace'],
];

const belowAdapters: readonly Layer[] = ['fault', 'core', 'messages', 'ports', 'statements'];
const all: readonly Layer[] = [
  ...belowAdapters,
  'pictures',
  'access',
  'engine',
  'adapters',
  'edge',
  'handlers',
  'jobs',
  'wiring',
  'pipelines',
  'workspace',
];

/** Which layers a layer sees. Nothing sees main. */
const sees: Readonly<Record<Layer, readonly Layer[]>> = {
  fault: [],
  core: ['fault', 'core'],
  messages: ['fault', 'core', 'messages'],
  pictures: ['fault', 'core', 'pictures'],
  ports: ['fault', 'core', 'messages', 'ports'],
  statements: belowAdapters,
  access: [...belowAdapters, 'access'],
  engine: [...belowAdapters, 'access', 'engine'],
  adapters: [...belowAdapters, 'adapters', 'edge'],
  edge: ['fault', 'core', 'ports', 'edge'],
  handlers: [...belowAdapters, 'access', 'handlers'],
  jobs: [...belowAdapters, 'pictures', 'access', 'engine', 'jobs'],
  cli: [...belowAdapters, 'pictures', 'access', 'engine', 'edge', 'jobs', 'wiring', 'cli'],
  wiring: [...all, 'cli'],
  main: [...all, 'cli'],
  pipelines: ['fault', 'core', 'ports', 'adapters', 'edge', 'pipelines'],
  workspace: ['fault', 'core', 'ports', 'edge', 'workspace'],
  outside: [],
};

/** Packages that a layer may use; a layer that is not named may use any, types may come from anywhere but into core. */
const packages: Partial<Record<Layer, RegExp>> = {
  fault: /^$/,
  core: /^(zod|yaml|temporal-polyfill)$/,
  messages: /^zod$/,
  pictures: /^$/,
  ports: /^zod$/,
  statements: /^(zod|node:crypto)$/,
  access: /^zod$/,
  engine: /^(zod|node:crypto)$/,
  handlers: /^(zod|node:crypto)$/,
  jobs: /^(zod|node:crypto)$/,
};

/** The layer of a file. */
export function layerOf(file: string): Layer {
  return layers.find(([pattern]) => pattern.test(file))?.[1] ?? 'outside';
}

/** Every import that the table forbids, as a line that says so. */
export function findForbidden(tree: Tree): string[] {
  return readEdges(tree).filter(isForbidden).map(sayEdge);
}

function isForbidden(edge: Edge): boolean {
  const from = layerOf(edge.from);
  if (edge.outside) {
    const allowed = packages[from];
    return allowed !== undefined && !allowed.test(edge.to) && (from === 'core' || from === 'fault' || !edge.typeOnly);
  }
  return !sees[from].includes(layerOf(edge.to));
}

function sayEdge(edge: Edge): string {
  const to = edge.outside ? edge.to : `${edge.to} (${layerOf(edge.to)})`;
  return `${edge.from} (${layerOf(edge.from)}) -> ${to}`;
}

const mayBeAmbient: readonly Layer[] = ['adapters', 'edge', 'cli', 'wiring', 'main'];
/** Programs of their own, with a command line and a clock to themselves; the workspace stands for a service outside. */
const programs = /^pipelines\/\w+\/(serve|load-real)\.ts$|^workspace\//;
const ambient = new RegExp(
  [
    /\bprocess\.(env|argv|hrtime)\b/,
    /\b(Date|performance)\.now\b|\bnew Date\(\s*\)|\bTemporal\.Now\b/,
    /\bset(Timeout|Interval|Immediate)\(/,
    /\bMath\.random\b|\brandom(UUID|Bytes|Int)\b/,
  ]
    .map((pattern) => pattern.source)
    .join('|'),
  'g',
);

/** Every place that reads the environment, the clock or chance and may not. */
export function findAmbient(tree: Tree): string[] {
  return [...tree]
    .filter(([file]) => !mayBeAmbient.includes(layerOf(file)) && !programs.test(file))
    .flatMap(([file, text]) => {
      const code = withoutComments(text);
      return [...code.matchAll(ambient)].map(
        (found) => `${file}:${code.slice(0, found.index).split('\n').length} ${found[0].trim()}`,
      );
    });
}
