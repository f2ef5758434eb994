import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { LayerPreparation, RunOptions, StepRunner } from '../../build/solve/step-runner.ts';
import type { RunRequest } from '../../build/steps/run-request.ts';
import type { StackTree } from '../../image/stack-tree.ts';
import { processIdentity } from '../../platform/process-identity.ts';
import { type LayerFolders, LowerStore } from '../../sandbox/lower-store.ts';
import { findSandbox } from '../../sandbox/probe.ts';
import { writeDiff } from '../../sandbox/read-upper.ts';
import { removeTree } from '../../sandbox/remove-tree.ts';
import { runStep } from '../../sandbox/run-step.ts';
import type { LayerRecord } from '../../store/image-records.ts';
import type { Store } from '../../store/store.ts';
import { openStoreLayer } from '../../store/store-image.ts';
import { LikeLayers } from './like-layers.ts';
import { CacheMounts } from './mounts/cache-mounts.ts';
import { MountPreparer } from './mounts/prepare-mounts.ts';
import { sweepLeftovers } from './sweep.ts';

/** Runs steps in the sandbox of this machine. Layers are unpacked once and kept, a step's own files are taken over. */
export function createSandboxRunner(store: Store): StepRunner {
  const lowers = new LowerStore(store.paths.lower());
  const like = new LikeLayers(store, lowers);
  const caches = new CacheMounts(store.paths.cacheMounts());
  let swept: Promise<void> | null = null;
  return {
    prepare: async (layer, signal) => {
      // A step will need it soon: what this machine can do is looked at while the layer is written.
      findSandbox().catch(() => undefined);
      return (await like.prepare(layer)) ?? prepareLayer(lowers, signal);
    },
    run: async (layers, request, { signal, onOutput, writeLayer, keepsTimes, tree: treeOf }) => {
      swept ??= sweepLeftovers(store);
      await swept;
      const tree = await treeOf(layers);
      const folders = await ensureAll({ store, lowers, like }, layers, tree, signal);
      const workDir = join(
        store.paths.scratch(),
        `run.${processIdentity()}.${randomBytes(4).toString('hex')}`,
      );
      const text = createDecoders(onOutput);
      const mounts = new MountPreparer({
        folder: join(workDir, 'mounts'),
        caches,
        unpack: async (mounted) =>
          (await ensureAll({ store, lowers, like }, mounted, await treeOf(mounted), signal)).flat(),
        signal,
        note: onOutput,
      });
      try {
        const mounted = await mounts.prepare(request.mounts);
        const ended = await runStep({
          ...toStep(request),
          ...mounted,
          lowers: folders,
          tree,
          workDir,
          signal,
          onOutput: text.write,
        });
        text.end();
        if (ended.exitCode !== 0) return { ...ended, layer: null };
        const layer = await writeLayer(async (writer) => {
          await writeDiff(ended.upper, { below: tree, signal }, writer);
        });
        if (layer !== null && keepsTimes) await lowers.adopt(layer.diffId, ended.upper);
        return { ...ended, layer };
      } finally {
        await mounts.release();
        await removeTree(workDir);
      }
    },
  };
}

function toStep({ argv, env, cwd, user, network, insecure }: RunRequest) {
  return { argv, env, cwd, user, network, insecure };
}

/** Unpacks a layer while it is written. Where it cannot, the step that needs the layer tells why. */
async function prepareLayer(lowers: LowerStore, signal: AbortSignal): Promise<LayerPreparation | null> {
  const draft = await lowers.draft(signal).catch(() => null);
  if (draft === null) return null;
  return {
    write: (bytes) => draft.write(bytes),
    finish: (index) => lowers.take(draft, index).catch(() => undefined),
    drop: () => draft.drop().catch(() => undefined),
  };
}

/** Layers unpacked at the same time. */
const AT_ONCE = 2;

async function ensureAll(
  { store, lowers, like }: { readonly store: Store; readonly lowers: LowerStore; readonly like: LikeLayers },
  layers: readonly LayerRecord[],
  tree: StackTree,
  signal: AbortSignal,
): Promise<LayerFolders[]> {
  const folders: LayerFolders[] = [];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < layers.length; at = next++) {
      const layer = layers[at] as LayerRecord;
      const laying = () => like.laying(layer);
      folders[at] = await lowers.ensure(openStoreLayer(store, layer), { signal, tree, laying });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return folders;
}

/** Output as text: characters that are cut in two between chunks are put together, each stream for itself. */
function createDecoders(onOutput: RunOptions['onOutput']) {
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  return {
    write: (chunk: Uint8Array, stream: 'stdout' | 'stderr') => {
      const text = decoders[stream].write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      return text === '' ? undefined : onOutput(text);
    },
    end: () => {
      for (const decoder of Object.values(decoders)) {
        const rest = decoder.end();
        if (rest !== '') onOutput(rest);
      }
    },
  };
}
