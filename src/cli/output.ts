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

/**
 * Lays rows out in columns, as wide as their widest cell. What is too long for the terminal in the last one goes on
 * below its beginning, or below the line's where that leaves too little room: nothing is cut off.
 */
export function layOut(rows: readonly (readonly string[])[], columns: number): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [n, cell] of row.entries()) widths[n] = Math.max(widths[n] ?? 0, cell.length);
  }
  return rows.flatMap((row) => {
    const before = row.slice(0, -1).map((cell, n) => `${cell.padEnd(widths[n] ?? 0)}  `);
    const lead = before.join('');
    const last = row.at(-1) ?? '';
    if (lead.length + last.length <= columns) return [(lead + last).trimEnd()];
    if (columns - lead.length < leastRoom) return wrap(lead + last, columns, 4);
    const [first = '', ...rest] = wrap(last, columns - lead.length);
    return [lead + first, ...rest.map((line) => ' '.repeat(lead.length) + line)];
  });
}

/** Letters that a column needs for its text to be read downwards. */
const leastRoom = 24;

/**
 * Breaks text into lines of at most `columns` letters, at spaces where it can; later lines stand `indent` further in.
 * The beginning keeps its own spaces.
 */
export function wrap(text: string, columns: number, indent = 0): string[] {
  const width = Math.max(columns, 10);
  const lines: string[] = [];
  let rest = text.trimEnd();
  while (rest.length > width) {
    const start = rest.length - rest.trimStart().length;
    const space = rest.lastIndexOf(' ', width);
    const at = space > start ? space : width;
    lines.push(rest.slice(0, at).trimEnd());
    rest = ' '.repeat(Math.min(indent, width - 5)) + rest.slice(at).trimStart();
  }
  return [...lines, rest];
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
