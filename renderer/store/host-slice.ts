import type { ConnectionState } from '#renderer/client/connection.ts';
import type { AppInfo } from '#shared/contract/app.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What the page knows of its host and its wire to it. */
export interface HostSlice {
  readonly connection: ConnectionState;
  readonly info: Remote<AppInfo>;
  load(): Promise<void>;
  setConnection(connection: ConnectionState): void;
  /** Opens an address in the user's browser by way of the desktop; rejects with the host's refusal. */
  openExternal(url: string): Promise<void>;
}

/** Makes the host slice. */
export const createHostSlice: SliceCreator<HostSlice> = (tools) => {
  const loader = createLoader();
  return {
    connection: 'connecting',
    info: IDLE,
    load: () =>
      loader.load(
        tools.own().info,
        (signal) => tools.client.app.info(undefined, { signal }),
        (info) => tools.set({ info }),
      ),
    setConnection: (connection) => tools.set({ connection }),
    openExternal: async (url) => {
      await tools.client.app.openExternal({ url });
    },
  };
};
