import { rm } from 'node:fs/promises';
import type { DiffId, Digest } from '#shared/oci/digest.ts';
import type { Platform } from '#shared/oci/platform.ts';
import { readJsonIfThere, writeFileAtomic } from '../platform/atomic-file.ts';
import { JsonFolder } from '../platform/json-folder.ts';
import type { StorePaths } from './store-paths.ts';

/** A layer as an image names it. */
export interface LayerRecord {
  readonly digest: Digest;
  readonly diffId: DiffId;
  readonly size: number;
  readonly mediaType: string;
}

/** An image in the store, with what a list shows of it, so that listing opens no blob. Layers oldest first. */
export interface ImageRecord {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly manifestSize: number;
  readonly configDigest: Digest;
  readonly configSize: number;
  readonly platform: Platform;
  /** As the config says, ms since the epoch, null when it does not. */
  readonly createdAt: number | null;
  readonly addedAt: number;
  readonly layers: readonly LayerRecord[];
  /** How many of the oldest layers came with a base image. */
  readonly baseLayers: number;
  readonly unpackedSize: number | null;
}

/** The images of the store, named or not: what a clean-up starts from. */
export class ImageRecords {
  readonly #paths: StorePaths;
  readonly #records: JsonFolder;

  constructor(paths: StorePaths) {
    this.#paths = paths;
    this.#records = new JsonFolder(paths.images(), paths.summary('images'));
  }

  async get(digest: Digest): Promise<ImageRecord | null> {
    return readRecord(this.#paths.image(digest));
  }

  async put(record: ImageRecord): Promise<void> {
    await writeFileAtomic(this.#paths.image(record.digest), JSON.stringify(record));
  }

  async remove(digest: Digest): Promise<void> {
    await rm(this.#paths.image(digest), { force: true });
  }

  /** Newest first. */
  async list(): Promise<ImageRecord[]> {
    const records = (await this.#records.list()).filter(isImageRecord);
    return records.sort((a, b) => b.addedAt - a.addedAt || (a.digest < b.digest ? -1 : 1));
  }
}

async function readRecord(path: string): Promise<ImageRecord | null> {
  const value = await readJsonIfThere(path);
  return isImageRecord(value) ? value : null;
}

function isImageRecord(value: unknown): value is ImageRecord {
  const { digest, layers } = (value ?? {}) as Partial<ImageRecord>;
  return typeof digest === 'string' && Array.isArray(layers);
}
