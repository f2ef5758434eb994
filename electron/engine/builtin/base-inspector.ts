import { resolve } from 'node:path';
import type { BaseUse, PinnedLine } from '#shared/contract/bases.ts';
import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import { type Digest, parseDigest } from '#shared/oci/digest.ts';
import { familiarReference, parseReference, type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import { parseDockerfile } from '../../build/dockerfile/parse.ts';
import { pinImage } from '../../build/dockerfile/pin-image.ts';
import { readNamedContexts } from '../../build/inputs/named-contexts.ts';
import { type DockerfileText, loadDockerfile } from '../../build/load-dockerfile.ts';
import { globalArguments, platformArguments } from '../../build/plan/build-variables.ts';
import { type ExternalImage, externalImages } from '../../build/plan/external-images.ts';
import { forEachParallel } from '../../image/limiter.ts';
import { hostPlatform } from '../../platform/host-platform.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { headAnywhere } from '../../registry/head-anywhere.ts';
import type { Store } from '../../store/store.ts';
import type { BaseInspector, BaseQuery, PinRequest } from '../ports.ts';
import { changedMeanwhile, fingerprintOf, WrittenFiles } from './written-files.ts';

/** What looking at bases works with. */
export interface BaseInspectorOptions {
  readonly store: Store;
  /** Opens the registries; asked when one is first needed. */
  client(): Promise<RegistryClient>;
  /** Tags that are meant to move. */
  floatingTags(): Promise<readonly string[]>;
}

const ASKED_AT_ONCE = 6;

/** Looks at the images that Dockerfiles begin with, and pins them. */
export function createBaseInspector(options: BaseInspectorOptions): BaseInspector {
  const written = new WrittenFiles();
  return {
    list: async (query, { check, signal }) => {
      const found = findImages(query, await loadDockerfile(query.contextPath, query.dockerfile));
      const floating = await options.floatingTags();
      const uses = await Promise.all(found.map((image) => describeUse(options.store, image, floating)));
      if (!check) return uses;
      const client = await options.client();
      const indexes = uses.map((_, i) => i);
      await forEachParallel(indexes, ASKED_AT_ONCE, signal, async (i, own) => {
        const use = uses[i];
        if (use !== undefined) uses[i] = await compare(client, use, own);
      });
      return uses;
    },
    pin: (query, request, signal) => pin({ ...options, written }, query, request, signal),
    undoPin: (undo) => written.undo(undo),
  };
}

function findImages(query: BaseQuery, { path, text }: DockerfileText): ExternalImage[] {
  const dockerfile = parseDockerfile(text, path);
  const host = hostPlatform();
  const buildArgs = new Map(Object.entries(query.buildArgs));
  const globals = globalArguments(dockerfile, platformArguments(host, host, ''), buildArgs);
  return externalImages(dockerfile, globals, readNamedContexts(query.contexts, query.contextPath));
}

async function describeUse(
  store: Store,
  image: ExternalImage,
  floating: readonly string[],
): Promise<BaseUse> {
  const { keyword, line, endLine, stage, written } = image;
  const reference = readReference(image.image);
  const isWritten = !/[$'"\\]/.test(written);
  const head = { keyword, line, endLine, stage, written, registryDigest: null, newer: null };
  if (reference === null) {
    const problem = image.image === '' ? 'A variable has no value here.' : 'It is not the name of an image.';
    return { ...head, reference: null, state: 'unknown', localDigest: null, pinnable: false, problem };
  }
  const { tag = 'latest', digest } = reference;
  const state =
    digest !== undefined ? 'pinned' : floating.includes(tag) || tag === 'latest' ? 'floating' : 'tagged';
  return {
    ...head,
    reference: familiarReference(withDefaultTag(reference)),
    state,
    localDigest: await digestHere(store, reference),
    pinnable: isWritten && (digest === undefined || reference.tag !== undefined),
    problem: isWritten ? null : 'A variable names it: pin it where the variable gets its value.',
  };
}

function readReference(text: string | null): Reference | null {
  try {
    return text === null || text === '' ? null : parseReference(text);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** The digest of what a build takes from the store: of the index where the name came with one, as a registry tells it. */
async function digestHere(store: Store, reference: Reference): Promise<Digest | null> {
  const name = await store.names.resolve(reference);
  if (name !== null) return name.indexDigest ?? name.digest;
  if (reference.digest === undefined) return null;
  return (await store.images.get(reference.digest)) === null ? null : reference.digest;
}

/** Asks the registry what the tag names now. A registry that cannot say is told as a problem. */
async function compare(client: RegistryClient, use: BaseUse, signal: AbortSignal): Promise<BaseUse> {
  const reference = readReference(use.reference);
  if (reference === null || (reference.digest !== undefined && reference.tag === undefined)) return use;
  try {
    const there = await headAnywhere(client, { ...reference, digest: undefined }, signal);
    if (there === null) return { ...use, problem: 'Its registry does not have it.' };
    const known = reference.digest ?? use.localDigest;
    return { ...use, registryDigest: there.digest, newer: known === null ? null : known !== there.digest };
  } catch (error) {
    if (isCancelled(error) || !(error instanceof AppError)) throw error;
    return { ...use, problem: error.message };
  }
}

async function pin(
  options: BaseInspectorOptions & { readonly written: WrittenFiles },
  query: BaseQuery,
  request: PinRequest,
  signal: AbortSignal | undefined,
): Promise<PinnedLine> {
  const file = await loadDockerfile(resolve(query.contextPath), query.dockerfile);
  const fingerprint = fingerprintOf(file.text);
  if (request.fingerprint !== undefined && request.fingerprint !== fingerprint)
    throw changedMeanwhile(file.path, 'the preview was made', 'Look at the preview again.');
  const image = chooseImage(findImages(query, file), request);
  const reference = readReference(image.image);
  if (reference === null)
    throw new AppError(
      'invalid-input',
      `"${image.written}" in line ${image.line} is not the name of an image.`,
    );
  const digest = await chooseDigest(options, reference, request, signal);
  const changed = pinImage(file.text, image, digest);
  if (changed === null) throw notThere(image);
  const undo = request.preview ? undefined : await options.written.write(file.path, file.text, changed.text);
  const { line, before, after } = changed;
  const name = familiarReference({ ...withDefaultTag({ ...reference, digest: undefined }) });
  return {
    path: file.path,
    line,
    before,
    after,
    reference: name,
    digest,
    fingerprint,
    written: !request.preview,
    ...(undo === undefined ? {} : { undo }),
  };
}

function chooseImage(images: readonly ExternalImage[], { line, written }: PinRequest): ExternalImage {
  const found = images.find(
    (image) => image.line <= line && line <= image.endLine && (written ?? image.written) === image.written,
  );
  if (found !== undefined) return found;
  throw new AppError('not-found', `Line ${line} takes no image from elsewhere.`, {
    hint: 'Only FROM, COPY --from and mounts that name an image can be pinned.',
  });
}

/** What was asked for, else what the store built with, else what the registry has now. */
async function chooseDigest(
  { store, client }: BaseInspectorOptions,
  reference: Reference,
  request: PinRequest,
  signal: AbortSignal | undefined,
): Promise<Digest> {
  if (request.digest !== undefined) return parseDigest(request.digest);
  const tagged = { ...reference, digest: undefined };
  if (reference.digest !== undefined && reference.tag === undefined)
    throw new AppError(
      'conflict',
      `${familiarReference(reference)} is pinned already, and has no tag to look for.`,
    );
  const here = reference.digest === undefined ? await digestHere(store, tagged) : null;
  if (here !== null) return here;
  const there = await headAnywhere(await client(), tagged, signal);
  if (there !== null) return there.digest;
  throw new AppError('not-found', `${familiarReference(tagged)} is not at its registry.`, {
    hint: 'Check the spelling of the name and the tag.',
  });
}

function notThere({ written, line }: ExternalImage): AppError {
  return new AppError(
    'unsupported',
    `"${written}" in line ${line} cannot be pinned: a variable or quotes name it.`,
    {
      hint: 'Write the image out, or pin it where the variable gets its value.',
    },
  );
}
