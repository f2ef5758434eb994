import type { StrataClient } from '#renderer/client/client.ts';
import type { Connection } from '#renderer/client/connection.ts';
import { follow } from '#renderer/client/follow.ts';
import type { Change } from '#shared/contract/app.ts';
import type { AppState, AppStore } from './app-store.ts';

/** What the subscriptions need beside the store. */
export interface SubscriptionOptions {
  readonly client: StrataClient;
  readonly signal: AbortSignal;
  /** Runs the page command that the native menu chose. */
  onCommand(id: string): void;
}

/** Loads everything, then keeps it fresh from the host's streams until aborted. */
export function startSubscriptions(store: AppStore, options: SubscriptionOptions): void {
  const { client, signal } = options;
  const state = (): AppState => store.getState();
  const fail = (error: unknown): void => {
    if (!signal.aborted) console.error(error);
  };
  follow((until) => client.app.changes(undefined, { signal: until }), {
    signal,
    onStart: (again) => void loadEverything(state, again).catch(fail),
    onValue: (change) => {
      if (change.topic === 'command' && change.path !== undefined)
        state().dialogs.show({ kind: 'open-archive', path: change.path });
      else if (change.topic === 'command') options.onCommand(change.command ?? '');
      else refresh(state(), change);
    },
  }).catch(fail);
  follow((until) => client.operations.feed(undefined, { signal: until }), {
    signal,
    // What happened while nobody listened is in the list.
    onStart: () => void state().operations.load().catch(fail),
    onValue: (operation) => state().operations.receive(operation),
  }).catch(fail);
}

/** Mirrors the state of the wire into the store. */
export function followConnection(store: AppStore, connection: Connection): () => void {
  store.getState().host.setConnection(connection.state());
  return connection.onState((next) => store.getState().host.setConnection(next));
}

async function loadEverything(state: () => AppState, again: boolean): Promise<void> {
  await Promise.all([state().host.load(), state().settings.load(), state().engines.load()]);
  const { settings, engines } = state();
  if (!again && settings.value.status === 'ready') engines.adopt(settings.value.value.engine);
  await Promise.all([
    state().projects.load(),
    state().images.load(),
    state().builds.load(),
    state().containers.load(),
    state().registries.load(),
  ]);
}

/** Asks again for what changed. */
export function refresh(state: AppState, change: Change): void {
  void loadsFor(state, change)?.();
}

/** The load that brings a topic up to date; undefined where nothing on show depends on it. */
function loadsFor(state: AppState, change: Change): (() => Promise<void>) | undefined {
  const isShown = change.engine === undefined || change.engine === state.engines.selected;
  switch (change.topic) {
    case 'images':
      return isShown ? () => loadImages(state) : undefined;
    case 'builds':
      // One of the command line may be of a folder that is no project yet.
      return async () => {
        await Promise.all([state.builds.load(), state.projects.loadBuilt()]);
      };
    case 'engines':
      // An engine that came or went brings its containers or takes them away.
      return async () => {
        await state.engines.load();
        const isDiagnosed = state.settings.diagnostics.status !== 'idle';
        await Promise.all([state.containers.load(), isDiagnosed ? state.settings.diagnose(true) : undefined]);
      };
    case 'tags':
      return () => loadTags(state);
    case 'settings':
      // Which tags may move is among them.
      return async () => {
        await state.settings.load();
        await checkPushAgain(state);
      };
    case 'storage':
      return state.storage.usage.status === 'idle' ? undefined : state.storage.load;
    case 'share':
      return state.share.status.status === 'idle' ? undefined : state.share.load;
    case 'command':
      return undefined;
    default:
      return state[change.topic].load;
  }
}

/** A push elsewhere may have moved the very tag that a push here is about. */
async function loadTags(state: AppState): Promise<void> {
  const { journal } = state;
  await Promise.all([journal.moves.status === 'idle' ? undefined : journal.load(), checkPushAgain(state)]);
}

async function checkPushAgain({ dialogs, pushCheck }: AppState): Promise<void> {
  if (dialogs.open?.kind === 'push-image') await pushCheck.askAgain(dialogs.open.image);
}

async function loadImages(state: AppState): Promise<void> {
  const isImageShown = state.navigation.route.screen === 'image';
  await Promise.all([
    state.images.load(),
    isImageShown ? state.image.reload() : undefined,
    state.bases.reload(),
  ]);
}
