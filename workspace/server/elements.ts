/**
 * Elements that act: giving them ids as Slack does, finding them again, and turning what a person chose into the shape
 * that Slack sends. The page sends bare choices; what the app is told is made here from the stored blocks, so that a
 * page cannot press a button that was never shown.
 */
import type { KnownBlock } from '@slack/web-api';
import { isRecord } from './http.ts';
import type { Choice, Choices } from './wire.ts';

type Fields = Record<string, unknown>;

/** The blocks with a block_id on each and an action_id on each element, where the app gave none. */
export function withIds(blocks: readonly unknown[], nextId: () => string): KnownBlock[] {
  return blocks.filter(isRecord).map((block) => {
    const named: Fields = { block_id: nextId(), ...block };
    if (isRecord(block.accessory)) named.accessory = withActionId(block.accessory, nextId);
    if (isRecord(block.element)) named.element = withActionId(block.element, nextId);
    if (block.type === 'actions' && Array.isArray(block.elements)) {
      named.elements = block.elements.filter(isRecord).map((element) => withActionId(element, nextId));
    }
    return asKnownBlock(named);
  });
}

/** The blocks were linted before they came here; what lint does not know, the page shows as a red box. */
function asKnownBlock(block: Fields): KnownBlock {
  return block as unknown as KnownBlock;
}

function withActionId(element: Fields, nextId: () => string): Fields {
  return element.type === 'image' || element.action_id !== undefined ? element : { ...element, action_id: nextId() };
}

/** One element that acts, with the id of its block. */
export type Placed = { readonly blockId: string; readonly actionId: string; readonly element: Fields };

/** Every element with an action_id, in order. */
export function listElements(blocks: readonly unknown[]): Placed[] {
  return blocks.filter(isRecord).flatMap((block) => {
    const inside = [block.accessory, block.element, ...(Array.isArray(block.elements) ? block.elements : [])];
    return inside
      .filter(isRecord)
      .flatMap((element) =>
        typeof element.action_id === 'string' && typeof block.block_id === 'string'
          ? [{ blockId: block.block_id, actionId: element.action_id, element }]
          : [],
      );
  });
}

/** The entry of `actions` for one press or choice; undefined when the element or the option is not there. */
export function actionOf(blocks: readonly unknown[], at: ActAt, ts: string): Fields | undefined {
  const found = listElements(blocks).find((item) => item.blockId === at.blockId && item.actionId === at.actionId);
  if (found === undefined) return undefined;
  const { element } = found;
  const chosen = chosenIn(element, at.choice);
  if (chosen === undefined) return undefined;
  const base = { type: element.type, block_id: at.blockId, action_id: at.actionId, action_ts: ts };
  if (element.type !== 'button') return { ...base, ...chosen };
  return { ...base, text: element.text, ...(element.value === undefined ? {} : { value: element.value }) };
}

export type ActAt = { readonly blockId: string; readonly actionId: string; readonly choice: Choice };

/** `state.values` of a message or a view: every input with what was chosen, or what it started with. */
export function stateOf(blocks: readonly unknown[], choices: Choices): Record<string, Record<string, Fields>> {
  const values: Record<string, Record<string, Fields>> = {};
  for (const { blockId, actionId, element } of listElements(blocks)) {
    if (element.type === 'button' || element.type === 'overflow') continue;
    const choice = choices[blockId]?.[actionId];
    const chosen = chosenIn(element, choice === undefined ? initialChoice(element) : choice);
    values[blockId] = { ...values[blockId], [actionId]: { type: element.type, ...chosen } };
  }
  return values;
}

/** What an element holds before anybody touches it. */
export function initialChoice(element: Fields): Choice {
  const one = element.initial_option;
  if (isRecord(one)) return String(one.value);
  if (Array.isArray(element.initial_options))
    return element.initial_options.filter(isRecord).map((o) => String(o.value));
  const text = element.initial_value ?? element.initial_date ?? element.initial_time ?? element.initial_user;
  return typeof text === 'string' ? text : null;
}

/** The fields that carry the choice, by the element's type; undefined when an option is named that does not exist. */
function chosenIn(element: Fields, choice: Choice): Fields | undefined {
  switch (element.type) {
    case 'button':
      return {};
    case 'datepicker':
      return { selected_date: choice };
    case 'timepicker':
      return { selected_time: choice };
    case 'users_select':
      return { selected_user: choice };
    case 'overflow':
    case 'static_select':
    case 'radio_buttons':
      return selectOne(element, choice);
    case 'multi_static_select':
    case 'checkboxes':
      return selectMany(element, choice);
    default:
      return { value: choice };
  }
}

function selectOne(element: Fields, choice: Choice): Fields | undefined {
  if (choice === null) return { selected_option: null };
  const option = optionsOf(element).find((item) => item.value === choice);
  return option === undefined ? undefined : { selected_option: option };
}

function selectMany(element: Fields, choice: Choice): Fields | undefined {
  const wanted = choice === null ? [] : Array.isArray(choice) ? choice : [choice];
  const options = optionsOf(element).filter((option) => wanted.includes(option.value));
  return options.length === wanted.length ? { selected_options: options } : undefined;
}

function optionsOf(element: Fields): Fields[] {
  const groups = Array.isArray(element.option_groups) ? element.option_groups.filter(isRecord) : [];
  const lists = [element.options, ...groups.map((group) => group.options)];
  return lists.flatMap((list) => (Array.isArray(list) ? list.filter(isRecord) : []));
}
