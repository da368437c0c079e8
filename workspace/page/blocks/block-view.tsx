/** Any block, by its type. A block that is unknown or broken becomes a red box and leaves its neighbours alone. */

import type { KnownBlock } from '@slack/web-api';
import { Component, type ReactNode } from 'react';
import { withEmoji } from '../emoji.ts';
import { WarnIcon } from '../icons.tsx';
import { keyed, SlackText } from '../mrkdwn-view.tsx';
import { Element, Unknown } from './element.tsx';
import { useHost } from './host.tsx';
import { Markdown } from './markdown.tsx';
import { RichText } from './rich-text.tsx';
import type { BlockOf } from './slack-types.ts';
import { Table } from './table.tsx';
import { Plan, TaskCard } from './task-card.tsx';

/** Blocks in order. They need a host around them. */
export function Blocks({ blocks }: { blocks: readonly KnownBlock[] }) {
  return (
    <div className="blocks">
      {blocks.map((block) => (
        <Guard key={block.block_id ?? block.type} type={block.type}>
          <div className={`block block-${block.type}`}>
            <Block block={block} />
            <BlockProblem blockId={block.block_id ?? ''} />
          </div>
        </Guard>
      ))}
    </div>
  );
}

class Guard extends Component<{ type: string; children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError() {
    return { broken: true };
  }
  override render() {
    return this.state.broken ? <Unknown type={`${this.props.type} (broken)`} /> : this.props.children;
  }
}

function BlockProblem({ blockId }: { blockId: string }) {
  const { problem } = useHost();
  if (problem?.blockId !== blockId) return null;
  return (
    <div className="problem" role="alert">
      <WarnIcon /> {problem.text}
    </div>
  );
}

function Block({ block }: { block: KnownBlock }) {
  switch (block.type) {
    case 'section':
      return <Section block={block} />;
    case 'header':
      return <h3 className="header-text">{withEmoji(block.text.text)}</h3>;
    case 'divider':
      return <hr />;
    case 'context':
      return <Context block={block} />;
    case 'actions':
      return <Actions block={block} />;
    case 'image':
      return <ImageBlock block={block} />;
    case 'input':
      return <Input block={block} />;
    case 'rich_text':
      return <RichText block={block} />;
    case 'table':
      return <Table block={block} />;
    case 'markdown':
      return <Markdown text={block.text} />;
    case 'task_card':
      return <TaskCard block={block} />;
    case 'plan':
      return <Plan block={block} />;
    case 'alert':
      return (
        <div className={`alert alert-${block.level ?? 'default'}`} role="note">
          <SlackText value={block.text} />
        </div>
      );
    default:
      return <Unknown type={block.type} />;
  }
}

function Section({ block }: { block: BlockOf<'section'> }) {
  const { accessory, text, fields } = block;
  const place = { blockId: block.block_id ?? '', label: '', waits: false };
  return (
    <div className="section">
      <div className="section-text">
        {text === undefined ? null : <SlackText value={text} />}
        {fields === undefined ? null : (
          <div className="fields">
            {keyed(fields, (field) => (
              <div className="field">
                <SlackText value={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory === undefined ? null : accessory.type === 'image' ? (
        <img className="section-image" src={sourceOf(accessory)} alt={accessory.alt_text} />
      ) : (
        <Element element={accessory} place={place} />
      )}
    </div>
  );
}

function Context({ block }: { block: BlockOf<'context'> }) {
  return (
    <div className="context">
      {keyed(block.elements, (element) =>
        element.type === 'image' ? (
          <img src={sourceOf(element)} alt={element.alt_text} />
        ) : (
          <span>
            <SlackText value={element} />
          </span>
        ),
      )}
    </div>
  );
}

function Actions({ block }: { block: BlockOf<'actions'> }) {
  const place = { blockId: block.block_id ?? '', label: '', waits: false };
  return (
    <div className="actions">
      {keyed(block.elements, (element) => (
        <Element element={element} place={place} />
      ))}
    </div>
  );
}

/** `slack_file` is a file of this workspace, by id or by its url. */
function sourceOf(image: object): string {
  if ('image_url' in image) return String(image.image_url);
  const file = 'slack_file' in image && typeof image.slack_file === 'object' ? (image.slack_file ?? {}) : {};
  if ('id' in file) return `/files/${String(file.id)}/image`;
  return 'url' in file ? new URL(String(file.url)).pathname : '';
}

function ImageBlock({ block }: { block: BlockOf<'image'> }) {
  return (
    <figure className="image">
      {block.title === undefined ? null : <figcaption>{withEmoji(block.title.text)}</figcaption>}
      <a href={sourceOf(block)} target="_blank" rel="noreferrer">
        <img src={sourceOf(block)} alt={block.alt_text} />
      </a>
    </figure>
  );
}

function Input({ block }: { block: BlockOf<'input'> }) {
  const { errors } = useHost();
  const error = errors[block.block_id ?? ''];
  const place = { blockId: block.block_id ?? '', label: block.label.text, waits: block.dispatch_action !== true };
  return (
    <div className={error === undefined ? 'field-block' : 'field-block has-error'}>
      <div className="field-label">
        {withEmoji(block.label.text)}
        {block.optional === true ? <span className="field-optional"> (optional)</span> : null}
      </div>
      <Element element={block.element} place={place} />
      {block.hint === undefined ? null : <div className="field-hint">{withEmoji(block.hint.text)}</div>}
      {error === undefined ? null : (
        <div className="field-error" role="alert">
          {error}
        </div>
      )}
    </div>
  );
}
