import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import type { BlobStore, BlobWriter } from '../image/blob-store.ts';
import type { Wake } from '../platform/wake.ts';
import type { ProgressReporter } from './blob-progress.ts';
import { readBlob } from './blobs.ts';
import type { RegistryClient } from './client.ts';
import { isTransient } from './network-errors.ts';
import { raceAbort } from './race.ts';
import type { Repository } from './repository.ts';
import { WriteBehind } from './write-behind.ts';

/** What a blob is fetched with. */
export interface PullContext {
  readonly client: RegistryClient;
  /** Tried in order. */
  readonly repositories: readonly Repository[];
  readonly store: BlobStore;
  readonly signal: AbortSignal | undefined;
  readonly wake?: Wake | undefined;
}

const running = new WeakMap<BlobStore, Map<Digest, Promise<void>>>();

/**
 * Fetches a blob into the store unless it is there. What two pulls want at once is fetched once: the second waits, and
 * takes over where the first gives up. Bytes of an interrupted transfer are kept under the blob's digest and used by
 * the next, also after a restart.
 */
export async function pullBlob(
  context: PullContext,
  descriptor: Descriptor,
  progress: ProgressReporter,
): Promise<void> {
  const { store, signal } = context;
  const shared = running.get(store) ?? new Map<Digest, Promise<void>>();
  running.set(store, shared);
  for (
    let other = shared.get(descriptor.digest);
    other !== undefined;
    other = shared.get(descriptor.digest)
  ) {
    progress.state('waiting', 'another pull fetches it');
    await raceAbort(
      other.catch(() => undefined),
      signal,
    );
  }
  const own = fetchUnlessThere(context, descriptor, progress);
  shared.set(descriptor.digest, own);
  try {
    await own;
  } catch (error) {
    if (!isCancelled(error)) progress.state('failed', error instanceof Error ? error.message : undefined);
    throw error;
  } finally {
    shared.delete(descriptor.digest);
  }
}

async function fetchUnlessThere(
  context: PullContext,
  descriptor: Descriptor,
  progress: ProgressReporter,
): Promise<void> {
  if (await context.store.touch(descriptor.digest, descriptor.size)) return progress.state('exists');
  const [first, ...others] = context.repositories;
  if (first === undefined) return;
  await context.client.slots(first.endpoint).run(async () => {
    try {
      await fetchFrom(context, first, descriptor, progress);
    } catch (error) {
      const next = others[0];
      if (next === undefined || isCancelled(error)) throw error;
      progress.state('retrying', `${first.endpoint.host} could not give it`);
      await fetchFrom(context, next, descriptor, progress);
    }
  }, context.signal);
  progress.state('done');
}

async function fetchFrom(
  context: PullContext,
  repository: Repository,
  descriptor: Descriptor,
  progress: ProgressReporter,
): Promise<void> {
  const { digest, size } = descriptor;
  const open = (): Promise<BlobWriter> =>
    context.store.ingest({ expected: { digest, size }, key: digest.replace(':', '-') });
  const writer = await open();
  try {
    await copyInto(context, repository, descriptor, writer, progress);
  } catch (error) {
    // Old bytes that were damaged on the disk would spoil every further try: begin once from nothing.
    const isSpoilt = error instanceof AppError && error.code === 'digest-mismatch' && writer.offset > 0;
    if (!isSpoilt) throw error;
    progress.state('retrying', 'what was kept from last time is damaged');
    await copyInto(context, repository, descriptor, await open(), progress);
  }
}

async function copyInto(
  context: PullContext,
  repository: Repository,
  descriptor: Descriptor,
  writer: BlobWriter,
  progress: ProgressReporter,
): Promise<void> {
  let done = writer.offset;
  progress.bytes(done);
  const behind = new WriteBehind(writer, descriptor.size - done);
  try {
    const { onRetry } = progress;
    const { signal, wake } = context;
    for await (const chunk of readBlob(context.client, repository, descriptor, {
      offset: done,
      signal,
      wake,
      onRetry,
    })) {
      await behind.write(chunk);
      done += chunk.length;
      progress.bytes(done);
    }
    await behind.flush();
    progress.state('verifying');
  } catch (error) {
    await behind.flush().catch(() => undefined);
    await writer.abort({ keep: isCancelled(error) || isTransient(error) });
    throw error;
  }
  await writer.commit();
}
