/** Times as the person's browser writes them; Slack's date tokens among them. */

/** The instant of a ts. */
export function instantOf(ts: string): Date {
  return new Date(Number(ts) * 1000);
}

export function timeOf(instant: Date): string {
  return instant.toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' });
}

export function fullTimeOf(instant: Date): string {
  return instant.toLocaleString([], { dateStyle: 'full', timeStyle: 'medium' });
}

/** "Today", "Yesterday", or the long date. */
export function dayOf(instant: Date, now: Date): string {
  const name = nearDay(instant, now);
  return name ?? instant.toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long' });
}

function nearDay(instant: Date, now: Date): string | undefined {
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (instant.toDateString() === now.toDateString()) return 'Today';
  return instant.toDateString() === yesterday.toDateString() ? 'Yesterday' : undefined;
}

/** Fills Slack's date format: `{date_num}`, `{date_short_pretty}`, `{time}`, `{ago}` and so on. Unknown tokens stay. */
export function formatDate(seconds: number, format: string, now: Date): string {
  const instant = new Date(seconds * 1000);
  return format.replaceAll(/\{(\w+)\}/g, (whole, token: string) => dateToken(token, instant, now) ?? whole);
}

function dateToken(token: string, instant: Date, now: Date): string | undefined {
  const near = token.endsWith('_pretty') ? nearDay(instant, now) : undefined;
  if (near !== undefined) return near.toLowerCase();
  switch (token.replace(/_pretty$/, '')) {
    case 'date_num':
      return `${instant.getFullYear()}-${pad(instant.getMonth() + 1)}-${pad(instant.getDate())}`;
    case 'date_short':
      return instant.toLocaleDateString([], { day: 'numeric', month: 'short', year: 'numeric' });
    case 'date_long':
      return instant.toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
    case 'date':
      return instant.toLocaleDateString([], { day: 'numeric', month: 'long', year: 'numeric' });
    case 'time':
      return timeOf(instant);
    case 'time_secs':
      return instant.toLocaleTimeString();
    case 'ago':
      return agoOf(now.getTime() - instant.getTime());
    default:
      return undefined;
  }
}

const pad = (value: number): string => String(value).padStart(2, '0');

function agoOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h ago` : `${Math.round(minutes / 1440)} days ago`;
}
