/** The port of forms and Home tabs: what one person sees outside of any channel. Nothing in it outlives Slack's client. */
import type { View } from '../messages/view.ts';

export type ViewResult =
  | { readonly kind: 'ok'; readonly id: string; readonly hash: string }
  /** Closed, changed meanwhile, or asked for too late: there is nothing left to show it in. */
  | { readonly kind: 'gone'; readonly detail: string }
  /** Slack did not take it now. */
  | { readonly kind: 'later'; readonly detail: string }
  /** Will never be shown. */
  | { readonly kind: 'refused'; readonly detail: string };

/** `externalId`: the one that we gave a view, for those that Slack has opened out of an answer of ours. */
export type ViewAt = { readonly id: string; readonly hash?: string } | { readonly externalId: string };

export type Views = {
  /** Opens a form; a trigger lives three seconds. Never throws for what Slack answers, as all of these. */
  open(view: View, trigger: string): Promise<ViewResult>;
  /** Puts another view in the place of an open one. */
  update(view: View, at: ViewAt): Promise<ViewResult>;
  /** Shows a Home tab to one person. May be repeated. */
  publish(view: View, user: string): Promise<ViewResult>;
};
