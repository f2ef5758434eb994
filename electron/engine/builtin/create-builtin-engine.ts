import type { EngineStatus } from '#shared/contract/engines.ts';
import { parsePlatform } from '#shared/oci/platform.ts';
import type { BuildServices } from '../../build/build-services.ts';
import { hostPlatform } from '../../platform/host-platform.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { probeSandbox } from '../../sandbox/probe.ts';
import type { Store } from '../../store/store.ts';
import type { NativeTransfer } from '../engine.ts';
import { layeredFromStore } from '../layered-image.ts';
import type { WorkbenchEngine } from '../ports.ts';
import { createArchives } from './archives.ts';
import { createBuilder, createPredictor } from './builder.ts';
import { freeUnused } from './free-unused.ts';
import { createImageCatalog } from './image-catalog.ts';
import { createImageComparer } from './image-comparer.ts';
import { createImageFiles } from './image-files.ts';
import { createImageInsight } from './image-insight.ts';
import { createLookAhead, type LookAhead } from './look-ahead.ts';
import { pullIntoStore } from './pull.ts';
import { sendFromStore } from './push.ts';
import { createStorage } from './storage.ts';
import { createStoreFeed } from './store-feed.ts';
import { createVerifier } from './verifier.ts';

const ID = 'builtin';
const NAME = 'Built-in engine';

/**
 * The built-in engine over a store. `client` opens the registries; it is called when one is first needed. In a host that
 * stays (`looksAhead`) layers that were pulled are looked into afterwards, in the background.
 */
export function createBuiltinEngine(
  services: BuildServices,
  client: () => Promise<RegistryClient>,
  { looksAhead = false }: { readonly looksAhead?: boolean } = {},
): WorkbenchEngine {
  const { store } = services;
  const changes = createStoreFeed(store.paths.indexFile());
  const ahead = looksAhead ? createLookAhead(store, changes.tell) : null;
  const images = createImageCatalog(store, async (image) => void (await freeUnused(services, image)));
  return {
    id: ID,
    name: NAME,
    status: readStatus,
    images,
    builder: createBuilder(services),
    predictor: createPredictor(services),
    files: createImageFiles(layeredFromStore(store)),
    insight: createImageInsight(store),
    comparer: createImageComparer(store, images),
    archives: createArchives(store),
    storage: createStorage(services),
    verifier: createVerifier(services),
    transfer: createStoreTransfer(store, client, ahead),
    changes,
    close: async () => {
      changes.close();
      await ahead?.close();
    },
  };
}

/** Ready everywhere: what cannot be had without namespaces is RUN alone, and the detail says so. */
async function readStatus(): Promise<EngineStatus> {
  const sandbox = await probeSandbox();
  const mode =
    sandbox.available && sandbox.mode === 'root' ? 'with the rights of root' : 'without any rights of root';
  return {
    id: ID,
    name: NAME,
    state: 'ready',
    detail: sandbox.available ? `RUN steps run ${mode}` : 'RUN steps cannot run here',
    hint: sandbox.available ? null : `${sandbox.reason} ${sandbox.hint}`,
    version: null,
    rootless: sandbox.available && sandbox.mode === 'rootless',
    can: { build: true, predict: true, containers: false, browseFiles: true, prune: true },
  };
}

/** Between the store and registries. Whether a tag may move is decided before, by the one who asked. */
function createStoreTransfer(
  store: Store,
  client: () => Promise<RegistryClient>,
  ahead: LookAhead | null,
): NativeTransfer {
  return {
    push: async (ref, target, options) => sendFromStore(store, await client(), ref, target, options),
    pull: async (reference, { platform, ...options }) => {
      const wanted = platform === undefined ? hostPlatform() : parsePlatform(platform);
      const image = await pullIntoStore(store, await client(), reference, {
        ...options,
        platform: wanted,
      });
      ahead?.begin(image);
      return { id: image.digest, digest: image.digest };
    },
  };
}
