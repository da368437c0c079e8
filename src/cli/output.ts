/** Where a command's output goes: data on stdout, words on stderr, so that a pipe gets nothing but data. */

export type Output = {
  /** A line of data. */
  data(line: string): void;
  /** A line for the person. */
  say(line: string): void;
  /** Columns of the terminal. */
  readonly columns: number;
};

/** The exit codes of the contract. */
export const exitCodes = { done: 0, gaps: 1, refusal: 2, fault: 3 } as const;

/** Lays rows out in columns, as wide as their widest cell; the last one is cut to the terminal. */
export function layOut(rows: readonly (readonly string[])[], columns: number): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [n, cell] of row.entries()) widths[n] = Math.max(widths[n] ?? 0, cell.length);
  }
  return rows.map((row) => {
    const line = row.map((cell, n) => (n === row.length - 1 ? cell : cell.padEnd(widths[n] ?? 0))).join('  ');
    return line.length > columns ? `${line.slice(0, Math.max(10, columns - 1))}…` : line;
  });
}

/** One CSV line. A cell that a spreadsheet would take for a formula is written as text. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return cells
    .map((cell) => {
      const text = cell === null ? '' : String(cell);
      const safe = typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
      return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    })
    .join(',');
}
