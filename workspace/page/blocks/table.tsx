/** Draws a table block. Its first row is the header, as in Slack; wide tables scroll inside the message. */
import type { ReactNode } from 'react';
import { keyed } from '../mrkdwn-view.tsx';
import { RichText } from './rich-text.tsx';
import type { BlockOf } from './slack-types.ts';

type Cell = BlockOf<'table'>['rows'][number][number];

export function Table({ block }: { block: BlockOf<'table'> }) {
  const [head, ...body] = block.rows;
  const draw = (row: readonly Cell[], Tag: 'th' | 'td') => {
    let column = -1;
    return keyed(row, (cell) => {
      column += 1;
      const setting = block.column_settings?.[column];
      const style = {
        textAlign: setting?.align ?? 'left',
        whiteSpace: setting?.is_wrapped === true ? 'normal' : 'nowrap',
      } as const;
      return (
        <Tag className={setting?.is_wrapped === true ? 'wrapped' : undefined} style={style}>
          {cellContent(cell)}
        </Tag>
      );
    });
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable to be scrolled by keys
    <section className="table-frame" aria-label="Table" tabIndex={0}>
      <table>
        <thead>{head === undefined ? null : <tr>{draw(head, 'th')}</tr>}</thead>
        <tbody>
          {keyed(body, (row) => (
            <tr>{draw(row, 'td')}</tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function cellContent(cell: Cell): ReactNode {
  switch (cell.type) {
    case 'raw_text':
      return cell.text;
    case 'raw_number':
      return cell.text ?? String(cell.value);
    case 'rich_text':
      return <RichText block={cell} />;
  }
}
