import type { TagMove, TagMover } from '#shared/contract/tags.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { parseConfig } from '#shared/oci/config-codec.ts';
import type { Digest } from '#shared/oci/digest.ts';
import { parseImageManifest } from '#shared/oci/manifest-codec.ts';
import { canonicalReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import { writeError } from '../platform/file-errors.ts';
import { makeFolders } from '../platform/make-folders.ts';
import { restoreTrash } from './collect.ts';
import { ContentStore } from './content-store.ts';
import { DocumentRecords } from './document-records.ts';
import { type ImageRecord, ImageRecords } from './image-records.ts';
import { sweepIngest } from './ingest-files.ts';
import { LayerStore } from './layer-store.ts';
import { isLayoutStale, writeLayoutIndex } from './layout-index.ts';
import { type Lease, takeLease } from './leases.ts';
import { type NameRecord, NameStore, type NameTarget, referenceOf } from './names.ts';
import { StorePaths } from './store-paths.ts';
import { type JournalAuthor, TagJournal } from './tag-journal.ts';
import { UploadClaims } from './upload-claims.ts';

export interface AddImageOptions {
  /** How many of the oldest layers came with a base image. */
  readonly baseLayers?: number | undefined;
}

/** The local store: content, images and their names. See store-paths.ts for what lies where. */
export class Store {
  readonly paths: StorePaths;
  readonly content: ContentStore;
  readonly layers: LayerStore;
  readonly images: ImageRecords;
  readonly documents: DocumentRecords;
  readonly names: NameStore;
  readonly journal: TagJournal;
  readonly uploads: UploadClaims;

  constructor(home: string, author?: JournalAuthor) {
    this.paths = new StorePaths(home);
    this.content = new ContentStore(this.paths);
    this.layers = new LayerStore(this.paths, this.content);
    this.images = new ImageRecords(this.paths);
    this.documents = new DocumentRecords(this.paths);
    this.names = new NameStore(this.paths);
    this.journal = new TagJournal(this.paths, undefined, author);
    this.uploads = new UploadClaims(this.paths);
  }

  /** Makes the folders and mends what a killed process left. Throws `read-only`, `permission` or `disk-full`. */
  async prepare(): Promise<void> {
    try {
      await makeFolders(this.paths.blobs());
    } catch (error) {
      throw writeError(error, this.paths.home);
    }
    await restoreTrash(this.paths);
    await sweepIngest(this.paths, { keepKeyed: true });
    if (isLayoutStale(this.paths)) await this.refreshLayout();
  }

  /** Says that this process is at work; what it touches from now on, no clean-up removes. */
  lease(): Promise<Lease> {
    return takeLease(this.paths);
  }

  /**
   * Makes an image known whose manifest, config and layers are in the content store. Throws `not-found` when
   * one of them is missing: nothing is ever made known that is not whole.
   */
  async addImage(manifestDigest: Digest, options: AddImageOptions = {}): Promise<ImageRecord> {
    const rawManifest = await this.content.read(manifestDigest);
    const manifest = parseImageManifest(rawManifest);
    const config = parseConfig(await this.content.read(manifest.config.digest));
    if (config.diffIds.length !== manifest.layers.length) {
      throw new AppError(
        'malformed',
        `The config lists ${config.diffIds.length} layers, the manifest ${manifest.layers.length}.`,
        { hint: 'The image was made by a faulty tool: use another tag, or ask who published it.' },
      );
    }
    const layers = manifest.layers.map((layer, i) => ({
      digest: layer.digest,
      diffId: config.diffIds[i] as (typeof config.diffIds)[number],
      size: layer.size,
      mediaType: layer.mediaType,
    }));
    for (const blob of [manifest.config, ...manifest.layers]) {
      if (await this.content.touch(blob.digest, blob.size)) continue;
      throw new AppError('not-found', `The blob ${blob.digest} of the image is missing from the store.`, {
        hint: 'A clean-up in another process may have removed it. Try again: it will be made or fetched again.',
      });
    }
    await this.content.touch(manifestDigest);
    const known = await this.images.get(manifestDigest);
    if (known !== null && (options.baseLayers ?? known.baseLayers) === known.baseLayers) return known;
    const created = config.created === undefined ? Number.NaN : Date.parse(config.created);
    const record: ImageRecord = {
      digest: manifestDigest,
      mediaType: manifest.mediaType,
      manifestSize: rawManifest.length,
      configDigest: manifest.config.digest,
      configSize: manifest.config.size,
      platform: config.platform,
      createdAt: Number.isNaN(created) ? null : created,
      addedAt: Date.now(),
      layers,
      baseLayers: options.baseLayers ?? known?.baseLayers ?? 0,
      unpackedSize: await this.#unpackedSize(layers),
    };
    await this.images.put(record);
    return record;
  }

  async #unpackedSize(layers: ImageRecord['layers']): Promise<number | null> {
    let total = 0;
    for (const layer of layers) {
      const summary = await this.layers.verifiedSummary(layer);
      if (summary === null) return null;
      total += summary.contentSize;
    }
    return total;
  }

  /**
   * Points names at an image of the store and redraws the layout where that changes anything. `by` is what the journal
   * says of it, `via` what they are moved with where that is not the process that opened the store.
   */
  async setNames(
    references: readonly Reference[],
    target: NameTarget,
    by: TagMover = 'build',
    via?: TagMove['via'],
  ): Promise<void> {
    for (const reference of references) {
      const current = await this.names.resolve(reference);
      if (current?.digest !== target.digest || current.indexDigest !== target.indexDigest)
        await this.#moveName(reference, target, by, via);
    }
    if (isLayoutStale(this.paths)) await this.refreshLayout();
  }

  /** Points a name at an image of the store and redraws the layout; returns what it pointed at before. */
  async setName(reference: Reference, target: NameTarget, by: TagMover = 'tag'): Promise<NameRecord | null> {
    const previous = await this.#moveName(reference, target, by);
    await this.refreshLayout();
    return previous;
  }

  /** Frees a name and redraws the layout; returns what it pointed at. */
  async removeName(reference: Reference, by: TagMover = 'untag'): Promise<NameRecord | null> {
    const previous = await this.#moveName(reference, null, by);
    await this.refreshLayout();
    return previous;
  }

  /** Frees all names of an image and forgets the image; what only it needed is garbage from then on. */
  async forgetImage(digest: Digest): Promise<void> {
    for (const name of await this.names.list())
      if (name.digest === digest) await this.#moveName(referenceOf(name), null, 'remove');
    await this.images.remove(digest);
    await this.refreshLayout();
  }

  async #moveName(
    reference: Reference,
    target: NameTarget | null,
    by: TagMover,
    via?: TagMove['via'],
  ): Promise<NameRecord | null> {
    const previous =
      target === null ? await this.names.remove(reference) : await this.names.set(reference, target);
    await this.journal.append({
      name: canonicalReference(withDefaultTag(reference)),
      host: null,
      from: previous?.indexDigest ?? previous?.digest ?? null,
      to: target?.indexDigest ?? target?.digest ?? null,
      fromImage: previous?.indexDigest === undefined ? undefined : previous.digest,
      by,
      ...(via === undefined ? {} : { via }),
    });
    return previous;
  }

  /** Makes `index.json` say what the names and images say. */
  refreshLayout(): Promise<void> {
    return writeLayoutIndex(this.paths, this.names, this.images, this.documents);
  }
}

/** Opens the store in `home`, making it when there is none. `author`: who moves its tags, for the journal. */
export async function openStore(home: string, author?: JournalAuthor): Promise<Store> {
  const store = new Store(home, author);
  await store.prepare();
  return store;
}
