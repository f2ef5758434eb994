import { statSync } from 'node:fs';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { familiarReference } from '#shared/oci/reference.ts';
import { readFileIfThere, writeFileAtomic } from '../platform/atomic-file.ts';
import { touchAtOnce } from '../platform/touch.ts';
import type { DocumentRecord, DocumentRecords } from './document-records.ts';
import type { ImageRecord, ImageRecords } from './image-records.ts';
import { type NameRecord, type NameStore, referenceOf } from './names.ts';
import type { StorePaths } from './store-paths.ts';

const LAYOUT = '{"imageLayoutVersion":"1.0.0"}';

/**
 * Draws `index.json` from the names and images, for other tools. Names are the truth: after writing, they are
 * read again until the file agrees, so that of two processes that write at once the later one is right.
 */
export async function writeLayoutIndex(
  paths: StorePaths,
  names: NameStore,
  images: ImageRecords,
  documents: DocumentRecords,
): Promise<void> {
  if ((await readFileIfThere(paths.layoutFile())) === null) await writeFileAtomic(paths.layoutFile(), LAYOUT);
  const look = () => Promise.all([names.list(), images.list(), documents.list()]);
  let seen = await look();
  // Each round writes what was true a moment ago; a bound keeps two busy processes from chasing each other for ever.
  for (let round = 0; round < 20; round += 1) {
    const wanted = drawIndex(...seen);
    const current = await readFileIfThere(paths.indexFile());
    if (current?.toString('utf8') !== wanted) await writeFileAtomic(paths.indexFile(), wanted);
    // The file says the truth of now; that it cannot be marked so only costs another look.
    else touchAtOnce(paths.indexFile());
    const now = await look();
    if (seen.every((records, at) => areSame(records, now[at] ?? []))) return;
    seen = now;
  }
}

/** A record that was not written anew meanwhile is the same object. */
function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((record, at) => record === others[at]);
}

/** Whether names or images changed after `index.json` was drawn: a process was killed in between. */
export function isLayoutStale(paths: StorePaths): boolean {
  const changed = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const index = changed(paths.indexFile());
  // Equal times may be one tick of the kernel's clock, in which either came first.
  return index === 0 || Math.max(changed(paths.refs()), changed(paths.images())) >= index;
}

/**
 * image-spec, image layout: a descriptor a name, and one without a name for each image that has none. A name whose
 * index is here with all its images stands for the index.
 */
function drawIndex(
  names: readonly NameRecord[],
  images: readonly ImageRecord[],
  documents: readonly DocumentRecord[],
): string {
  const byDigest = new Map(images.map((image) => [image.digest, image]));
  const whole = new Map(
    documents
      .filter(({ children }) => children.length > 0 && children.every((child) => byDigest.has(child)))
      .map((document) => [document.digest, document]),
  );
  const named = new Set<string>();
  const manifests: unknown[] = [];
  for (const record of names) {
    const image = byDigest.get(record.digest);
    if (image === undefined) continue;
    const index = record.indexDigest === undefined ? undefined : whole.get(record.indexDigest);
    for (const digest of index?.children ?? [image.digest]) named.add(digest);
    manifests.push({
      ...(index === undefined
        ? descriptorOf(image)
        : { mediaType: index.mediaType, digest: index.digest, size: index.size }),
      annotations: {
        'io.containerd.image.name': record.name,
        'org.opencontainers.image.ref.name': familiarReference(referenceOf(record)),
      },
    });
  }
  const unnamed = images
    .filter((image) => !named.has(image.digest))
    .sort((a, b) => (a.digest < b.digest ? -1 : 1));
  manifests.push(...unnamed.map(descriptorOf));
  return JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests });
}

function descriptorOf(image: ImageRecord) {
  const { os, architecture, variant } = image.platform;
  return {
    mediaType: image.mediaType,
    digest: image.digest,
    size: image.manifestSize,
    platform: variant === undefined ? { architecture, os } : { architecture, os, variant },
  };
}
