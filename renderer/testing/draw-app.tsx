import { createRoot } from 'react-dom/client';
import { App } from '#renderer/app.tsx';
import type { StrataClient } from '#renderer/client/client.ts';
import { type AppStore, createAppStore } from '#renderer/store/app-store.ts';
import { syncBuilds } from '#renderer/store/build-sync.ts';
import { syncContainers } from '#renderer/store/container-sync.ts';
import { syncImageBuild } from '#renderer/store/image-build-sync.ts';
import { tellOperationEnds } from '#renderer/store/operation-notices.ts';
import { parseRoute } from '#renderer/store/route.ts';
import { loadOnRoute } from '#renderer/store/route-loading.ts';
import { StoreProvider } from '#renderer/store/store-context.tsx';
import { startSubscriptions } from '#renderer/store/subscriptions.ts';
import { createFakeHost, type FakeHost, type FakeHostOptions } from './fake-client.ts';

/** The whole page, drawn over an invented host, and hands to use it with. */
export interface DrawnApp {
  readonly store: AppStore;
  readonly host: FakeHost;
  /** Waits until `look` gives something, while the page goes on; fails with `what` after a while. */
  until<T>(what: string, look: () => T | null | undefined | false): Promise<T>;
  /** The elements that can be used and are called so: by label, by words, or by placeholder. */
  all(name: string | RegExp): HTMLElement[];
  /** The first of {@link DrawnApp.all}, awaited. */
  find(name: string | RegExp): Promise<HTMLElement>;
  click(name: string | RegExp): Promise<void>;
  type(name: string | RegExp, text: string): Promise<void>;
  press(element: Element, key: string): Promise<void>;
  /** All words on the page. */
  words(): string;
}

const USABLE =
  'button, a, input, [role=button], [role=option], [role=radio], [role=tab], [role=menuitem], [role=listbox], [role=grid], [role=treegrid], [role=row], [role=checkbox], [role=log], [role=combobox]';

const left: (() => Promise<void>)[] = [];

/**
 * Draws the app at a place (`#/projects`), over calls that `change` may have put others in the place of. Undo it after
 * each test with {@link leaveApps}.
 */
export async function drawApp(
  hash: string,
  options: FakeHostOptions = {},
  change: (client: StrataClient) => StrataClient = (client) => client,
): Promise<DrawnApp> {
  giveElementsSizes();
  const host = createFakeHost({ now: Date.now(), ...options });
  const client = change(host.client);
  const store = createAppStore(client);
  const controller = new AbortController();
  const box = document.body.appendChild(document.createElement('div'));
  const root = createRoot(box);
  store.getState().navigation.go(parseRoute(hash));
  store.getState().host.setConnection('open');
  const stops = [syncBuilds(store), syncContainers(store), syncImageBuild(store)];
  loadOnRoute(store);
  tellOperationEnds(store);
  root.render(
    <StoreProvider store={store}>
      <App />
    </StoreProvider>,
  );
  startSubscriptions(store, { client, signal: controller.signal, onCommand: () => undefined });
  await pause();
  left.push(async () => {
    controller.abort();
    for (const stop of stops) stop();
    root.unmount();
    await pause();
    box.remove();
  });
  return handsOn(store, host);
}

/** Takes down every app that was drawn. */
export async function leaveApps(): Promise<void> {
  for (const leave of left.splice(0)) await leave();
  document.body.replaceChildren();
}

/** Long enough for React to draw what has happened. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}

function handsOn(store: AppStore, host: FakeHost): DrawnApp {
  const all = (name: string | RegExp): HTMLElement[] =>
    [...document.querySelectorAll<HTMLElement>(USABLE)].filter((element) => fits(nameOf(element), name));
  const until: DrawnApp['until'] = async (what, look) => {
    for (let turn = 0; turn < 300; turn++) {
      const found = look();
      if (found !== null && found !== undefined && found !== false) return found;
      await pause();
    }
    throw new Error(`${what} did not come. The page says: ${document.body.textContent}`);
  };
  const find = (name: string | RegExp): Promise<HTMLElement> => until(String(name), () => all(name)[0]);
  return {
    store,
    host,
    until,
    all,
    find,
    click: async (name) => {
      const isFree = (element: HTMLElement): boolean => !(element as HTMLButtonElement).disabled;
      (await until(String(name), () => all(name).find(isFree))).click();
      await pause();
    },
    type: async (name, text) => {
      const element = (await find(name)) as HTMLInputElement;
      // React watches the element's own setter and would take its use for no change.
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(element, text);
      element.dispatchEvent(new Event('input', { bubbles: true }));
      await pause();
    },
    press: async (element, key) => {
      element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      await pause();
    },
    words: () => document.body.textContent ?? '',
  };
}

function nameOf(element: HTMLElement): string {
  const label = element.getAttribute('aria-label');
  if (label !== null) return label;
  if (element instanceof HTMLInputElement) return element.labels?.[0]?.textContent ?? element.placeholder;
  return (element.textContent ?? '').trim();
}

function fits(text: string, name: string | RegExp): boolean {
  return typeof name === 'string' ? text === name : name.test(text);
}

/** A document without a layout has no sizes, and then lists that draw only what is in view would draw nothing. */
function giveElementsSizes(): void {
  const width = { configurable: true, get: () => 1000 };
  const height = {
    configurable: true,
    get(this: HTMLElement) {
      return ['grid', 'log', 'treegrid'].includes(this.getAttribute('role') ?? '') ? 600 : 20;
    },
  };
  Object.defineProperties(HTMLElement.prototype, {
    clientWidth: width,
    clientHeight: height,
    offsetWidth: width,
    offsetHeight: height,
  });
}
