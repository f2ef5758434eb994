import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import type { ImageAddress } from '#shared/contract/common.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ImageArchives, WorkbenchEngine } from '../engine/ports.ts';
import type { OperationRegistry } from './operation-registry.ts';

/** Where a saved archive goes: see the api's HostPort. */
export interface DownloadOffer {
  offerDownload(
    download: { name: string; size?: number | undefined; open(signal: AbortSignal): Promise<Readable> },
    signal: AbortSignal,
  ): Promise<{ path: string | null; url: string | null }>;
}

/** Begins saving an image as an archive; answers the operation's id. Throws `unsupported`. */
export function startSave(
  operations: OperationRegistry,
  engine: WorkbenchEngine,
  image: ImageAddress & { format: 'oci' | 'docker' },
  host: DownloadOffer,
): string {
  const archives = requireArchives(engine);
  return operations.start({ kind: 'save', title: `Save ${image.ref}` }, async ({ signal, progress }) => {
    const { name, content } = await archives.save(image.ref, {
      format: image.format,
      signal,
      onProgress: progress,
    });
    const counter = new ByteCounter();
    const open = async (): Promise<Readable> => {
      content.on('error', (error) => counter.destroy(error));
      return content.pipe(counter);
    };
    try {
      const { path, url } = await host.offerDownload({ name, open }, signal);
      if (path === null && url === null) throw new AppError('cancelled', 'No place was chosen.');
      return { kind: 'save', path, url, bytes: counter.bytes };
    } catch (error) {
      content.destroy();
      throw error;
    }
  });
}

/** Begins loading the archive at `path`; answers the operation's id. Throws `unsupported`. */
export function startLoad(
  operations: OperationRegistry,
  engine: WorkbenchEngine,
  path: string,
  onLoaded: () => void,
): string {
  const archives = requireArchives(engine);
  return operations.start({ kind: 'load', title: `Load ${path}` }, async ({ signal, progress }) => {
    const { references, digest } = await archives.load(path, { signal, onProgress: progress });
    onLoaded();
    return { kind: 'load', references, digest };
  });
}

function requireArchives(engine: WorkbenchEngine): ImageArchives {
  if (engine.archives !== undefined) return engine.archives;
  throw new AppError('unsupported', `${engine.name} cannot save or load archives here.`, {
    hint: 'Use the built-in engine for this.',
    detail: { kind: 'engine', engine: engine.id },
  });
}

class ByteCounter extends Transform {
  bytes = 0;

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error: null, chunk: Buffer) => void,
  ): void {
    this.bytes += chunk.length;
    done(null, chunk);
  }
}
