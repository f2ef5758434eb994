import type { Dialog, DialogImage } from '#renderer/dialogs/dialog.ts';
import type { BuildOptions } from '#shared/contract/projects.ts';
import type { SliceCreator } from './slice.ts';

/** How an operation was begun, so that it can be done again. */
export interface TransferOrigin {
  /** Where the image is or comes to. */
  readonly engine: string;
  /** The dialog with its fields. */
  readonly dialog: Dialog;
  /** The same once more. */
  again(): Promise<void>;
}

/** Whether a tag may come to name other content there, and its name typed where the repository asks for it. */
export interface TagMoving {
  readonly moveTag: boolean;
  /** The digest that was seen when the move was confirmed: it may leave that alone. */
  readonly movesFrom?: string;
  readonly confirmName?: string;
}

/** How an image is pushed. */
export interface PushChoice extends TagMoving {
  /** Signatures, SBOMs and attestations come along from the other places of the image. */
  readonly withReferrers?: boolean;
}

/** What is copied where. */
export interface CopyRequest {
  readonly from: string;
  readonly to: string;
  readonly platform: string;
  readonly withReferrers: boolean;
}

/**
 * Begins pushes, pulls, saves, loads, verifications and what goes between the store and other engines. Each rejects with
 * the host's refusal; once begun, the open dialog shows the operation.
 */
export interface TransfersSlice {
  /** By operation id; only those that this page began. */
  readonly origins: Readonly<Record<string, TransferOrigin>>;
  push(image: DialogImage, target: string, move: PushChoice): Promise<void>;
  /** `platform` such as `linux/arm64`; empty: that of this machine. */
  pull(engine: string, reference: string, platform: string): Promise<void>;
  /** Between two repositories. `platform` empty: all that the source lists. */
  copy(copy: CopyRequest, move: TagMoving): Promise<void>;
  save(image: DialogImage, format: 'oci' | 'docker'): Promise<void>;
  load(path: string): Promise<void>;
  /** Builds a project twice and compares. */
  verify(projectId: string, options: BuildOptions): Promise<void>;
  /** `name`: what it is called in the other engine; empty: as here. */
  send(image: DialogImage, to: string, name: string): Promise<void>;
  /** `name`: what it is called here; empty: as there. */
  take(image: DialogImage, name: string): Promise<void>;
  /** The same for several, all in the background. */
  sendAll(images: readonly DialogImage[], to: string): Promise<void>;
  takeAll(images: readonly DialogImage[]): Promise<void>;
}

/** Makes the transfers slice. */
export const createTransfersSlice: SliceCreator<TransfersSlice> = (tools) => {
  const begin = async (
    start: () => Promise<{ operationId: string }>,
    origin: TransferOrigin,
  ): Promise<void> => {
    const { open } = tools.state().dialogs;
    const { operationId } = await start();
    tools.set({ origins: { ...tools.own().origins, [operationId]: origin } });
    const { operations, dialogs } = tools.state();
    operations.watch(operationId);
    // Whoever went on to something else meanwhile finds it in the status bar.
    if (dialogs.open === open) dialogs.show({ kind: 'operation', operationId });
  };
  return {
    origins: {},
    push: (image, target, move) =>
      begin(() => tools.client.registries.push({ engine: image.engine, ref: image.ref, target, ...move }), {
        engine: image.engine,
        dialog: { kind: 'push-image', image, target },
        again: () => tools.own().push(image, target, move),
      }),
    pull: (engine, reference, platform) =>
      begin(
        () => tools.client.registries.pull({ engine, reference, ...(platform === '' ? {} : { platform }) }),
        {
          engine,
          dialog: { kind: 'pull-image', reference, engine },
          again: () => tools.own().pull(engine, reference, platform),
        },
      ),
    copy: (copy, move) => {
      const { platform, ...rest } = copy;
      const wanted = platform === '' ? {} : { platform };
      return begin(() => tools.client.registries.copy({ ...rest, ...wanted, ...move }), {
        engine: 'registry',
        dialog: { kind: 'copy-image', from: copy.from, to: copy.to },
        again: () => tools.own().copy(copy, move),
      });
    },
    save: (image, format) =>
      begin(() => tools.client.images.save({ engine: image.engine, ref: image.ref, format }), {
        engine: image.engine,
        dialog: { kind: 'save-image', image },
        again: () => tools.own().save(image, format),
      }),
    load: (path) =>
      begin(() => tools.client.images.load({ path }), {
        engine: 'builtin',
        dialog: { kind: 'load-image' },
        again: () => tools.own().load(path),
      }),
    verify: (projectId, options) =>
      begin(() => tools.client.builds.verify({ projectId, options }), {
        engine: options.engine,
        dialog: { kind: 'verify-build', projectId },
        again: () => tools.own().verify(projectId, options),
      }),
    send: (image, to, name) =>
      begin(() => tools.client.images.send({ ref: image.ref, to, ...(name === '' ? {} : { name }) }), {
        engine: to,
        dialog: { kind: 'send-images', images: [image], to },
        again: () => tools.own().send(image, to, name),
      }),
    take: (image, name) =>
      begin(
        () =>
          tools.client.images.take({
            engine: image.engine,
            ref: image.ref,
            ...(name === '' ? {} : { name }),
          }),
        {
          engine: 'builtin',
          dialog: { kind: 'take-images', images: [image] },
          again: () => tools.own().take(image, name),
        },
      ),
    sendAll: async (images, to) => {
      for (const { ref } of images) await tools.client.images.send({ ref, to });
    },
    takeAll: async (images) => {
      for (const { engine, ref } of images) await tools.client.images.take({ engine, ref });
    },
  };
};
