import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import { formatBytes } from '#shared/format/bytes.ts';
import { type Digest, isDigest } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import type { Reference } from '#shared/oci/reference.ts';
import type { TransferOptions } from '../image/image.ts';
import { forEachParallel } from '../image/limiter.ts';
import { type ProgressReporter, reportBlob } from './blob-progress.ts';
import { hasBlob } from './blobs.ts';
import type { RegistryClient } from './client.ts';
import { type PutManifestResult, putManifest } from './manifests.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { pushAccess, type Repository } from './repository.ts';
import { type SharedUploads, sendInTurn } from './send-in-turn.ts';
import { TryAgain } from './try-again.ts';
import type { BlobContent } from './upload-content.ts';
import type { UploadSession } from './upload-session.ts';
import { mountBlob, uploadBlob } from './uploads.ts';
import { withDefaults } from './with-defaults.ts';

export interface PushOptions extends TransferOptions {
  /** Repositories of any registry that may have the blob already; those of the target's registry are mounted from. */
  readonly mountFrom?: ((digest: Digest) => readonly Reference[]) | undefined;
  /** What other processes send; without it only pushes of this one wait for each other. */
  readonly uploads?: SharedUploads | undefined;
}

/** A blob to be sent, as its manifest names it. */
export interface PushBlob {
  readonly descriptor: Descriptor;
  readonly content: BlobContent;
}

/** A manifest to be sent after its blobs, under a tag or its digest. */
export interface PushManifest {
  readonly selector: string;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

const BLOBS_AT_ONCE = 6;
const MOUNT_TRIES = 3;
const FROM_THE_START = 'sent anew: the registry kept nothing of the part that it had';

/** Sends blobs side by side, those that are not there yet, and then the manifest that names them. */
export async function pushWithBlobs(
  client: RegistryClient,
  repository: Repository,
  blobs: readonly PushBlob[],
  manifest: PushManifest,
  options: PushOptions,
): Promise<PutManifestResult> {
  const context: PushContext = { client, repository, options };
  const reported = blobs.map((blob) => ({ ...blob, progress: reportBlob(blob.descriptor, options.onBlob) }));
  const send = (isSure: boolean): Promise<void> =>
    forEachParallel(reported, BLOBS_AT_ONCE, options.signal, (blob, signal) =>
      pushBlob({ ...context, options: { ...options, signal } }, blob, isSure),
    );
  await send(false);
  // By now the bytes are there: a registry that is away for a moment must not be the end of it.
  const patient = withDefaults(client, { retry: client.retry });
  const put = () => putPushed(patient, repository, manifest, options);
  return put().catch(async (error: unknown) => {
    if (!isBlobUnknown(error)) throw error;
    // A registry may say that it has or mounted a blob, and not find it afterwards (ECR): send all of them.
    await send(true);
    return put();
  });
}

/**
 * Sends the manifest that a push is for. Before a tag is set, who asked may say no: meanwhile it may have come to name
 * something else.
 */
export async function putPushed(
  client: RegistryClient,
  repository: Repository,
  manifest: PushManifest,
  { beforeTag, signal }: Pick<PushOptions, 'beforeTag' | 'signal'>,
): Promise<PutManifestResult> {
  if (!isDigest(manifest.selector)) await beforeTag?.();
  return putManifest(client, repository, manifest.selector, manifest, signal);
}

interface PushContext {
  readonly client: RegistryClient;
  readonly repository: Repository;
  readonly options: PushOptions;
}

type ReportedBlob = PushBlob & { readonly progress: ProgressReporter };

/** Uploads that run now, by server, repository and digest; a client's copies share its `uploadStyles`. */
const running = new WeakMap<RegistryClient['uploadStyles'], Map<string, Promise<void>>>();

/** What two pushes bring to one repository at once is sent once. */
async function pushBlob(context: PushContext, blob: ReportedBlob, isSure: boolean): Promise<void> {
  const { client, repository, options } = context;
  const { progress, content } = blob;
  const shared = running.get(client.uploadStyles) ?? new Map<string, Promise<void>>();
  running.set(client.uploadStyles, shared);
  const onWait = (): void => progress.state('waiting', 'another push sends it');
  const onElsewhere = (): void => progress.state('waiting', 'another Strata on this machine sends it');
  const key = `${repository.endpoint.host}/${repository.path}@${content.digest}`;
  const { signal } = options;
  const send = () =>
    client.slots(repository.endpoint).run(() => sendUnlessThere(context, blob, isSure), signal);
  try {
    await oneAtATime(shared, key, { onWait, signal }, () =>
      sendInTurn(options.uploads, key, { onWait: onElsewhere, signal }, send),
    );
  } catch (caught) {
    const error = caught instanceof TryAgain ? caught.failed : caught;
    if (!isCancelled(error)) progress.state('failed', error instanceof Error ? error.message : undefined);
    throw error;
  }
}

async function sendUnlessThere(
  context: PushContext,
  { progress, content }: ReportedBlob,
  isSure: boolean,
): Promise<void> {
  const { client, repository, options } = context;
  const { onRetry } = progress;
  const patient = withDefaults(client, { retry: client.retry, wake: options.wake, onRetry });
  let session: UploadSession | undefined;
  if (!isSure) {
    if (await hasBlob(patient, repository, content.digest, pushAccess(repository), options.signal))
      return progress.state('exists');
    const mounted = await tryMount({ ...context, client: patient }, content.digest);
    if (mounted.from !== undefined) return progress.state('mounted', mounted.from);
    session = mounted.session;
  }
  await uploadBlob(client, repository, content, {
    signal: options.signal,
    wake: options.wake,
    onProgress: (done) => {
      // All is on its way: what is left is that the registry checks it.
      if (done < content.size || done === 0) progress.bytes(done);
      else progress.state('verifying');
    },
    onRetry,
    onResume: (have) => progress.remark(have === 0 ? FROM_THE_START : `went on at ${formatBytes(have)}`),
    session,
  });
  progress.state('done');
}

/** Where the blob was mounted from; else, maybe, the upload that the registry began in place of a mount. */
async function tryMount(
  { client, repository, options }: PushContext,
  digest: Digest,
): Promise<{ readonly from?: string; readonly session?: UploadSession | undefined }> {
  const { registry } = repository.endpoint;
  const candidates = options.mountFrom?.(digest) ?? [];
  const paths = candidates
    .filter((each) => each.domain === registry && each.path !== repository.path)
    .map((each) => each.path);
  let session: UploadSession | undefined;
  for (const from of [...new Set(paths)].slice(0, MOUNT_TRIES)) {
    const mounted = await mountBlob(client, repository, digest, from, options.signal);
    if (mounted.isMounted) return { from };
    session = mounted.session ?? session;
  }
  return { session };
}

function isBlobUnknown(error: unknown): boolean {
  if (!(error instanceof AppError) || error.detail?.kind !== 'registry') return false;
  return /^(?:MANIFEST_)?BLOB_UNKNOWN$/.test(error.detail.registryCode ?? '');
}
