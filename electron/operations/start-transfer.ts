import type { ImageDetail } from '#shared/contract/images.ts';
import type { TransferBlob } from '#shared/contract/operations.ts';
import { familiarReference, parseReference, withDefaultTag } from '#shared/oci/reference.ts';
import type { Engine } from '../engine/engine.ts';
import type { LayerReader, RegistryTransfers, TagMoving, TransferReport } from '../engine/ports.ts';
import { labelsOf } from '../engine/registry-transfers.ts';
import type { BlobProgress } from '../image/image.ts';
import type { OperationRegistry } from './operation-registry.ts';
import type { OperationContext } from './running-operation.ts';

/** Begins a push; answers the operation's id. */
export function startPush(
  operations: OperationRegistry,
  transfers: RegistryTransfers,
  engine: Engine,
  push: TagMoving & { ref: string; target: string; withReferrers: boolean },
): string {
  return operations.start({ kind: 'push', title: `Push ${push.target}` }, async (context) => {
    const report = createReport(context);
    const { ref, target, ...rules } = push;
    const pushed = await transfers.push(engine, ref, target, { ...report, ...rules });
    return { kind: 'push', ...pushed };
  });
}

/** Begins a pull; answers the operation's id. */
export function startPull(
  operations: OperationRegistry,
  transfers: RegistryTransfers,
  engine: Engine,
  pull: { reference: string; platform?: string | undefined },
): string {
  return operations.start({ kind: 'pull', title: `Pull ${pull.reference}` }, async (context) => {
    const report = createReport(context);
    const pulled = await transfers.pull(engine, pull.reference, { ...report, platform: pull.platform });
    return { kind: 'pull', ...pulled };
  });
}

/** Begins a copy between registries; answers the operation's id. To watch it is like a push. */
export function startCopy(
  operations: OperationRegistry,
  transfers: RegistryTransfers,
  copy: TagMoving & {
    from: string;
    to: string;
    withReferrers: boolean;
    platform?: string | undefined;
    /** The image that is looked at, whose instructions name its layers. */
    detail(signal: AbortSignal): Promise<ImageDetail>;
  },
): string {
  const { from, to, detail, ...rest } = copy;
  return operations.start({ kind: 'push', title: `Copy ${from} to ${to}` }, async (context) => {
    const { onLabels, ...report } = createReport(context);
    onLabels(labelsOf(await detail(context.signal)));
    const copied = await transfers.copy(from, to, { ...rest, ...report });
    return { kind: 'push', ...copied, from: familiarReference(withDefaultTag(parseReference(from))) };
  });
}

/** Begins reading layers that are elsewhere; answers the operation's id. */
export function startReadLayers(
  operations: OperationRegistry,
  reader: LayerReader,
  { ref, layers }: { ref: string; layers: readonly number[] },
): string {
  return operations.start({ kind: 'read', title: `Read files of ${ref}` }, async (context) => {
    const { onLabels: _none, ...report } = createReport(context);
    await reader.read(ref, layers, report);
    return { kind: 'none' };
  });
}

/** Turns a transfer's progress into blobs of the operation, with the bytes of all as its progress. */
function createReport(context: OperationContext): TransferReport {
  const blobs = new Map<string, TransferBlob>();
  let labels: ReadonlyMap<string, string> = new Map();
  const tell = (blob: TransferBlob): void => {
    blobs.set(blob.digest, blob);
    context.blob(blob);
  };
  return {
    signal: context.signal,
    wake: context.wake,
    onWait: context.waiting,
    onLabels: (given) => {
      labels = given;
      for (const blob of blobs.values()) tell({ ...blob, label: given.get(blob.digest) ?? blob.label });
    },
    onBlob: (progress) => {
      tell(toBlob(progress, labels));
      context.progress(sumOf(blobs.values()));
    },
  };
}

function toBlob(
  { descriptor, state, done, note, retryAt }: BlobProgress,
  labels: ReadonlyMap<string, string>,
): TransferBlob {
  const { digest, size, mediaType } = descriptor;
  return { digest, size, state, done, note, retryAt, label: labels.get(digest) ?? labelOfType(mediaType) };
}

function labelOfType(mediaType: string): string {
  if (/config|container\.image/.test(mediaType)) return 'config';
  return /manifest|index/.test(mediaType) ? 'manifest' : 'layer';
}

/** Blobs that need no transfer count as done. */
function sumOf(blobs: Iterable<TransferBlob>): { done: number; total: number; unit: 'bytes' } {
  let done = 0;
  let total = 0;
  for (const blob of blobs) {
    total += blob.size;
    done +=
      blob.state === 'exists' || blob.state === 'mounted' || blob.state === 'done' ? blob.size : blob.done;
  }
  return { done, total, unit: 'bytes' };
}
