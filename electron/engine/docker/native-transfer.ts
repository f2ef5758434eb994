import { AppError } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import { MEDIA_TYPE } from '#shared/oci/media-types.ts';
import { parseReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import type { TransferOptions } from '../../image/image.ts';
import type { NativeTransfer } from '../engine.ts';
import type { Connector, EngineConnection } from './connection.ts';
import { type ApiRequest, cancelled } from './docker-client.ts';
import { inspectImage, readImageHistory, resolveName } from './image-catalog.ts';
import { toImageFacts } from './image-mapping.ts';
import { wireName, wireRef } from './image-names.ts';
import { readJsonLines } from './json-lines.ts';
import { type CredentialsFor, registryAuth } from './registry-auth.ts';
import { transferError } from './transfer-errors.ts';
import { createTransferProgress, type ExpectedLayer, type TransferProgress } from './transfer-progress.ts';

/** Pushes and pulls by the engine itself. `engine` is the name for people. */
export function createNativeTransfer(
  engine: string,
  connector: Connector,
  credentialsFor: CredentialsFor,
): NativeTransfer {
  const follow = async (
    connection: EngineConnection,
    request: ApiRequest,
    reference: Reference,
    progress: TransferProgress,
  ): Promise<void> => {
    const { signal } = request;
    try {
      const stream = await connection.client.stream(request);
      for await (const value of readJsonLines(stream, engine)) progress.accept(value);
    } catch (error) {
      if (signal?.aborted) throw cancelled(signal);
      const isRefusal =
        error instanceof AppError && !['engine-unavailable', 'cancelled', 'malformed'].includes(error.code);
      throw isRefusal ? transferError(error.message, reference, engine) : error;
    }
    if (signal?.aborted) throw cancelled(signal);
    const words = progress.failure();
    if (words !== null) throw transferError(words, reference, engine);
  };

  return {
    push: (ref, target, options) =>
      connector.use(async (connection) => {
        const reference = withTag(target);
        const layers = await layersOf(connection, wireRef(ref), options.signal);
        const progress = createTransferProgress(layers.expected, options.onBlob);
        await withName(connection, layers.id, reference, async () => {
          const request: ApiRequest = {
            method: 'POST',
            path: `/images/${wireName({ ...reference, tag: undefined })}/push`,
            query: { tag: reference.tag },
            registryAuth: await registryAuth(reference.domain, credentialsFor),
            signal: options.signal,
          };
          await follow(connection, request, reference, progress);
        });
        return descriptorOf(progress, engine);
      }, options.signal),

    pull: (target, options) =>
      connector.use(async (connection) => {
        const reference = withDefaultTag(target);
        const progress = createTransferProgress([], options.onBlob);
        const request: ApiRequest = {
          method: 'POST',
          path: '/images/create',
          query: {
            fromImage: wireName({ ...reference, tag: undefined, digest: undefined }),
            tag: reference.digest ?? reference.tag,
            platform: options.platform || undefined,
          },
          registryAuth: await registryAuth(reference.domain, credentialsFor),
          signal: options.signal,
        };
        await follow(connection, request, reference, progress);
        const image = await inspectImage(connection, pulledName(reference), options.signal);
        const digest = progress.result()?.digest ?? repoDigest(image.RepoDigests, reference) ?? image.Id;
        return { id: image.Id, digest };
      }, options.signal),
  };
}

/** By digest where there is one: the engine leaves the tag of such a reference aside. */
function pulledName(reference: Reference): string {
  return wireName(reference.digest === undefined ? reference : { ...reference, tag: undefined });
}

async function layersOf(
  connection: EngineConnection,
  ref: string,
  signal: TransferOptions['signal'],
): Promise<{ id: string; expected: ExpectedLayer[] }> {
  const inspect = await inspectImage(connection, ref, signal);
  const facts = toImageFacts(inspect, await readImageHistory(connection, inspect.Id, signal));
  const expected = facts.diffIds.map((digest, index) => ({ digest, size: facts.sizes[index] ?? 0 }));
  return { id: inspect.Id, expected };
}

/**
 * Does `action` while `name` points at the image: the engine pushes names only. Afterwards the name points where
 * it did before, or nowhere.
 */
async function withName(
  connection: EngineConnection,
  id: string,
  name: Reference,
  action: () => Promise<void>,
): Promise<void> {
  const before = await resolveName(connection, name);
  if (before === id) return action();
  await setName(connection, id, name);
  try {
    await action();
  } finally {
    if (before !== null) await setName(connection, before, name);
    else await connection.client.json({ method: 'DELETE', path: `/images/${wireName(name)}` });
  }
}

async function setName(connection: EngineConnection, id: string, name: Reference): Promise<void> {
  await connection.client.json({
    method: 'POST',
    path: `/images/${id}/tag`,
    query: { repo: wireName({ ...name, tag: undefined }), tag: name.tag },
  });
}

function descriptorOf(progress: TransferProgress, engine: string): Descriptor {
  const result = progress.result();
  if (result !== null) return { mediaType: MEDIA_TYPE.dockerManifest, ...result };
  throw new AppError('malformed', `${engine} pushed the image without telling its digest.`, {
    hint: 'Pull it again to see whether it arrived.',
  });
}

function repoDigest(repoDigests: readonly string[], { domain, path }: Reference): Digest | null {
  for (const text of repoDigests) {
    const name = parseReference(text);
    if (name.domain === domain && name.path === path && name.digest !== undefined) return name.digest;
  }
  return null;
}

function withTag(target: Reference): Reference & { tag: string } {
  if (target.digest === undefined) return { ...target, tag: target.tag ?? 'latest' };
  throw new AppError('invalid-input', 'An image is pushed under a tag, not under a digest.', {
    hint: 'Leave the digest out of the name.',
  });
}
