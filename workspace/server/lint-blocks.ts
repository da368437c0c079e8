/**
 * Slack's limits on blocks and views, pure. The real one refuses a whole message for one long button, so the stand-in
 * does the same: a message that passes here and fails there is the bug that this file is for.
 */
import { isRecord } from './http.ts';
import { lintElement, lintImageSource, lintList, lintText, lintTextObject, type Say } from './lint-parts.ts';

export type Surface = 'message' | 'modal' | 'home';

/** What is wrong: Slack's error code, and its messages, each naming the place. */
export type BlockProblem = { readonly error: string; readonly messages: readonly string[] };

type Fields = Record<string, unknown>;
type Lint = (block: Fields, path: string, say: Say) => undefined;

const PRESSABLE = ['button', 'overflow', 'static_select', 'multi_static_select', 'radio_buttons', 'checkboxes'];
const PICKERS = [...PRESSABLE, 'datepicker', 'timepicker', 'users_select'];
const TEXT_INPUTS = ['plain_text_input', 'number_input', 'email_text_input', 'url_text_input'];
const INPUTS = [...PICKERS.filter((type) => type !== 'button' && type !== 'overflow'), ...TEXT_INPUTS];

/** Measured by others on the real one: 13,297 characters in one block, about 125 fewer for each further block. */
const TEXT_LIMIT = 13_297;
const TEXT_PER_BLOCK = 125;

const BLOCKS: Readonly<Record<string, Lint>> = {
  section: lintSection,
  header: (block, path, say) => lintTextObject(block.text, `${path}/text`, 150, say),
  divider: () => undefined,
  context: (block, path, say) => lintList(block.elements, `${path}/elements`, [1, 10], say, contextElement(say)),
  actions: (block, path, say) =>
    lintList(block.elements, `${path}/elements`, [1, 25], say, (item, at) => lintElement(item, at, PICKERS, say)),
  image: (block, path, say) => {
    lintImageSource(block, path, say);
    if (block.title !== undefined) lintTextObject(block.title, `${path}/title`, 2000, say);
  },
  input: lintInput,
  rich_text: (block, path, say) => lintList(block.elements, `${path}/elements`, [0, 1000], say, () => undefined),
  markdown: (block, path, say) => lintText(block.text, `${path}/text`, 12_000, say),
  table: lintTable,
  task_card: lintTaskCard,
  plan: lintPlan,
  alert: (block, path, say) => lintTextObject(block.text, `${path}/text`, 200, say, false),
  video: () => undefined,
  card: () => undefined,
  carousel: () => undefined,
  container: () => undefined,
  context_actions: () => undefined,
  data_table: () => undefined,
};

const NOT_ON: Readonly<Record<Surface, readonly string[]>> = {
  message: ['alert'],
  modal: ['table', 'data_table', 'plan', 'task_card', 'markdown'],
  home: ['alert', 'table', 'data_table', 'plan', 'task_card', 'markdown'],
};

/** Checks blocks for a surface; undefined when Slack would take them. `isFile` knows the files that were uploaded. */
export function lintBlocks(
  blocks: unknown,
  surface: Surface,
  isFile: (id: string) => boolean,
): BlockProblem | undefined {
  const problems: string[] = [];
  const say: Say = (problem, path) => void problems.push(`${problem} [json-pointer:${path}]`);
  const max = surface === 'message' ? 50 : 100;
  lintList(blocks, '/blocks', [0, max], say, (block, path) => lintBlock(block, path, surface, say));
  if (!Array.isArray(blocks)) return { error: 'invalid_blocks_format', messages: problems };
  lintUniqueness(blocks, say);
  lintFiles(blocks, isFile, say);
  if (problems.length > 0) return { error: 'invalid_blocks', messages: problems };
  const length = textLength(blocks) + TEXT_PER_BLOCK * (blocks.length - 1);
  return surface === 'message' && length > TEXT_LIMIT ? { error: 'msg_blocks_too_long', messages: [] } : undefined;
}

/** Checks a view's own fields and its blocks; undefined when Slack would take it. */
export function lintView(view: unknown, isFile: (id: string) => boolean): BlockProblem | undefined {
  const problems: string[] = [];
  const say: Say = (problem, path) => void problems.push(`${problem} [json-pointer:${path}]`);
  if (!isRecord(view)) return { error: 'invalid_arguments', messages: ['must provide an object [json-pointer:/view]'] };
  if (view.type !== 'modal' && view.type !== 'home') say(`unsupported type: ${String(view.type)}`, '/view/type');
  if (view.type === 'modal') lintModal(view, say);
  lintText(view.private_metadata, '/view/private_metadata', 3000, say, false);
  lintText(view.callback_id, '/view/callback_id', 255, say, false);
  if (problems.length > 0) return { error: 'invalid_arguments', messages: problems };
  const found = lintBlocks(view.blocks, view.type === 'home' ? 'home' : 'modal', isFile);
  return found === undefined ? undefined : { error: 'invalid_arguments', messages: found.messages };
}

function lintModal(view: Fields, say: Say): undefined {
  lintTextObject(view.title, '/view/title', 24, say);
  if (view.submit !== undefined) lintTextObject(view.submit, '/view/submit', 24, say);
  if (view.close !== undefined) lintTextObject(view.close, '/view/close', 24, say);
  const asks = Array.isArray(view.blocks) && view.blocks.some((block) => isRecord(block) && block.type === 'input');
  if (asks && view.submit === undefined) say('missing required field: submit, as there are input blocks', '/view');
}

