import type { StrataClient } from '#renderer/client/client.ts';
import type { AppState } from './app-store.ts';

/** What a slice works with: the client, the whole state to read, and its own part to write. */
export interface SliceTools<S> {
  readonly client: StrataClient;
  /** The whole state as it is now. */
  state(): AppState;
  /** This slice as it is now. */
  own(): S;
  /** Merges into this slice. */
  set(patch: Partial<S>): void;
}

/** Makes a slice: its first values and its actions. One file per area. */
export type SliceCreator<S> = (tools: SliceTools<S>) => S;
