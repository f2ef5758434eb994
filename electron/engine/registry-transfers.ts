import type { ImageDetail } from '#shared/contract/images.ts';
import { AppError } from '#shared/errors/app-error.ts';
import {
  canonicalReference,
  familiarReference,
  parseReference,
  type Reference,
  repositoryName,
  withDefaultTag,
} from '#shared/oci/reference.ts';
import { checkPush, type PushSubject } from '../registry/check-push.ts';
import type { RegistryClient } from '../registry/client.ts';
import type { CredentialLookup } from '../registry/credentials/credential.ts';
import { headForPush } from '../registry/manifests.ts';
import { ownRepository } from '../registry/repository.ts';
import type { Engine, NativeTransfer } from './engine.ts';
import type { RegistryTransfers } from './ports.ts';

/** What transfers between engines and registries work with. */
export interface TransferOptions {
  /** Opens the registries; asked at each use. */
  open(): Promise<{ readonly client: RegistryClient; readonly keychain: CredentialLookup }>;
  /** Tag names that are meant to move, as Settings has them now. */
  floatingTags(): Promise<readonly string[]>;
}

/** Pushes and pulls by each engine's own way, with one rule for all: a tag does not move unless it is told to. */
export function createRegistryTransfers(options: TransferOptions): RegistryTransfers {
  return {
    checkPush: async (engine, ref, target, signal) => {
      const { client, keychain } = await options.open();
      const subject = subjectOf(await engine.images.get(ref, signal));
      const floatingTags = await options.floatingTags();
      return checkPush(client, subject, pushTarget(target), { credentials: keychain, floatingTags, signal });
    },
    push: async (engine, ref, target, { signal, onBlob, onLabels, moveTag }) => {
      const transfer = requireTransfer(engine);
      const reference = pushTarget(target);
      const detail = await engine.images.get(ref, signal);
      onLabels(labelsOf(detail));
      if (!moveTag) await refuseMovedTag(options, reference, detail, signal);
      const { digest } = await transfer.push(ref, reference, { signal, onBlob });
      const pinned = `${repositoryName(reference)}@${digest}`;
      return { reference: familiarReference(reference), digest, pinned };
    },
    pull: async (engine, reference, { signal, onBlob, platform }) => {
      const named = withDefaultTag(parseReference(reference));
      const { digest } = await requireTransfer(engine).pull(named, { signal, onBlob, platform });
      return { reference: familiarReference(named), digest };
    },
  };
}

/** Throws `tag-moved` when the tag names other content there and is not meant to move. */
async function refuseMovedTag(
  options: TransferOptions,
  target: Reference,
  { manifestDigest, imageId }: ImageDetail,
  signal: AbortSignal,
): Promise<void> {
  const { tag = 'latest' } = target;
  if ((await options.floatingTags()).includes(tag)) return;
  const { client } = await options.open();
  const there = await headForPush(client, ownRepository(client, target), tag, signal).catch(nullIfAbsent);
  if (there === null || there.digest === manifestDigest) return;
  const reference = familiarReference(target);
  const wanted = manifestDigest ?? imageId;
  throw new AppError('tag-moved', `${reference} already names other content there: ${there.digest}.`, {
    hint: 'Push it as another version, or move the tag on purpose.',
    detail: { kind: 'tag', reference, current: there.digest, wanted },
  });
}

/** A repository that the first push makes does not exist before it. */
function nullIfAbsent(error: unknown): null {
  if (error instanceof AppError && error.code === 'not-found') return null;
  throw error;
}

function pushTarget(text: string): Reference & { readonly tag: string } {
  const reference = parseReference(text);
  if (reference.digest === undefined) return { ...reference, tag: reference.tag ?? 'latest' };
  throw new AppError(
    'invalid-input',
    `${canonicalReference(reference)} is a digest, and a push needs a tag.`,
    {
      hint: 'Leave out what follows the @.',
    },
  );
}

function requireTransfer(engine: Engine): NativeTransfer {
  if (engine.transfer !== undefined) return engine.transfer;
  throw new AppError('unsupported', `${engine.name} cannot push or pull.`, {
    detail: { kind: 'engine', engine: engine.id },
  });
}

function subjectOf({ manifestDigest, layers, base }: ImageDetail): PushSubject {
  return {
    digest: manifestDigest,
    baseName: base?.name ?? null,
    totalBytes: layers.reduce((sum, layer) => sum + layer.size, 0),
    layers: layers.map(({ digest, createdBy, size, base }) => ({ digest, label: createdBy, size, base })),
  };
}

/** An engine may tell a layer's progress by its digest or, as Docker does, by its diffID. */
function labelsOf({ layers }: ImageDetail): ReadonlyMap<string, string> {
  return new Map(
    layers.flatMap(({ digest, diffId, createdBy }) => [
      [digest, createdBy],
      [diffId, createdBy],
    ]),
  );
}