function lintBlock(block: unknown, path: string, surface: Surface, say: Say): undefined {
  if (!isRecord(block)) return say('must be an object', path);
  const type = String(block.type);
  const lint = BLOCKS[type];
  if (lint === undefined || NOT_ON[surface].includes(type)) return say(`unsupported type: ${type}`, `${path}/type`);
  lintText(block.block_id, `${path}/block_id`, 255, say, false);
  lint(block, path, say);
}

function lintSection(block: Fields, path: string, say: Say): undefined {
  if (block.text === undefined && block.fields === undefined) say('missing required field: text or fields', path);
  if (block.text !== undefined) lintTextObject(block.text, `${path}/text`, 3000, say, false);
  if (block.fields !== undefined) {
    lintList(block.fields, `${path}/fields`, [1, 10], say, (f, at) => lintTextObject(f, at, 2000, say, false));
  }
  if (block.accessory !== undefined) lintElement(block.accessory, `${path}/accessory`, [...PICKERS, 'image'], say);
}

function contextElement(say: Say): (item: unknown, path: string) => undefined {
  return (item, path) =>
    isRecord(item) && item.type === 'image'
      ? lintImageSource(item, path, say)
      : lintTextObject(item, path, 3000, say, false);
}

function lintInput(block: Fields, path: string, say: Say): undefined {
  lintTextObject(block.label, `${path}/label`, 2000, say);
  if (block.hint !== undefined) lintTextObject(block.hint, `${path}/hint`, 2000, say);
  lintElement(block.element, `${path}/element`, INPUTS, say);
}

function lintTable(block: Fields, path: string, say: Say): undefined {
  lintList(block.rows, `${path}/rows`, [1, 100], say, (row, at) =>
    lintList(row, at, [1, 20], say, (cell, cellAt) => lintCell(cell, cellAt, say)),
  );
  if (block.column_settings !== undefined) {
    lintList(block.column_settings, `${path}/column_settings`, [0, 20], say, () => undefined);
  }
  if (textLength(block.rows) > 10_000) say('must be less than 10001 characters over all cells', `${path}/rows`);
}

function lintCell(cell: unknown, path: string, say: Say): undefined {
  if (!isRecord(cell)) return say('must be an object', path);
  if (cell.type === 'rich_text') return lintList(cell.elements, `${path}/elements`, [1, 100], say, () => undefined);
  if (cell.type === 'raw_number') return typeof cell.value === 'number' ? undefined : say('must be a number', path);
  if (cell.type !== 'raw_text') return say(`unsupported type: ${String(cell.type)}`, `${path}/type`);
  lintText(cell.text, `${path}/text`, 10_000, say);
}

function lintTaskCard(block: Fields, path: string, say: Say): undefined {
  lintText(block.task_id, `${path}/task_id`, 255, say);
  lintText(block.title, `${path}/title`, 3000, say);
  const states = ['pending', 'in_progress', 'complete', 'error'];
  if (!states.includes(String(block.status))) say('must be a valid enum value', `${path}/status`);
}

function lintPlan(block: Fields, path: string, say: Say): undefined {
  lintText(block.title, `${path}/title`, 3000, say);
  const seen = new Set<string>();
  lintList(block.tasks ?? [], `${path}/tasks`, [0, 50], say, (task, at) => {
    if (!isRecord(task)) return say('must be an object', at);
    lintTaskCard(task, at, say);
    if (seen.has(String(task.task_id))) say(`task_id already exists: ${String(task.task_id)}`, at);
    seen.add(String(task.task_id));
  });
}

function lintUniqueness(blocks: readonly unknown[], say: Say): undefined {
  const seen = new Set<unknown>();
  let tables = 0;
  blocks.forEach((block, index) => {
    if (!isRecord(block)) return;
    if (block.block_id !== undefined && seen.has(block.block_id)) {
      say(`block_id already exists: ${String(block.block_id)}`, `/blocks/${index}/block_id`);
    }
    seen.add(block.block_id);
    if (block.type === 'table') tables += 1;
    if (block.type === 'table' && tables > 1) say('only_one_table_allowed', `/blocks/${index}`);
    lintActionIds(block, `/blocks/${index}`, say);
  });
}

function lintActionIds(block: Fields, path: string, say: Say): undefined {
  if (!Array.isArray(block.elements) || block.type !== 'actions') return;
  const ids = block.elements.flatMap((item) =>
    isRecord(item) && item.action_id !== undefined ? [item.action_id] : [],
  );
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) say(`action_id already exists: ${String(twice)}`, `${path}/elements`);
}

function lintFiles(value: unknown, isFile: (id: string) => boolean, say: Say, path = '/blocks'): undefined {
  if (!isRecord(value) && !Array.isArray(value)) return;
  if (isRecord(value) && isRecord(value.slack_file)) {
    const file = value.slack_file;
    const id = typeof file.id === 'string' ? file.id : idInUrl(String(file.url));
    if (!isFile(id)) say('invalid slack file', `${path}/slack_file`);
  }
  for (const [name, inner] of Object.entries(value)) lintFiles(inner, isFile, say, `${path}/${name}`);
}

function idInUrl(url: string): string {
  return /\/files\/([^/]+)\//.exec(url)?.[1] ?? '';
}

/** Characters of everything a person reads in these blocks. */
function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textLength(item), 0);
  if (!isRecord(value)) return 0;
  return Object.entries(value).reduce((sum, [name, inner]) => {
    if (typeof inner === 'string') return sum + (['text', 'title', 'alt_text'].includes(name) ? inner.length : 0);
    return sum + textLength(inner);
  }, 0);
}
