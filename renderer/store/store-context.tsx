import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { AppState, AppStore } from './app-store.ts';

const StoreContext = createContext<AppStore | null>(null);

/** Gives the store to what is inside. */
export function StoreProvider(props: { readonly store: AppStore; readonly children: ReactNode }): ReactNode {
  return <StoreContext value={props.store}>{props.children}</StoreContext>;
}

/** The store itself, for event handlers and commands. */
export function useAppStore(): AppStore {
  const store = useContext(StoreContext);
  if (store === null) throw new Error('A component was drawn outside StoreProvider.');
  return store;
}

/** A part of the state; draws again when it changes. Select narrowly, and return stable values. */
export function useApp<T>(selector: (state: AppState) => T): T {
  return useStore(useAppStore(), selector);
}

/** As {@link useApp}, for selectors that build an object or list: compared entry by entry. */
export function useAppShallow<T>(selector: (state: AppState) => T): T {
  return useStore(useAppStore(), useShallow(selector));
}
