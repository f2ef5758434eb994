import type { SparseSegment } from './sparse.ts';
import type { TarEvent } from './tar-scanner.ts';

/** Turns the stored bytes of a sparse file into its content: bytes, and runs of zeros between them. */
export class SparseBody {
  private next = 0;
  /** Bytes of the current segment that came already. */
  private within = 0;
  private position = 0;

  /** `segments` have been checked to rise and to fit into `size`. */
  constructor(
    private readonly segments: readonly SparseSegment[],
    private readonly size: number,
  ) {}

  /** Adds the events that the next stored bytes mean. */
  push(bytes: Uint8Array, events: TarEvent[]): void {
    for (let at = 0; at < bytes.length; ) {
      const segment = this.segments[this.next];
      if (segment === undefined) return;
      if (this.within === segment.length) {
        this.advance();
        continue;
      }
      this.zeros(segment.offset + this.within, events);
      const take = Math.min(segment.length - this.within, bytes.length - at);
      events.push({ kind: 'bytes', bytes: bytes.subarray(at, at + take) });
      this.within += take;
      this.position += take;
      at += take;
    }
  }

  /** Adds the zeros after the last segment. */
  finish(events: TarEvent[]): void {
    this.zeros(this.size, events);
  }

  private zeros(until: number, events: TarEvent[]): void {
    if (until > this.position) events.push({ kind: 'zeros', length: until - this.position });
    this.position = until;
  }

  private advance(): void {
    this.next += 1;
    this.within = 0;
  }
}
