/**
 * The parts of Block Kit that stand inside blocks (texts, options, buttons, selects, inputs), checked as Slack checks
 * them. Problems are worded as Slack words them, with the place as a JSON pointer, because that is what logs will hold.
 */
import { isRecord } from './http.ts';

/** Collects problems: `say('must be less than 76 characters', '/blocks/0/text')`. */
export type Say = (problem: string, path: string) => undefined;

type Fields = Record<string, unknown>;

/** Requires a text of 1 to `max` characters; absent is a problem only when `required`. */
export function lintText(value: unknown, path: string, max: number, say: Say, required = true): undefined {
  if (value === undefined || value === null) {
    if (required) say('missing required field', path);
    return;
  }
  if (typeof value !== 'string') return say('must be a string', path);
  if (value.length === 0 && required) say('must be more than 0 characters', path);
  if (value.length > max) say(`must be less than ${max + 1} characters`, path);
}

/** Requires a text object. `plain` allows plain_text only. */
export function lintTextObject(value: unknown, path: string, max: number, say: Say, plain = true): undefined {
  if (!isRecord(value)) return say('missing required field', path);
  const allowed = plain ? ['plain_text'] : ['plain_text', 'mrkdwn'];
  if (!allowed.includes(String(value.type))) return say(`unsupported type: ${String(value.type)}`, `${path}/type`);
  if (value.type === 'mrkdwn' && 'emoji' in value) say('additional property not allowed: emoji', path);
  lintText(value.text, `${path}/text`, max, say);
}

/** Requires a list of `min` to `max` items and hands each on. */
export function lintList(
  value: unknown,
  path: string,
  bounds: readonly [min: number, max: number],
  say: Say,
  each: (item: unknown, path: string) => undefined,
): undefined {
  if (!Array.isArray(value)) return say('missing required field', path);
  if (value.length < bounds[0]) say(`no fewer than ${bounds[0]} items required`, path);
  if (value.length > bounds[1]) say(`no more than ${bounds[1]} items allowed`, path);
  value.forEach((item, index) => {
    each(item, `${path}/${index}`);
  });
}

/** Checks one element of an actions block, an accessory, or an input. `allowed` are the types that may stand there. */
export function lintElement(value: unknown, path: string, allowed: readonly string[], say: Say): undefined {
  if (!isRecord(value)) return say('must be an object', path);
  const type = String(value.type);
  const lint = ELEMENTS[type];
  if (!allowed.includes(type) || lint === undefined) return say(`unsupported type: ${type}`, `${path}/type`);
  if (type !== 'image') lintText(value.action_id, `${path}/action_id`, 255, say, false);
  if (value.placeholder !== undefined) lintTextObject(value.placeholder, `${path}/placeholder`, 150, say);
  if (value.confirm !== undefined) lintConfirm(value.confirm, `${path}/confirm`, say);
  lint(value, path, say);
}

const ELEMENTS: Readonly<Record<string, (element: Fields, path: string, say: Say) => void>> = {
  button: lintButton,
  image: lintImageSource,
  overflow: (element, path, say) => lintOptions(element.options, `${path}/options`, 5, say),
  static_select: lintStaticSelect,
  multi_static_select: lintStaticSelect,
  radio_buttons: (element, path, say) => lintOptions(element.options, `${path}/options`, 10, say),
  checkboxes: (element, path, say) => lintOptions(element.options, `${path}/options`, 10, say),
  datepicker: (element, path, say) =>
    lintPattern(element.initial_date, /^\d{4}-\d\d-\d\d$/, `${path}/initial_date`, say),
  timepicker: (element, path, say) => lintPattern(element.initial_time, /^\d\d:\d\d$/, `${path}/initial_time`, say),
  plain_text_input: (element, path, say) => lintText(element.initial_value, `${path}/initial_value`, 3000, say, false),
  number_input: (element, path, say) => lintText(element.initial_value, `${path}/initial_value`, 3000, say, false),
  email_text_input: (element, path, say) => lintText(element.initial_value, `${path}/initial_value`, 3000, say, false),
  url_text_input: (element, path, say) => lintText(element.initial_value, `${path}/initial_value`, 3000, say, false),
  users_select: () => undefined,
};

function lintButton(element: Fields, path: string, say: Say): undefined {
  lintTextObject(element.text, `${path}/text`, 75, say);
  lintText(element.value, `${path}/value`, 2000, say, false);
  lintText(element.url, `${path}/url`, 3000, say, false);
  lintText(element.accessibility_label, `${path}/accessibility_label`, 75, say, false);
  if (element.style !== undefined && element.style !== 'primary' && element.style !== 'danger') {
    say('must be a valid enum value', `${path}/style`);
  }
}

function lintStaticSelect(element: Fields, path: string, say: Say): undefined {
  if (element.option_groups === undefined) return lintOptions(element.options, `${path}/options`, 100, say);
  lintList(element.option_groups, `${path}/option_groups`, [1, 100], say, (group, at) => {
    if (!isRecord(group)) return say('must be an object', at);
    lintTextObject(group.label, `${at}/label`, 75, say);
    lintOptions(group.options, `${at}/options`, 100, say);
  });
}

function lintOptions(value: unknown, path: string, max: number, say: Say): undefined {
  lintList(value, path, [1, max], say, (option, at) => {
    if (!isRecord(option)) return say('must be an object', at);
    lintTextObject(option.text, `${at}/text`, 75, say, false);
    lintText(option.value, `${at}/value`, 150, say);
    if (option.description !== undefined) lintTextObject(option.description, `${at}/description`, 75, say, false);
  });
}

function lintConfirm(value: unknown, path: string, say: Say): undefined {
  if (!isRecord(value)) return say('must be an object', path);
  lintTextObject(value.text, `${path}/text`, 300, say, false);
  for (const [name, max] of [
    ['title', 100],
    ['confirm', 30],
    ['deny', 30],
  ] as const) {
    if (value[name] !== undefined) lintTextObject(value[name], `${path}/${name}`, max, say);
  }
}

function lintPattern(value: unknown, pattern: RegExp, path: string, say: Say): undefined {
  if (value !== undefined && (typeof value !== 'string' || !pattern.test(value))) say('invalid format', path);
}

/** An image names a public url or a file of ours, not both, and always says what it shows. */
export function lintImageSource(image: Fields, path: string, say: Say): undefined {
  lintText(image.alt_text, `${path}/alt_text`, 2000, say);
  const url = image.image_url !== undefined;
  const file = isRecord(image.slack_file);
  if (url === file) return say('exactly one of image_url and slack_file is required', path);
  if (url) lintText(image.image_url, `${path}/image_url`, 3000, say);
}
