import { abortable } from '../abortable.ts';
import type { TarHeader, TarLimits } from './tar-entry.ts';
import { type TarEvent, TarScanner } from './tar-scanner.ts';

/** An entry with its content. */
export interface TarEntry extends TarHeader {
  /** The content, holes filled with zeros. To be read before the next entry is asked for; what is left is skipped. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface ReadTarOptions {
  readonly limits?: Partial<TarLimits> | undefined;
  readonly signal?: AbortSignal | undefined;
}

const ZEROS = new Uint8Array(64 * 1024);

/**
 * The entries of a tar in order. Throws `malformed` for a damaged or absurd archive, `unsupported` for an
 * entry type of no known meaning, `cancelled` when the signal aborts. Names are as stored; clean them with
 * `cleanEntryPath` before use.
 */
export async function* readTar(
  source: AsyncIterable<Uint8Array>,
  options: ReadTarOptions = {},
): AsyncGenerator<TarEntry, void, void> {
  const events = new TarEvents(source, options);
  try {
    for (;;) {
      const event = events.take();
      if (event === undefined) {
        if (!(await events.fill())) return;
      } else if (event.kind === 'entry') {
        const body = new EntryBody(events);
        yield { ...event.header, body };
        body.close();
      }
    }
  } finally {
    await events.close();
  }
}

/** The events of a source, chunk by chunk: taking is synchronous, filling waits. */
class TarEvents {
  private events: TarEvent[] = [];
  private next = 0;
  private readonly chunks: AsyncGenerator<Uint8Array, void, void>;
  private readonly scanner: TarScanner;

  constructor(source: AsyncIterable<Uint8Array>, options: ReadTarOptions) {
    this.chunks = abortable(source, options.signal);
    this.scanner = new TarScanner(options.limits);
  }

  take(): TarEvent | undefined {
    const event = this.events[this.next];
    this.next += 1;
    return event;
  }

  /** Reads on; false at the end of the archive. */
  async fill(): Promise<boolean> {
    const chunk = await this.chunks.next();
    this.events = [];
    this.next = 0;
    if (chunk.done === true) {
      this.scanner.finish();
      return false;
    }
    this.scanner.push(chunk.value, this.events);
    return true;
  }

  async close(): Promise<void> {
    await this.chunks.return();
  }
}

class EntryBody implements AsyncIterable<Uint8Array> {
  private isOpen = true;

  constructor(private readonly events: TarEvents) {}

  /** Later reads end at once, so that they cannot take what belongs to the next entry. */
  close(): void {
    this.isOpen = false;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    while (this.isOpen) {
      const event = this.events.take();
      if (event === undefined) {
        if (!(await this.events.fill())) return;
      } else if (event.kind === 'bytes') yield event.bytes;
      else if (event.kind === 'zeros') {
        for (let left = event.length; left > 0 && this.isOpen; left -= ZEROS.length)
          yield left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS;
      } else this.isOpen = false;
    }
  }
}
