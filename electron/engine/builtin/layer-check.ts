import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import type { ImageConfig } from '#shared/oci/config.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import type { Descriptor, ImageManifest } from '#shared/oci/manifest.ts';
import { cancelled } from '../../image/abortable.ts';
import { createLimiter } from '../../image/limiter.ts';
import type { Store } from '../../store/store.ts';

/** Looks into the layers of a pull, each as soon as it is in the store, while others still come. */
export interface LayerCheck {
  /** For the pull: aborts when the caller's does, and when a layer is not sound. */
  readonly signal: AbortSignal;
  readonly onStored: (blob: Descriptor, image: ImageManifest) => void;
  /** Waits for what is under way, and throws what was wrong with a layer, else what the pull failed with. */
  readonly fail: (error: unknown) => Promise<never>;
  /** Resolves when all layers were looked into; throws `digest-mismatch`, `malformed` or `unsafe-archive`. */
  finished(): Promise<void>;
}

/** Layers that are looked into at the same time: each in a thread of its own, where it is worth one. */
const AT_ONCE = Math.min(4, Math.max(2, availableParallelism()));

/** A check for one pull. */
export function createLayerCheck(store: Store, signal: AbortSignal | undefined): LayerCheck {
  const stop = new AbortController();
  const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  // Every layer that waits for its turn listens to it, and an image may have many.
  setMaxListeners(0, either);
  const limiter = createLimiter(AT_ONCE);
  const early: Descriptor[] = [];
  const checks: Promise<void>[] = [];
  let config: Promise<ImageConfig> | undefined;
  let unsound: { readonly error: unknown } | undefined;

  const check = async (blob: Descriptor, image: ImageManifest): Promise<void> => {
    const diffIds = (await config)?.diffIds ?? [];
    for (const [at, { digest, size, mediaType }] of image.layers.entries()) {
      const diffId = diffIds[at];
      if (digest !== blob.digest || diffId === undefined) continue;
      await limiter.run(() => store.layers.index({ digest, diffId, size, mediaType }, either), either);
    }
  };
  const begin = (blob: Descriptor, image: ImageManifest): void => {
    const failed = (error: unknown): void => {
      if (!either.aborted) unsound = { error };
      stop.abort();
    };
    checks.push(check(blob, image).catch(failed));
  };
  const settled = async (): Promise<void> => {
    await Promise.all(checks);
    if (unsound !== undefined) throw unsound.error;
  };
  return {
    signal: either,
    onStored: (blob, image) => {
      if (blob.digest === image.config.digest) {
        config = store.content.read(blob.digest).then(parseConfig);
        for (const each of [blob, ...early.splice(0)]) begin(each, image);
      } else if (config === undefined) early.push(blob);
      else begin(blob, image);
    },
    fail: async (error) => {
      await settled();
      throw error;
    },
    finished: async () => {
      await settled();
      if (signal?.aborted === true) throw cancelled();
    },
  };
}
