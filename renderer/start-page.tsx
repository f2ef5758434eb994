import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import type { StrataClient } from './client/client.ts';
import { listenForShortcuts, runCommand } from './commands/keyboard.ts';
import { type AppStore, createAppStore } from './store/app-store.ts';
import { syncBuilds } from './store/build-sync.ts';
import { syncContainers } from './store/container-sync.ts';
import { syncImageBuild } from './store/image-build-sync.ts';
import { syncLocation } from './store/location-sync.ts';
import { tellOperationEnds } from './store/operation-notices.ts';
import { loadOnRoute } from './store/route-loading.ts';
import { StoreProvider } from './store/store-context.tsx';
import { startSubscriptions } from './store/subscriptions.ts';
import { syncTheme } from './store/theme-sync.ts';
import './styles/tokens.css';
import './styles/global.css';
import './styles/reduced-motion.css';

/** Starts the page over a client, draws it into `root`, and returns its store. */
export function startPage(client: StrataClient, root: HTMLElement): AppStore {
  const store = createAppStore(client);
  syncLocation(store, window);
  loadOnRoute(store);
  tellOperationEnds(store);
  syncTheme(store, document.documentElement);
  syncBuilds(store);
  syncContainers(store);
  syncImageBuild(store);
  listenForShortcuts(store, window);
  startSubscriptions(store, {
    client,
    // The page lives as long as its window.
    signal: new AbortController().signal,
    onCommand: (id) => runCommand(store, id),
  });
  createRoot(root).render(
    <StrictMode>
      <StoreProvider store={store}>
        <App />
      </StoreProvider>
    </StrictMode>,
  );
  return store;
}
