/** The emoji that a pipeline bot needs, by Slack's names. Others stay as `:name:`, which is how Slack shows unknown ones. */
const EMOJI: Readonly<Record<string, string>> = {
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  x: '❌',
  warning: '⚠️',
  rotating_light: '🚨',
  no_entry: '⛔',
  hourglass_flowing_sand: '⏳',
  hourglass: '⌛',
  arrows_counterclockwise: '🔄',
  rocket: '🚀',
  tada: '🎉',
  eyes: '👀',
  mag: '🔍',
  wrench: '🔧',
  hammer_and_wrench: '🛠️',
  basketball: '🏀',
  calendar: '📆',
  bar_chart: '📊',
  chart_with_upwards_trend: '📈',
  bulb: '💡',
  information_source: 'ℹ️',
  question: '❓',
  exclamation: '❗',
  lock: '🔒',
  wave: '👋',
  thumbsup: '👍',
  '+1': '👍',
  thumbsdown: '👎',
  '-1': '👎',
  large_green_circle: '🟢',
  large_yellow_circle: '🟡',
  large_orange_circle: '🟠',
  red_circle: '🔴',
  white_circle: '⚪',
  black_circle: '⚫',
  double_vertical_bar: '⏸️',
  arrow_forward: '▶️',
  black_square_for_stop: '⏹️',
  link: '🔗',
  memo: '📝',
  bell: '🔔',
};

/** The character of an emoji, or undefined when this page does not know it. */
export function emojiOf(name: string): string | undefined {
  return Object.hasOwn(EMOJI, name) ? EMOJI[name] : undefined;
}

/** Replaces `:name:` in plain text. */
export function withEmoji(text: string): string {
  return text.replaceAll(/:([a-z0-9_+-]+):/g, (whole, name: string) => emojiOf(name) ?? whole);
}
