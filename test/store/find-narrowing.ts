/** Statements of a migration that the version before may stumble over, since they take away or demand something. */

const adds = [
  /^create table /,
  /^create index /,
  // Whoever inserts without knowing of the column gets null, or the default.
  /^alter table \w+ add column (?!.*not null(?!.*default))/s,
  /^update \w+ set /,
  /^insert into /,
  /^create function /,
];

/** Those that do more than add. What they create themselves may be shaped at will: nobody knows it yet. */
export function findNarrowing(statements: readonly string[]): string[] {
  const fresh = new Set(statements.flatMap((each) => /^create table (\w+)/i.exec(each)?.[1] ?? []));
  return statements.filter((statement) => {
    const text = statement.toLowerCase();
    const table = /^(?:alter table |create (?:unique )?index \w+ on |create trigger .*? on )(\w+)/s.exec(text)?.[1];
    return !(table !== undefined && fresh.has(table)) && !adds.some((pattern) => pattern.test(text));
  });
}
