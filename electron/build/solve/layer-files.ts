import { text } from 'node:stream/consumers';
import type { Digest } from '#shared/oci/digest.ts';
import type { KnownBlocks, WrittenBlock } from '../../image/known-blocks.ts';
import type { LayerEntry, LayerIndex } from '../../image/layer-index.ts';
import { LayerWriter } from '../../image/layer-writer.ts';
import { readEntryBytes } from '../../image/read-entry.ts';
import { StackTree } from '../../image/stack-tree.ts';
import type { LayerRecord } from '../../store/image-records.ts';
import type { Store } from '../../store/store.ts';
import type { SourceTree } from '../sources/source-tree.ts';
import { StackSource } from '../sources/stack-source.ts';
import { chainOf } from '../steps/stage-state.ts';
import type { LayerPreparation } from './step-runner.ts';

/** Files larger than this are not read as settings such as /etc/passwd. */
const TEXT_LIMIT = 4 * 1024 * 1024;

/** Brings layers that are not in the store yet. */
export interface LayerSupply {
  index(layer: LayerRecord): Promise<LayerIndex>;
  ensure(layers: readonly LayerRecord[]): Promise<void>;
}

/** Blocks of earlier layers, and room for those of a new one. */
export interface LayerMemory extends KnownBlocks {
  note(layer: Digest, blocks: readonly WrittenBlock[]): void;
}

/** The files of layers in the store, for the steps of one build. */
export class LayerFiles {
  readonly #store: Store;
  readonly #signal: AbortSignal;
  readonly #newestTime: number | undefined;
  readonly #supply: LayerSupply | null;
  /** Trees by the chain they show. */
  readonly #trees = new Map<string, Promise<StackTree>>();
  readonly #sources = new Map<string, Promise<SourceTree>>();

  /**
   * `epoch`, in seconds, is the latest time that an entry of a written layer may have; null: any. Layers that
   * `supply` has are fetched when a file of theirs is read.
   */
  constructor(
    store: Store,
    signal: AbortSignal,
    epoch: number | null = null,
    supply: LayerSupply | null = null,
  ) {
    this.#supply = supply;
    this.#store = store;
    this.#signal = signal;
    this.#newestTime = epoch ?? undefined;
  }

  /** The tree of a stack of layers. It never changes afterwards: stages that run side by side may share it. */
  tree(layers: readonly LayerRecord[]): Promise<StackTree> {
    const chain = chainOf(layers);
    const known = this.#trees.get(chain) ?? this.#openTree(layers);
    this.#trees.set(chain, known);
    return known;
  }

  /** Made from the tree of the layers below where that is known, else from all layers. */
  async #openTree(layers: readonly LayerRecord[]): Promise<StackTree> {
    const below = this.#trees.get(chainOf(layers.slice(0, -1)));
    const top = layers.at(-1);
    if (below !== undefined && top !== undefined)
      return (await below).with(await this.#index(top), this.#signal);
    let tree = new StackTree();
    const indexes = await Promise.all(layers.map((layer) => this.#index(layer)));
    for (const index of indexes) tree = await tree.with(index, this.#signal);
    return tree;
  }

  /** The same as a source. */
  source(title: string, layers: readonly LayerRecord[]): Promise<SourceTree> {
    const chain = chainOf(layers);
    const known = this.#sources.get(chain) ?? this.#openSource(title, layers);
    this.#sources.set(chain, known);
    return known;
  }

  async #openSource(title: string, layers: readonly LayerRecord[]): Promise<SourceTree> {
    const tree = await this.tree(layers);
    return new StackSource(title, layers, tree, (at, entry, signal) =>
      this.#read(layers[at] as LayerRecord, entry, signal),
    );
  }

  /** The text of a file of a stack, symlinks followed; null when it is no file. */
  async readText(layers: readonly LayerRecord[], path: string): Promise<string | null> {
    const tree = await this.tree(layers);
    const node = tree.get(tree.resolve(path) ?? '');
    if (node?.entry?.type !== 'file' || node.entry.size > TEXT_LIMIT) return null;
    return text(this.#read(layers[node.layer] as LayerRecord, node.entry, this.#signal));
  }

  #index(layer: LayerRecord): Promise<LayerIndex> {
    return this.#supply?.index(layer) ?? this.#store.layers.index(layer, this.#signal);
  }

  async *#read(layer: LayerRecord, entry: LayerEntry, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    await this.#supply?.ensure([layer]);
    const { content, layers } = this.#store;
    const index: LayerIndex = await layers.index(layer, signal);
    const blob = {
      size: layer.size,
      read: (start: number, end: number) => content.open(layer.digest, { start, end }),
    };
    yield* readEntryBytes(blob, layer, index, entry, { signal });
  }

  /**
   * Writes a layer into the store; null when `fill` added nothing. `preparation` gets what is written; blocks that
   * `memory` knows are taken over.
   */
  async write(
    fill: (writer: LayerWriter) => Promise<void>,
    preparation: LayerPreparation | null = null,
    memory: LayerMemory | null = null,
  ): Promise<LayerRecord | null> {
    const blob = await this.#store.content.ingest();
    try {
      const writer = new LayerWriter(blob, {
        compression: 'gzip',
        newestTime: this.#newestTime,
        tarSink: preparation ?? undefined,
        known: memory ?? undefined,
        signal: this.#signal,
      });
      await fill(writer);
      const { diffId, size, mediaType, index, blocks } = await writer.finish();
      if (index.entries.length === 0) {
        await Promise.all([blob.abort(), preparation?.drop()]);
        return null;
      }
      const [{ digest }] = await Promise.all([blob.commit(), preparation?.finish(index)]);
      const record = { digest, diffId, size, mediaType };
      await this.#store.layers.record(record, index);
      memory?.note(digest, blocks);
      return record;
    } catch (error) {
      await Promise.all([blob.abort(), preparation?.drop()]);
      throw error;
    }
  }
}
