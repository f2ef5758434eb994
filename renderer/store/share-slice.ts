import type { ShareStatus } from '#shared/contract/share.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';
import { createTurns } from './turns.ts';

/** Whether the store is served to container tools of this machine, and who used it. */
export interface ShareSlice {
  readonly status: Remote<ShareStatus>;
  load(): Promise<void>;
  /** After what is still under way, as {@link stop} is. Rejects with the host's refusal: a port that is taken. */
  start(options: { readonly port: number | undefined; readonly readOnly: boolean }): Promise<void>;
  stop(): Promise<void>;
}

/** Makes the share slice. */
export const createShareSlice: SliceCreator<ShareSlice> = (tools) => {
  const loader = createLoader();
  const inTurn = createTurns();
  const become = (value: ShareStatus): void => {
    loader.stop();
    tools.set({ status: { status: 'ready', value } });
  };
  return {
    status: IDLE,
    load: () =>
      loader.load<ShareStatus>(
        tools.own().status,
        (signal) => tools.client.share.status(undefined, { signal }),
        (status) => tools.set({ status }),
      ),
    start: ({ port, readOnly }) =>
      inTurn(async () =>
        become(await tools.client.share.start({ readOnly, ...(port === undefined ? {} : { port }) })),
      ),
    stop: () => inTurn(async () => become(await tools.client.share.stop())),
  };
};
