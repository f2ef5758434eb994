import { BLOCK_SIZE, malformed } from './header.ts';
import { HeaderAssembler } from './header-assembler.ts';
import { SparseBody } from './sparse-body.ts';
import { DEFAULT_TAR_LIMITS, type TarHeader, type TarLimits } from './tar-entry.ts';

/** What the scanner finds: an entry, pieces of its content in order, its end. Bytes are views of the input. */
export type TarEvent =
  | { readonly kind: 'entry'; readonly header: TarHeader }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'zeros'; readonly length: number }
  | { readonly kind: 'end' };

const END: TarEvent = { kind: 'end' };

/**
 * The tar reader proper: bytes are pushed in, whatever their cut, and events come out at once with no
 * promise in between, which is what makes archives of many small files fast. Reads ustar, PAX, GNU long
 * names, base-256 numbers and GNU's sparse formats. Errors are `malformed` and `unsupported`; after one the
 * scanner may not be used again.
 */
export class TarScanner {
  private state: 'headers' | 'body' | 'padding' = 'headers';
  /** Bytes of the archive before the chunk in hand. */
  private consumed = 0;
  /** The beginning of a unit that was cut off by the end of a chunk. */
  private carry: Buffer[] = [];
  private carried = 0;
  /** Bytes of body or padding still to come. */
  private remaining = 0;
  private padding = 0;
  private entries = 0;
  private sparseBytes = 0;
  private emitsBody = false;
  private sparse: SparseBody | null = null;
  private readonly limits: TarLimits;
  private readonly assembler: HeaderAssembler;

  constructor(limits: Partial<TarLimits> = {}) {
    this.limits = { ...DEFAULT_TAR_LIMITS, ...limits };
    this.assembler = new HeaderAssembler(this.limits);
  }

  /** Takes the next bytes and adds what they hold to `events`. The bytes may not be changed afterwards. */
  push(chunk: Uint8Array, events: TarEvent[]): void {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    for (let at = 0; at < buffer.length && !this.assembler.ended; ) {
      if (this.state === 'headers') at = this.takeUnit(buffer, at, events);
      else if (this.state === 'body') at = this.takeBody(buffer, at, events);
      else at = this.takePadding(buffer, at);
    }
    this.consumed += buffer.length;
  }

  /** Says that no more bytes come. Throws `malformed` when the archive is cut off. */
  finish(): void {
    const between = this.state === 'headers' && this.carried === 0 && this.assembler.isBetweenEntries;
    if (!this.assembler.ended && !between) throw malformed('it is cut off');
  }

  private takeUnit(buffer: Buffer, at: number, events: TarEvent[]): number {
    const missing = this.assembler.wanted - this.carried;
    if (buffer.length - at < missing) {
      this.carry.push(buffer.subarray(at));
      this.carried += buffer.length - at;
      return buffer.length;
    }
    const offset = this.consumed + at - this.carried;
    let unit = buffer;
    let unitAt = at;
    if (this.carried > 0) {
      unit = Buffer.concat([...this.carry, buffer.subarray(at, at + missing)]);
      unitAt = 0;
      this.carry = [];
      this.carried = 0;
    }
    const entry = this.assembler.take(unit, unitAt, offset);
    if (entry === null) return at + missing;
    this.entries += 1;
    if (this.entries > this.limits.maxEntries) throw malformed('it has too many entries');
    events.push({ kind: 'entry', header: entry.header });
    this.emitsBody = entry.header.type === 'file';
    if (entry.segments !== null) this.beginSparse(entry.header.size, entry.segments);
    this.remaining = entry.stored;
    this.padding = (BLOCK_SIZE - (entry.stored % BLOCK_SIZE)) % BLOCK_SIZE;
    this.state = 'body';
    if (this.remaining === 0) this.endBody(events);
    return at + missing;
  }

  private beginSparse(size: number, segments: ConstructorParameters<typeof SparseBody>[0]): void {
    this.sparseBytes += size;
    if (this.sparseBytes > this.limits.maxSparseBytes) throw malformed('its sparse files are too large');
    this.sparse = new SparseBody(segments, size);
  }

  private takeBody(buffer: Buffer, at: number, events: TarEvent[]): number {
    const end = Math.min(buffer.length, at + this.remaining);
    const bytes = buffer.subarray(at, end);
    if (this.sparse !== null) this.sparse.push(bytes, events);
    else if (this.emitsBody) events.push({ kind: 'bytes', bytes });
    this.remaining -= bytes.length;
    if (this.remaining === 0) this.endBody(events);
    return end;
  }

  private endBody(events: TarEvent[]): void {
    this.sparse?.finish(events);
    this.sparse = null;
    events.push(END);
    this.state = this.padding > 0 ? 'padding' : 'headers';
    this.remaining = this.padding;
  }

  private takePadding(buffer: Buffer, at: number): number {
    const end = Math.min(buffer.length, at + this.remaining);
    this.remaining -= end - at;
    if (this.remaining === 0) this.state = 'headers';
    return end;
  }
}
