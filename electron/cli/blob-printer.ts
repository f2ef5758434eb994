import { formatBytes } from '#shared/format/bytes.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import type { BlobProgress } from '../image/image.ts';
import type { Output } from './output.ts';

/** Tells a transfer: for people a line when the state of a blob changes, for programs every step. */
export class BlobPrinter {
  readonly #output: Output;
  readonly #told = new Map<string, string>();

  constructor(output: Output) {
    this.#output = output;
  }

  readonly onBlob = ({ descriptor, state, done, note }: BlobProgress): void => {
    const { digest, size } = descriptor;
    this.#output.event({ type: 'blob', digest, size, state, done, note });
    if (this.#told.get(digest) === state || state === 'waiting') return;
    this.#told.set(digest, state);
    this.#output.line(
      `${shortDigest(digest)}  ${formatBytes(size).padStart(8)}  ${state}${note === undefined ? '' : `: ${note}`}`,
    );
  };
}
