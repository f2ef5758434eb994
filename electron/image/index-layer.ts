import { createHash, type Hash, hash } from 'node:crypto';
import { parseDiffId } from '#shared/oci/digest.ts';
import { abortable } from './abortable.ts';
import { boundedChunks } from './chunks.ts';
import { layerEntry } from './layer-entry.ts';
import { LayerEntryTable } from './layer-entry-table.ts';
import type { LayerEntry, LayerIndex, SeekPoint } from './layer-index.ts';
import type { TarHeader, TarLimits } from './tar/tar-entry.ts';
import { type TarEvent, TarScanner } from './tar/tar-scanner.ts';

export interface IndexLayerOptions {
  readonly signal?: AbortSignal | undefined;
  readonly limits?: Partial<TarLimits> | undefined;
  /** Where the blob's gzip members start, when the caller knows; kept in the index. */
  readonly seekPoints?: readonly SeekPoint[] | undefined;
}

const EMPTY_HASH = hash('sha256', '', 'hex');
const ZEROS = Buffer.alloc(64 * 1024);

/**
 * Reads a layer's tar once, to its last byte, and tells what it holds. Throws `malformed`, `unsupported`,
 * `unsafe-archive`, `cancelled`.
 */
export async function indexLayer(
  tar: AsyncIterable<Uint8Array>,
  options: IndexLayerOptions = {},
): Promise<LayerIndex> {
  const indexer = new LayerIndexer(options.limits);
  for await (const chunk of boundedChunks(abortable(tar, options.signal))) {
    indexer.push(chunk);
  }
  return indexer.finish(options.seekPoints);
}

/** The same for bytes that stream by on their way to somewhere else. After an error it may not be used again. */
export class LayerIndexer {
  private readonly scanner: TarScanner;
  private readonly tarHash = createHash('sha256');
  private readonly entries = new LayerEntryTable();
  private tarSize = 0;
  private contentSize = 0;
  /** The file whose content is being read. */
  private file: OpenFile | null = null;

  constructor(limits?: Partial<TarLimits> | undefined) {
    this.scanner = new TarScanner(limits);
  }

  /** Takes the next bytes of the tar. */
  push(chunk: Uint8Array): void {
    this.tarHash.update(chunk);
    this.tarSize += chunk.length;
    const events: TarEvent[] = [];
    this.scanner.push(chunk, events);
    for (const event of events) this.take(event);
  }

  /** The index, once all bytes were pushed. */
  finish(seekPoints: readonly SeekPoint[] = []): LayerIndex {
    this.scanner.finish();
    const diffId = parseDiffId(`sha256:${this.tarHash.digest('hex')}`);
    const { tarSize, contentSize, entries } = this;
    return { diffId, tarSize, contentSize, entries, seekPoints };
  }

  private take(event: TarEvent): void {
    if (event.kind === 'entry') this.takeEntry(event.header);
    else if (this.file === null) return;
    else if (event.kind === 'bytes') this.file.update(event.bytes);
    else if (event.kind === 'zeros') this.file.zeros(event.length);
    else {
      this.entries.add({ ...this.file.entry, contentHash: this.file.digest() });
      this.file = null;
    }
  }

  private takeEntry(header: TarHeader): void {
    const entry = layerEntry(header);
    if (entry === null) return;
    if (entry.type !== 'file') {
      this.entries.add(entry);
      return;
    }
    // Added when its content has been read.
    this.contentSize += entry.size;
    this.file = new OpenFile(entry);
  }
}

/** Hashes one file's content; content that comes in one piece is hashed in one call, which is much faster. */
class OpenFile {
  private first: Uint8Array | null = null;
  private rest: Hash | null = null;

  constructor(readonly entry: LayerEntry) {}

  update(bytes: Uint8Array): void {
    if (this.first === null && bytes.length === this.entry.size) this.first = bytes;
    else {
      this.rest ??= createHash('sha256');
      this.rest.update(bytes);
    }
  }

  zeros(length: number): void {
    for (let left = length; left > 0; left -= ZEROS.length)
      this.update(left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS);
  }

  digest(): string {
    if (this.rest !== null) return this.rest.digest('hex');
    return this.first === null ? EMPTY_HASH : hash('sha256', this.first, 'hex');
  }
}
