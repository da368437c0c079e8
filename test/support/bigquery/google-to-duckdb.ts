/**
 * The part of GoogleSQL that Backcourt writes, as DuckDB runs it, so that a question to the stand-in is answered from real
 * rows. What BigQuery would refuse is refused, as far as the text shows it: a function that it does not have, a parameter
 * that was not given, a name that is not in backticks where it has to be. It is no parser: whatever it does not know, it
 * refuses, so that no statement passes by luck.
 */

/** A refusal in BigQuery's words. */
export class InvalidQuery extends Error {}

export type Parameter = { readonly type: string; readonly value: string | null };

/** Functions of GoogleSQL that occur, and what they are in DuckDB. */
const functions: Readonly<Record<string, string>> = {
  ARRAY_AGG: 'list',
  CAST: 'CAST',
  COUNT: 'count',
  COUNTIF: 'countif',
  FARM_FINGERPRINT: 'fingerprint_of',
  LOWER: 'lower',
  MAX: 'max',
  MIN: 'min',
  SPLIT: 'string_split',
  STRUCT: 'row',
  SUM: 'sum',
  TO_JSON_STRING: 'json_of',
  UNIX_MILLIS: 'epoch_ms',
  UNNEST: 'unnest',
};
/** Words that stand before a bracket and are no function. */
const words = new Set(
  'AS AND OR ON IN IS NOT BY FROM JOIN SELECT WHERE WITH UNION ALL DISTINCT BETWEEN CASE WHEN THEN ELSE END GROUP ORDER'.split(
    ' ',
  ),
);
const types: Readonly<Record<string, string>> = {
  STRING: 'VARCHAR',
  INT64: 'BIGINT',
  FLOAT64: 'DOUBLE',
  BOOL: 'BOOLEAN',
  DATE: 'DATE',
  TIMESTAMP: 'TIMESTAMPTZ',
  NUMERIC: 'DECIMAL(38, 0)',
};

/** Made once in a DuckDB in which statements are run. */
export const helpers = [
  'CREATE OR REPLACE TEMP MACRO fingerprint_of(x) AS CAST(hash(x) % 9223372036854775807 AS BIGINT)',
  'CREATE OR REPLACE TEMP MACRO json_of(x) AS CAST(to_json(x) AS VARCHAR)',
];

/**
 * Translates a statement.
 * @param params by name; each becomes a text parameter of DuckDB that is cast to its type
 * @throws InvalidQuery with BigQuery's words
 */
export function toDuckdb(sql: string, params: ReadonlyMap<string, Parameter>): string {
  const used = new Set<string>();
  const translated = tokens(sql)
    .map((token, n, all) => translate(token, all[n + 1] ?? '', params, used))
    .join('');
  for (const name of params.keys())
    if (!used.has(name)) throw new InvalidQuery(`Query parameter '${name}' is not used`);
  return withOffsets(translated);
}

/** Texts, quoted names, parameters, words, and every other sign by itself. */
function tokens(sql: string): string[] {
  const found =
    sql.match(
      /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`(?:\.INFORMATION_SCHEMA\.COLUMNS)?|@\w+|\w+|\s+|[^\w\s]/g,
    ) ?? [];
  if (found.join('') !== sql) throw new InvalidQuery('Syntax error: Unexpected end of script');
  return found;
}

function translate(token: string, next: string, params: ReadonlyMap<string, Parameter>, used: Set<string>): string {
  if (token.startsWith('`')) return nameOf(token);
  if (token.startsWith('"')) throw new InvalidQuery(`The stand-in takes texts in single quotes only: ${token}`);
  if (token.startsWith('@')) return parameterOf(token.slice(1), params, used);
  const upper = token.toUpperCase();
  if (next === '(' && /^[A-Za-z_]\w*$/.test(token) && !words.has(upper)) {
    const known = functions[upper];
    if (known === undefined) throw new InvalidQuery(`Function not found: ${upper}`);
    return known;
  }
  return types[upper] ?? token;
}

function parameterOf(name: string, params: ReadonlyMap<string, Parameter>, used: Set<string>): string {
  const given = params.get(name);
  if (!given) throw new InvalidQuery(`Query parameter '${name}' not found`);
  const type = types[given.type];
  if (type === undefined) throw new InvalidQuery(`Invalid type ${given.type} of query parameter '${name}'`);
  used.add(name);
  return `CAST($${name} AS ${type})`;
}

/** A column or alias of one part; a table of two or three, or the columns of a dataset or region. */
function nameOf(token: string): string {
  const isColumns = token.endsWith('.INFORMATION_SCHEMA.COLUMNS');
  const name = token.slice(1, token.lastIndexOf('`')).replace(/\\(.)/g, '$1');
  const parts = name.split('.');
  if (isColumns) return columnsOf(name.startsWith('region-') ? undefined : parts.at(-1));
  if (parts.length < 3) return parts.map((part) => `"${part.replaceAll('"', '""')}"`).join('.');
  return parts
    .slice(-2)
    .map((part) => `"${part}"`)
    .join('.');
}

/** Column types by the names that BigQuery has for them. */
function columnsOf(dataset: string | undefined): string {
  const googleType = `CASE data_type WHEN 'VARCHAR' THEN 'STRING' WHEN 'BIGINT' THEN 'INT64' WHEN 'INTEGER' THEN 'INT64'
    WHEN 'DOUBLE' THEN 'FLOAT64' WHEN 'BOOLEAN' THEN 'BOOL' WHEN 'TIMESTAMP WITH TIME ZONE' THEN 'TIMESTAMP' ELSE data_type END`;
  const only = dataset === undefined ? '' : ` AND lower(table_schema) = lower('${dataset.replaceAll("'", "''")}')`;
  return `(SELECT table_schema, ${dataset === undefined ? 'table_name' : 'lower(table_name) AS table_name'}, column_name, ordinal_position, ${googleType} AS data_type
    FROM information_schema.columns WHERE table_catalog = current_database()${only})`;
}

/** DuckDB counts what it unnests in another way. */
function withOffsets(sql: string): string {
  return sql.replace(
    /unnest\((string_split\([^)]*\)[^)]*\))\) AS (\w+) WITH OFFSET AS (\w+)/g,
    '(SELECT unnest($1) AS $2, generate_subscripts($1, 1) - 1 AS $3)',
  );
}
