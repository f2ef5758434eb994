import { formatBytes } from '#shared/format/bytes.ts';
import { shortDigest } from '#shared/oci/digest.ts';
import type { BlobProgress, TransferWait } from '../image/image.ts';
import type { Output } from './output.ts';

/** Tells a transfer: for people a line when the state of a blob changes, for programs every step. */
export class BlobPrinter {
  readonly #output: Output;
  readonly #told = new Map<string, string>();

  constructor(output: Output) {
    this.#output = output;
  }

  readonly onBlob = ({ descriptor, state, done, note, retryAt }: BlobProgress): void => {
    const { digest, size } = descriptor;
    this.#output.event({ type: 'blob', digest, size, state, done, note });
    // Each wait is told, since each may be another; of what moves only that it does.
    if ((this.#told.get(digest) === state && retryAt === undefined) || state === 'waiting') return;
    this.#told.set(digest, state);
    const why = note === undefined ? '' : `: ${note}`;
    const again = retryAt === undefined ? '' : `, ${inSeconds(retryAt)}`;
    this.#output.line(`${shortDigest(digest)}  ${formatBytes(size).padStart(8)}  ${state}${why}${again}`);
  };

  /** A question to the registry that is asked again. */
  readonly onWait = (wait: TransferWait | null): void => {
    if (wait !== null) this.#output.note(`${wait.why}, ${inSeconds(wait.at)}`);
  };
}

function inSeconds(at: number): string {
  return `trying again in ${Math.max(1, Math.round((at - Date.now()) / 1000))} s`;
}
