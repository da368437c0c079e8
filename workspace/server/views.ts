/**
 * Open forms and Home tabs. A person has a stack of at most three forms; each edit gives a view a new hash, so that an
 * app which edits an old state is told of it. Nothing here outlives the process, as nothing does in Slack's client.
 */
import type { Book } from './book.ts';
import type { Cast } from './cast.ts';
import { stateOf, withIds } from './elements.ts';
import { isRecord } from './http.ts';
import type { Choices, ViewOnPage } from './wire.ts';

type Fields = Record<string, unknown>;

export type StoredView = {
  readonly id: string;
  readonly hash: string;
  readonly user: string;
  readonly root: string;
  readonly previous: string | null;
  /** The view as the app gave it, with ids on its blocks. */
  readonly given: Fields;
};

export type ViewDesk = {
  open(user: string, view: Fields): StoredView;
  push(user: string, view: Fields): StoredView | { readonly error: 'push_limit_reached' };
  /** By id, or by the external_id that the app chose. */
  update(at: ViewAt, view: Fields): StoredView | { readonly error: 'not_found' | 'hash_conflict' };
  publish(user: string, view: Fields): StoredView;
  /** Takes one form away, or the person's whole stack. */
  close(user: string, viewId?: string): void;
  find(viewId: string): StoredView | undefined;
  modalsOf(user: string): readonly ViewOnPage[];
  homeOf(user: string): ViewOnPage | undefined;
  /** The view as Slack sends it, with the state of its inputs. */
  toApi(view: StoredView, choices: Choices): Fields;
};

export type ViewAt = {
  readonly id: string | undefined;
  readonly externalId: string | undefined;
  readonly hash: string | undefined;
};

const DEEPEST = 3;

/** Opens the desk of views. */
export function openViewDesk(cast: Cast, book: Book): ViewDesk {
  const stacks = new Map<string, StoredView[]>();
  const homes = new Map<string, StoredView>();
  const stackOf = (user: string) => stacks.get(user) ?? [];
  const all = () => [...[...stacks.values()].flat(), ...homes.values()];
  const show = (user: string, stack: StoredView[]) => {
    stacks.set(user, stack);
    book.tell({ type: 'modals', user, modals: stack.map(onPage) });
  };
  const create = (user: string, view: Fields, under?: StoredView): StoredView => {
    const id = `V${book.stamp().replace('.', '')}`;
    return {
      id,
      hash: book.stamp(),
      user,
      root: under?.root ?? id,
      previous: under?.id ?? null,
      given: prepare(view, book),
    };
  };
  const showHome = (view: StoredView) => {
    homes.set(view.user, view);
    book.tell({ type: 'home', user: view.user, home: onPage(view) });
    return view;
  };
  return {
    open(user, view) {
      const opened = create(user, view);
      show(user, [opened]);
      return opened;
    },
    push(user, view) {
      const stack = stackOf(user);
      if (stack.length >= DEEPEST) return { error: 'push_limit_reached' };
      const pushed = create(user, view, stack.at(-1));
      show(user, [...stack, pushed]);
      return pushed;
    },
    update(at, view) {
      const found = all().find(
        (item) => item.id === at.id || (at.id === undefined && hasExternalId(item, at.externalId)),
      );
      if (found === undefined) return { error: 'not_found' };
      if (at.hash !== undefined && at.hash !== found.hash) return { error: 'hash_conflict' };
      const next: StoredView = { ...found, hash: book.stamp(), given: prepare(view, book) };
      if (homes.get(found.user) === found) return showHome(next);
      show(
        found.user,
        stackOf(found.user).map((item) => (item.id === found.id ? next : item)),
      );
      return next;
    },
    publish: (user, view) => showHome({ ...create(user, view), ...idOf(homes.get(user)) }),
    close: (user, viewId) => show(user, viewId === undefined ? [] : stackOf(user).filter((item) => item.id !== viewId)),
    find: (viewId) => all().find((item) => item.id === viewId),
    modalsOf: (user) => stackOf(user).map(onPage),
    homeOf: (user) => {
      const home = homes.get(user);
      return home === undefined ? undefined : onPage(home);
    },
    toApi: (view, choices) => toApi(cast, view, choices),
  };
}

function prepare(view: Fields, book: Book): Fields {
  return { ...view, blocks: withIds(blocksOf(view), () => book.stamp().slice(-6)) };
}

function hasExternalId(view: StoredView, externalId: string | undefined): boolean {
  return externalId !== undefined && view.given.external_id === externalId;
}

function idOf(home: StoredView | undefined): { id: string; root: string } | undefined {
  return home === undefined ? undefined : { id: home.id, root: home.id };
}

/** The blocks of a view or message as a list. */
export function blocksOf(given: Fields): readonly unknown[] {
  return Array.isArray(given.blocks) ? given.blocks : [];
}

function textOf(value: unknown): string | undefined {
  return isRecord(value) && typeof value.text === 'string' ? value.text : undefined;
}

function onPage(view: StoredView): ViewOnPage {
  const submit = textOf(view.given.submit);
  return {
    id: view.id,
    hash: view.hash,
    title: textOf(view.given.title) ?? '',
    ...(submit !== undefined && { submit }),
    close: textOf(view.given.close) ?? 'Cancel',
    blocks: withIds(blocksOf(view.given), () => ''),
  };
}

function toApi(cast: Cast, view: StoredView, choices: Choices): Fields {
  return {
    private_metadata: '',
    callback_id: '',
    external_id: '',
    clear_on_close: false,
    notify_on_close: false,
    submit: null,
    close: null,
    ...view.given,
    id: view.id,
    hash: view.hash,
    team_id: cast.team.id,
    app_id: cast.app.id,
    app_installed_team_id: cast.team.id,
    bot_id: cast.app.botId,
    root_view_id: view.root,
    previous_view_id: view.previous,
    state: { values: stateOf(blocksOf(view.given), choices) },
  };
}
