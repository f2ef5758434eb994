import type { Readable } from 'node:stream';
import { pipeline, Transform, type TransformCallback } from 'node:stream';
import type { ImageAddress } from '#shared/contract/common.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ImageArchives, WorkbenchEngine } from '../engine/ports.ts';
import type { OperationRegistry } from './operation-registry.ts';

/** Takes a file made on demand to where the person wants it; both null when none was chosen. */
export type OfferDownload = (
  download: { name: string; size: number; open(signal: AbortSignal): Promise<Readable> },
  signal: AbortSignal,
) => Promise<{ path: string | null; url: string | null }>;

/**
 * Begins saving an image as an archive; answers the operation's id. Where the place is an address, the
 * operation ends with it at once and the bytes are made while they are fetched. Throws `unsupported`.
 */
export function startSave(
  operations: OperationRegistry,
  engine: WorkbenchEngine,
  image: ImageAddress & { format: 'oci' | 'docker' },
  offer: OfferDownload,
): string {
  const archives = requireArchives(engine);
  return operations.start({ kind: 'save', title: `Save ${image.ref}` }, async ({ signal, progress }) => {
    const archive = await archives.save(image.ref, { format: image.format });
    const { size } = archive;
    let done = 0;
    const open = async (own: AbortSignal): Promise<Readable> =>
      counted(archive.open(own), (length) => {
        done += length;
        progress({ done, total: size, unit: 'bytes' });
      });
    const { path, url } = await offer({ name: archiveName(image.ref), size, open }, signal);
    if (path === null && url === null) throw new AppError('cancelled', 'No place was chosen.');
    return { kind: 'save', path, url, bytes: size };
  });
}

/** Begins loading the archive at `path`; answers the operation's id. Throws `unsupported`. */
export function startLoad(operations: OperationRegistry, engine: WorkbenchEngine, path: string): string {
  const archives = requireArchives(engine);
  return operations.start({ kind: 'load', title: `Load ${path}` }, async ({ signal, progress }) => {
    const { references, digest } = await archives.load(path, { signal, onProgress: progress });
    return { kind: 'load', references, digest };
  });
}

/** The file name offered for an archive of `ref`: `acme/web:1.4.2` is `web-1.4.2.tar`. */
export function archiveName(ref: string): string {
  const last = ref.slice(ref.lastIndexOf('/') + 1).replace(/@.*$/, '');
  const safe = (last === '' ? ref : last).replace(/[^\w.-]+/g, '-').slice(0, 100);
  return `${safe}.tar`;
}

function requireArchives(engine: WorkbenchEngine): ImageArchives {
  if (engine.archives !== undefined) return engine.archives;
  throw new AppError('unsupported', `${engine.name} cannot save or load archives here.`, {
    hint: 'Use the built-in engine for this.',
    detail: { kind: 'engine', engine: engine.id },
  });
}

function counted(source: Readable, onBytes: (length: number) => void): Readable {
  const counter = new Transform({
    transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) {
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  // The reader of the counter meets any error of the source there; nothing is left to do here.
  pipeline(source, counter, () => {});
  return counter;
}
