import type { KnownBlock } from '@slack/web-api';
import { describe, expect, test } from 'vitest';
import { readBackfillRequest, readCoverageRequest } from '../../src/core/request/request.ts';
import { isRefusal } from '../../src/fault.ts';
import { lintMessage } from '../../src/messages/limits.ts';
import { renderText } from '../support/render-message.ts';
import { allMessages } from './all-messages.ts';
import { catalogue } from './samples.ts';

describe('a message', () => {
  for (const [name, make] of Object.entries(allMessages)) {
    test(`${name} reads as its golden text and keeps Slack's limits`, async () => {
      const message = make();
      expect(lintMessage(message)).toEqual([]);
      await expect(renderText(message)).toMatchFileSnapshot(`golden/${name}.txt`);
    });
  }
});

/** What a message shows as code: commands to copy, ids. */
function codeIn(blocks: readonly KnownBlock[]): string[] {
  const found: string[] = [];
  JSON.stringify(blocks, (_, value) => {
    if (value?.type === 'text' && value.style?.code === true) found.push(String(value.text));
    return value;
  });
  return found;
}

function read(command: string) {
  const [, name = '', words = ''] =
    /^(?:\/|backcourt )(coverage|backfill|quality|why|plan|handover) (.*)$/.exec(command) ?? [];
  const text = words.replace(/ --(csv|json)$/, '');
  const context = { catalogue, today: '2022-01-08' };
  if (name === 'backfill') return readBackfillRequest(text, context);
  if (name === 'handover') return readBackfillRequest(`${name} ${text}`, context);
  return readCoverageRequest(name === 'coverage' ? text : `${name} ${text}`, context);
}

describe('a command that a message suggests', () => {
  const commands = Object.entries(allMessages).flatMap(([name, make]) =>
    codeIn(make().blocks)
      .filter((text) => /^(\/|backcourt )/.test(text) && !text.includes('<'))
      .map((command) => [name, command] as const),
  );

  test('is there in most messages', () => {
    expect(new Set(commands.map(([name]) => name)).size).toBeGreaterThan(12);
  });

  test.each(commands)('of %s can be typed: %s', (_, command) => {
    const request = read(command);
    expect(isRefusal(request) ? request.message : 'read').toBe('read');
  });
});
