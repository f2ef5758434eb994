import type { Descriptor } from '#shared/oci/manifest.ts';
import type { BlobProgress, BlobState } from '../image/image.ts';

/** Bytes between two reports of one blob: often enough for a bar, seldom enough to cost nothing. */
const STEP = 1024 * 1024;

/** Reports how far one blob is. Bytes are told in steps, every change of state at once. */
export interface ProgressReporter {
  state(state: BlobState, note?: string): void;
  bytes(done: number): void;
}

/** A reporter for one blob of a transfer; reports `waiting` at once. */
export function reportBlob(
  descriptor: Descriptor,
  onBlob: ((progress: BlobProgress) => void) | undefined,
): ProgressReporter {
  let current: BlobState = 'waiting';
  let done = 0;
  let told = 0;
  const tell = (note?: string): void => {
    told = done;
    onBlob?.({ descriptor, state: current, done, ...(note === undefined ? {} : { note }) });
  };
  tell();
  return {
    state: (state, note) => {
      current = state;
      if (state === 'done' || state === 'exists' || state === 'mounted') done = descriptor.size;
      tell(note);
    },
    bytes: (bytes) => {
      done = Math.min(bytes, descriptor.size);
      const isFirst = current !== 'transferring';
      current = 'transferring';
      if (isFirst || done < told || done - told >= STEP || done === descriptor.size) tell();
    },
  };
}
