/** JSON that was right and is not any more: parts dropped, doubled, renamed, or replaced by what nobody expects there. */
import fc from 'fast-check';

type Json = unknown;
type Path = readonly (string | number)[];

const deep = Array.from({ length: 300 }).reduce<Json>((inside) => [inside], 'deep');
/** Values at which programs trip. Strings outnumber the rest, since most fields are. */
export const oddValue: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, false, 0, -1, 1.5, 1e308, -0, 2 ** 53, [], {}, [null], { a: { b: [] } }, deep),
  fc.constantFrom(
    ...['', ' ', 'constructor', '__proto__', 'toString', '../../etc/passwd', 'null', 'NaN', '-', '\u0000'],
    ...[
      '2021-02-30',
      '9999-99-99',
      '0000-00-00',
      '2021-11-16',
      'AUTO',
      'TODAY',
      '1e9',
      '٢٠٢١-١١-١٦',
      '\ud800',
      '\u202e',
    ],
    ...["'; drop table cells; --", '<!channel>', '<@U1>', '`x`', '*', '{{date}}', '{processor}'],
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constant('x'.repeat(20_000)),
  fc.double({ noNaN: true }),
  fc.jsonValue({ maxDepth: 2 }),
);

const change = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('drop', 'replace', 'replace', 'replace', 'rename', 'double', 'wrap'),
  value: oddValue,
});

/** One of the samples, changed in up to five places. */
export function mutatedJson(samples: readonly Json[]): fc.Arbitrary<Json> {
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(change, { maxLength: 5 }))
    .map(([sample, changes]) => changes.reduce<Json>(apply, structuredClone(sample)));
}

type Change = { readonly at: number; readonly how: string; readonly value: Json };

function apply(json: Json, { at, how, value: given }: Change): Json {
  const value = structuredClone(given);
  const paths = [...listPaths(json, [])];
  const path = paths[at % Math.max(1, paths.length)];
  if (path === undefined) return how === 'replace' ? value : json;
  const name = path.at(-1);
  const holder = path.slice(0, -1).reduce<Json>((inside, key) => (inside as Record<string, Json>)[key], json);
  if (Array.isArray(holder)) {
    const place = Number(name);
    if (how === 'drop') holder.splice(place, 1);
    else if (how === 'double') holder.push(structuredClone(holder[place]));
    else holder[place] = how === 'wrap' ? [holder[place]] : value;
  } else {
    const record = holder as Record<string, Json>;
    const key = String(name);
    const old = record[key];
    if (how === 'drop' || how === 'rename') delete record[key];
    if (how === 'rename' || how === 'double') define(record, typeof value === 'string' ? value.slice(0, 40) : 'x', old);
    if (how === 'replace' || how === 'wrap') define(record, key, how === 'wrap' ? [old] : value);
  }
  return json;
}

/** As JSON.parse does: a key `__proto__` is a key. */
function define(record: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
}

function* listPaths(json: Json, above: Path): Generator<Path> {
  if (typeof json !== 'object' || json === null || above.length > 12) return;
  for (const key of Array.isArray(json) ? json.keys() : Object.keys(json)) {
    const path = [...above, key];
    yield path;
    yield* listPaths((json as Record<string | number, Json>)[key], path);
  }
}
