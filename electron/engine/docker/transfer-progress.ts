import { z } from 'zod';
import type { Digest } from '#shared/oci/digest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import type { BlobProgress, BlobState, TransferOptions } from '../../image/image.ts';

/** One message of a push or pull. */
const message = z.object({
  id: z.string().nullish(),
  status: z.string().nullish(),
  progressDetail: z.object({ current: z.number().nullish(), total: z.number().nullish() }).nullish(),
  aux: z.object({ Digest: z.string().nullish(), Size: z.number().nullish() }).nullish(),
  error: z.string().nullish(),
  errorDetail: z.object({ message: z.string().nullish() }).nullish(),
});

/** A layer that is known beforehand: of a push, by its diffID. */
export interface ExpectedLayer {
  readonly digest: string;
  readonly size: number;
}

/** Follows the messages of a push or pull. */
export interface TransferProgress {
  accept(value: unknown): void;
  /** The engine's words when it gave up, null when not. */
  failure(): string | null;
  /** Digest and size of the manifest, where the engine told them. */
  result(): { digest: Digest; size: number } | null;
}

const STATES: readonly (readonly [RegExp, BlobState])[] = [
  [/^(Preparing|Waiting|Pulling fs layer)/, 'waiting'],
  [/^(Layer a|A)lready exists/, 'exists'],
  [/^Mounted from/, 'mounted'],
  [/^Retrying in/, 'retrying'],
  [/^(Verifying Checksum|Download complete|Extracting)/, 'verifying'],
  [/^(Pushed|Pull complete)/, 'done'],
  [/^(Pushing|Downloading|Copying blob)/, 'transferring'],
];

/** The state of a layer in the engine's words, null for words about something else. */
export function blobStateOf(status: string): BlobState | null {
  return STATES.find(([pattern]) => pattern.test(status))?.[1] ?? null;
}

/** Follows a push (layers known by diffID) or a pull (layers met as they come, by the beginning of their digest). */
export function createTransferProgress(
  expected: readonly ExpectedLayer[],
  onBlob: TransferOptions['onBlob'],
): TransferProgress {
  const known = new Map<string, BlobProgress>();
  let words: string | null = null;
  let result: { digest: Digest; size: number } | null = null;

  const tell = (progress: BlobProgress) => {
    known.set(progress.descriptor.digest, progress);
    onBlob?.(progress);
  };
  for (const { digest, size } of expected) tell(startOf(digest, size));

  const acceptLayer = (id: string, status: string, current: number, total: number) => {
    const state = blobStateOf(status);
    if (state === null) return;
    const digest = expected.find((layer) => hexOf(layer.digest).startsWith(id))?.digest ?? `sha256:${id}`;
    const before = known.get(digest) ?? startOf(digest, 0);
    // Extraction counts the same bytes again: the size is what was to be moved.
    const size = before.descriptor.size || total;
    const done = doneBytes(state, before, Math.min(current, size || current), size);
    const note = /^(Extracting|Mounted from|Retrying in)/.test(status) ? status : undefined;
    tell({ descriptor: { ...before.descriptor, size }, state, done, note });
  };

  return {
    accept(value) {
      const parsed = message.safeParse(value);
      if (!parsed.success) return;
      const { id, status, progressDetail, aux, error, errorDetail } = parsed.data;
      if (error || errorDetail?.message) words = errorDetail?.message || error || '';
      if (aux?.Digest) result = { digest: aux.Digest as Digest, size: aux.Size ?? 0 };
      if (!status) return;
      result = resultIn(status) ?? result;
      if (id && /^[0-9a-f]{12}/.test(hexOf(id))) {
        acceptLayer(hexOf(id).slice(0, 12), status, progressDetail?.current ?? 0, progressDetail?.total ?? 0);
      }
    },
    failure: () => words,
    result: () => result,
  };
}

function doneBytes(state: BlobState, before: BlobProgress, current: number, size: number): number {
  if (state === 'done' || state === 'exists' || state === 'mounted' || state === 'verifying') return size;
  return state === 'transferring' ? current : before.done;
}

/** `1.0: digest: sha256:… size: 946` of a push, `Digest: sha256:…` of a pull. */
function resultIn(status: string): { digest: Digest; size: number } | null {
  const match = /^(?:.*: )?[Dd]igest: (sha256:[0-9a-f]{64})(?: size: (\d+))?/.exec(status);
  return match === null ? null : { digest: match[1] as Digest, size: Number(match[2] ?? 0) };
}

function startOf(digest: string, size: number): BlobProgress {
  const descriptor = { mediaType: MEDIA_TYPE.dockerLayerGzip, digest: digest as Digest, size };
  return { descriptor, state: 'waiting', done: 0 };
}

function hexOf(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1);
}
