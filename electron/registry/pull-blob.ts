import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import { type Digest, shortDigest } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import type { BlobStore, BlobWriter } from '../image/blob-store.ts';
import type { Wake } from '../platform/wake.ts';
import type { ProgressReporter } from './blob-progress.ts';
import { readBlob } from './blobs.ts';
import type { RegistryClient } from './client.ts';
import { isTransient } from './network-errors.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { isForeignLayer } from './push.ts';
import type { Repository } from './repository.ts';
import { wait } from './retry.ts';
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

/** Milliseconds between two looks at what another process does. */
const LOOK_MS = 200;

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
  const onWait = (): void => progress.state('waiting', 'another pull fetches it');
  try {
    await oneAtATime(shared, descriptor.digest, { onWait, signal }, () =>
      fetchUnlessThere(context, descriptor, progress),
    );
  } catch (caught) {
    const error = isForeignLayer(descriptor) ? explainForeign(caught, descriptor) : caught;
    if (!isCancelled(error)) progress.state('failed', error instanceof Error ? error.message : undefined);
    throw error;
  }
}

/** Addresses that an image names are not followed: they may lead anywhere, also inside this network. */
function explainForeign(error: unknown, { digest }: Descriptor): unknown {
  if (!(error instanceof AppError) || error.code !== 'not-found') return error;
  const words = `Layer ${shortDigest(digest)} is not kept at the registry: the image names another address for it.`;
  return new AppError('unsupported', words, {
    hint: 'Such layers belong to Windows images of old. Strata fetches from registries alone; use another tag.',
    detail: error.detail,
    cause: error,
  });
}

async function fetchUnlessThere(
  context: PullContext,
  descriptor: Descriptor,
  progress: ProgressReporter,
): Promise<void> {
  await waitForOthers(context, descriptor, progress, 'any');
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

/** Waits while another process on this machine fetches the blob, so that it comes once. */
async function waitForOthers(
  { store, signal }: PullContext,
  { digest }: Descriptor,
  progress: ProgressReporter,
  rank: 'any' | 'senior',
): Promise<void> {
  let isTold = false;
  while (await store.isIncoming(keyOf(digest), rank)) {
    if (!isTold) progress.state('waiting', 'another Strata on this machine fetches it');
    isTold = true;
    await wait(LOOK_MS, signal);
  }
}

function keyOf(digest: Digest): string {
  return digest.replace(':', '-');
}

async function fetchFrom(
  context: PullContext,
  repository: Repository,
  descriptor: Descriptor,
  progress: ProgressReporter,
): Promise<void> {
  const { digest, size } = descriptor;
  const open = (): Promise<BlobWriter> =>
    context.store.ingest({ expected: { digest, size }, key: keyOf(digest) });
  const writer = await open();
  // Two processes that looked at the same moment both begin; one of them stands back.
  if (await context.store.isIncoming(keyOf(digest), 'senior')) {
    await writer.abort({ keep: true });
    await waitForOthers(context, descriptor, progress, 'senior');
    if (await context.store.touch(digest, size)) return;
    return fetchFrom(context, repository, descriptor, progress);
  }
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
  const behind = new WriteBehind(writer);
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
    await writer.abort({ keep: isOfTheWay(error) });
    throw error;
  }
  await writer.commit();
}

/** Reasons of the network or the registry: what came is as good as before. */
const OF_THE_WAY = new Set([
  'cancelled',
  'registry-unreachable',
  'registry-error',
  'rate-limited',
  'tls',
  'unauthorized',
  'forbidden',
]);

function isOfTheWay(error: unknown): boolean {
  return isTransient(error) || (error instanceof AppError && OF_THE_WAY.has(error.code));
}
