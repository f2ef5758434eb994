import { rm } from 'node:fs/promises';
import type { Digest } from '#shared/oci/digest.ts';
import type { ImageIndex, ImageManifest } from '#shared/oci/manifest.ts';
import { isIndex } from '#shared/oci/manifest-codec.ts';
import { readJsonIfThere, writeFileAtomic } from '../platform/atomic-file.ts';
import { JsonFolder } from '../platform/json-folder.ts';
import type { StorePaths } from './store-paths.ts';

/**
 * A manifest in the store that is no image by itself (an index, a signature, a chart), or that belongs to another one:
 * with what it needs, so that a clean-up opens no blob.
 */
export interface DocumentRecord {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  readonly artifactType: string | null;
  readonly annotations: Readonly<Record<string, string>>;
  /** What it was attached to, which need not be in the store. */
  readonly subject: Digest | null;
  /** The manifests that it lists. */
  readonly children: readonly Digest[];
  /** Config and layers. */
  readonly blobs: readonly { readonly digest: Digest; readonly size: number }[];
  readonly addedAt: number;
}

/** The record of a manifest or index of `size` bytes, as added now. */
export function documentRecord(
  digest: Digest,
  size: number,
  document: ImageManifest | ImageIndex,
): DocumentRecord {
  const { mediaType, subject, annotations = {} } = document;
  const head = {
    digest,
    mediaType,
    size,
    annotations,
    subject: subject?.digest ?? null,
    addedAt: Date.now(),
  };
  if (isIndex(document)) {
    const children = document.manifests.map((child) => child.digest);
    return { ...head, artifactType: document.artifactType ?? null, children, blobs: [] };
  }
  const blobs = [document.config, ...document.layers].map(({ digest, size }) => ({ digest, size }));
  return { ...head, artifactType: document.artifactType ?? document.config.mediaType, children: [], blobs };
}

/** The documents of the store. */
export class DocumentRecords {
  readonly #paths: StorePaths;
  readonly #records: JsonFolder;

  constructor(paths: StorePaths) {
    this.#paths = paths;
    this.#records = new JsonFolder(paths.documents(), paths.summary('documents'));
  }

  async get(digest: Digest): Promise<DocumentRecord | null> {
    return readRecord(this.#paths.document(digest));
  }

  async put(record: DocumentRecord): Promise<void> {
    await writeFileAtomic(this.#paths.document(record.digest), JSON.stringify(record));
  }

  async remove(digest: Digest): Promise<void> {
    await rm(this.#paths.document(digest), { force: true });
  }

  /** Oldest first. */
  async list(): Promise<DocumentRecord[]> {
    return (await this.#records.list())
      .filter(isDocumentRecord)
      .sort((a, b) => a.addedAt - b.addedAt || (a.digest < b.digest ? -1 : 1));
  }
}

/** The manifests that `roots` lead to: themselves, what an index lists, and what was attached to any of them. */
export function reachableManifests(
  roots: Iterable<Digest>,
  documents: readonly DocumentRecord[],
): ReadonlySet<Digest> {
  const byDigest = new Map(documents.map((document) => [document.digest, document]));
  const attached = new Map<Digest, Digest[]>();
  for (const { digest, subject } of documents)
    if (subject !== null) attached.set(subject, [...(attached.get(subject) ?? []), digest]);
  const reached = new Set<Digest>();
  const waiting = [...roots];
  for (let digest = waiting.pop(); digest !== undefined; digest = waiting.pop()) {
    if (reached.has(digest)) continue;
    reached.add(digest);
    waiting.push(...(byDigest.get(digest)?.children ?? []), ...(attached.get(digest) ?? []));
  }
  return reached;
}

async function readRecord(path: string): Promise<DocumentRecord | null> {
  const value = await readJsonIfThere(path);
  return isDocumentRecord(value) ? value : null;
}

function isDocumentRecord(value: unknown): value is DocumentRecord {
  const { digest, children, blobs } = (value ?? {}) as Partial<DocumentRecord>;
  return typeof digest === 'string' && Array.isArray(children) && Array.isArray(blobs);
}
