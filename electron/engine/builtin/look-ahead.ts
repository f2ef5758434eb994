import type { ImageRecord } from '../../store/image-records.ts';
import type { Store } from '../../store/store.ts';

/** Looks into layers that came with a pull before anybody asks for their files. */
export interface LookAhead {
  /** Begins after what is under way; `onLooked` is told after each image. */
  begin(image: ImageRecord): void;
  /** Stops what is under way. */
  close(): Promise<void>;
}

/** A look-ahead for a host that stays: one layer at a time, so that a build finds the machine free. */
export function createLookAhead(store: Store, onLooked: () => void): LookAhead {
  const stop = new AbortController();
  let last: Promise<void> = Promise.resolve();
  return {
    begin: (image) => {
      last = last.then(async () => {
        await lookInto(store, image, stop.signal);
        if (!stop.signal.aborted) onLooked();
      });
    },
    close: async () => {
      stop.abort();
      await last;
    },
  };
}

async function lookInto(store: Store, { layers }: ImageRecord, signal: AbortSignal): Promise<void> {
  for (const layer of layers) {
    if (signal.aborted) return;
    // What is wrong with a layer is told to whoever uses it, who looks into it again.
    await store.layers.verify(layer, signal).catch(() => undefined);
  }
}
