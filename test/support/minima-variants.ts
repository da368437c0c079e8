/** The pipeline of the old minima as other people would have written it: `oldMinimaYaml` with parts exchanged. */
import { oldMinimaYaml } from './old-minima.ts';

const minima = { utgc: 10, upgc: 100, psza: 100, pdc: 100, pcf: 100 } as const;

/** Every table states its minimum itself too; that of tdza was 20 for one of its readers and 30 for the other. */
export function withOwnMinima(tdza: 20 | 30): string {
  const own: Readonly<Record<string, number>> = { ...minima, tdza };
  const inline = oldMinimaYaml.replaceAll(/^ {2}(utgc|upgc): \{ (.*) \}$/gm, (_, alias: string, rest: string) => {
    return `  ${alias}: { ${rest}, expect: { at_least: ${own[alias]} } }`;
  });
  return inline.replaceAll(/^ {2}(tdza|psza|pdc|pcf):$/gm, (head, alias: string) => {
    return `${head}\n    expect: { at_least: ${own[alias]} }`;
  });
}

/** Nothing can be filled from here. */
export function withoutProcessors(): string {
  return oldMinimaYaml.replace(/^services:\n(?: {2}.*\n)+/m, '').replaceAll(/^ {4}processor: .*\n/gm, '');
}

/** Rules that fit the number of games, in place of fixed numbers. */
export function withRulesPerGame(): string {
  const expectations: Readonly<Record<string, string>> = {
    utgc: 'expect: { exactly_per_game: 2 }',
    upgc: 'expect: { at_least_per_game: 25 }',
    tdza: 'expect: { exactly: 30 }',
    psza: 'may_be_empty_until_day: 20',
    pdc: 'may_be_empty_until_day: 20\n    expect: [{ at_least: 1 }, { from_day: 28, at_least_per_game: 15 }]',
    pcf: 'expect: { share_of: upgc, at_least_share: 0.9 }',
    mlfs: 'expect: { share_of: pcf, at_least_share: 0.9 }',
  };
  return oldMinimaYaml
    .replaceAll(/^ {2}(utgc|upgc): \{ (.*) \}$/gm, (_, alias: string, rest: string) => {
      return `  ${alias}: { ${rest}, ${expectations[alias]} }`;
    })
    .replaceAll(/^ {2}(tdza|psza|pdc|pcf|mlfs):$/gm, (head, alias: string) => `${head}\n    ${expectations[alias]}`)
    .replaceAll(/\{ table: (upgc|utgc|psza|pdc|pcf), at_least: \d+ \}/g, '$1');
}
