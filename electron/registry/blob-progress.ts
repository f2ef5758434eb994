import type { Descriptor } from '#shared/oci/manifest.ts';
import type { BlobProgress, BlobState } from '../image/image.ts';

/** Bytes between two reports of one blob: often enough for a bar, seldom enough to cost nothing. */
const MOST = 1024 * 1024;
const LEAST = 64 * 1024;

/** Reports how far one blob is. Bytes are told in steps, every change of state at once. */
export interface ProgressReporter {
  state(state: BlobState, note?: string): void;
  bytes(done: number): void;
  /** What is said beside the bytes from now on, until the state changes. */
  remark(note: string): void;
  /** It is tried again at a time, milliseconds since 1970. */
  onRetry(why: string, at: number): void;
}

/** A reporter for one blob of a transfer; reports `waiting` at once. */
export function reportBlob(
  descriptor: Descriptor,
  onBlob: ((progress: BlobProgress) => void) | undefined,
): ProgressReporter {
  const step = Math.max(LEAST, Math.min(MOST, descriptor.size / 20));
  let current: BlobState = 'waiting';
  let done = 0;
  let told = 0;
  let note: string | undefined;
  let retryAt: number | undefined;
  const tell = (): void => {
    told = done;
    onBlob?.({
      descriptor,
      state: current,
      done,
      ...(note === undefined ? {} : { note }),
      ...(retryAt === undefined ? {} : { retryAt }),
    });
  };
  const change = (state: BlobState, why?: string, at?: number): void => {
    current = state;
    note = why;
    retryAt = at;
    if (state === 'done' || state === 'exists' || state === 'mounted') done = descriptor.size;
    tell();
  };
  tell();
  return {
    state: (state, why) => change(state, why),
    onRetry: (why, at) => change('retrying', why, at),
    remark: (text) => {
      note = text;
      retryAt = undefined;
      current = 'transferring';
      tell();
    },
    bytes: (bytes) => {
      done = Math.min(bytes, descriptor.size);
      const isFirst = current !== 'transferring';
      if (isFirst) {
        current = 'transferring';
        note = undefined;
        retryAt = undefined;
      }
      if (isFirst || done < told || done - told >= step || done === descriptor.size) tell();
    },
  };
}
