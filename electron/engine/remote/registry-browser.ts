import type { RemoteTag } from '#shared/contract/registries.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Digest } from '#shared/oci/digest.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import { isIndex } from '#shared/oci/manifest-codec.ts';
import { isIndexType } from '#shared/oci/media-types.ts';
import {
  canonicalReference,
  familiarReference,
  familiarRepository,
  parseReference,
  type Reference,
  withDefaultTag,
} from '#shared/oci/reference.ts';
import { imageDescriptors } from '#shared/oci/select-platform.ts';
import { fetchRepositories } from '../../registry/catalog.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { probeHubLimit } from '../../registry/hub-limit.ts';
import { deleteManifest, headManifest } from '../../registry/manifests.ts';
import { ownRepository } from '../../registry/repository.ts';
import type { Store } from '../../store/store.ts';
import type { RegistryBrowser } from '../ports.ts';
import { guardTag, type TagRules } from '../tag-guard.ts';
import { RemoteImages } from './remote-images.ts';
import { TagLister } from './tag-lister.ts';

/** What browsing registries works with. */
export interface RegistryBrowserOptions {
  readonly store: Store;
  client(): Promise<RegistryClient>;
  tagRules(): Promise<Pick<TagRules, 'floating' | 'immutable'>>;
}

/** Facts of manifests kept: they never change. */
const FACTS_KEPT = 5000;
const TAGS_A_PAGE = 1000;

type Facts = Pick<RemoteTag, 'size' | 'createdAt' | 'platforms'>;

/** Looks around in registries. */
export function createRegistryBrowser(options: RegistryBrowserOptions): RegistryBrowser {
  const { store, client } = options;
  const tags = new TagLister(client);
  const images = new RemoteImages(store, client);
  const facts = new Map<Digest, Facts>();
  return {
    repositories: async (host, { after, signal }) => {
      const page = await fetchRepositories(await client(), host, { after, signal });
      return { repositories: [...page.repositories], next: page.next };
    },
    tags: async (repository, { query = '', after, signal }) => {
      const page = await tags.page(repository, { query, after, limit: TAGS_A_PAGE, signal });
      return { ...page, tags: [...page.tags] };
    },
    tag: async (text, { signal, onlyDigest }) => {
      const reference = withDefaultTag(parseReference(text));
      const head = await headOf(await client(), reference, signal);
      const known = facts.get(head.digest);
      const found =
        known ?? (onlyDigest ? NO_FACTS : await readFacts(images, reference, head.digest, signal));
      if (known === undefined && !onlyDigest) remember(facts, head.digest, found);
      return { ...describeHead(reference, head), ...found };
    },
    limit: async (host, { ask, signal }) => {
      const opened = await client();
      const { registry } = opened.endpoint(host);
      const known = opened.rateLimit(registry);
      const limit = ask && registry === 'docker.io' ? await probeHubLimit(opened, signal) : known;
      if (limit === undefined) return null;
      return { limit: limit.limit, remaining: limit.remaining, windowSeconds: limit.windowSeconds };
    },
    deleteTag: async (text, { byDigest, confirmName, signal }) => {
      const reference = withDefaultTag(parseReference(text));
      await deleteTag(options, reference, { byDigest, confirmName, signal });
      tags.forget(familiarRepository(reference));
    },
  };
}

const NO_FACTS: Facts = { size: null, createdAt: null, platforms: [] };

async function headOf(
  client: RegistryClient,
  reference: Reference,
  signal: AbortSignal | undefined,
): Promise<Descriptor> {
  const selector = reference.digest ?? reference.tag ?? 'latest';
  const head = await headManifest(client, ownRepository(client, reference), selector, signal);
  if (head !== null) return head;
  throw new AppError('not-found', `${familiarReference(reference)} is not at its registry.`, {
    hint: 'It may have been deleted meanwhile: list the tags again.',
  });
}

function describeHead(reference: Reference, { digest, mediaType }: Descriptor) {
  return {
    reference: familiarReference(reference),
    digest,
    mediaType,
    index: isIndexType(mediaType),
    pinned: `${familiarRepository(reference)}@${digest}`,
  };
}

/** Reads manifest and config; of an index those of the image for this machine, or of its first. */
async function readFacts(
  images: RemoteImages,
  reference: Reference,
  digest: Digest,
  signal: AbortSignal | undefined,
): Promise<Facts> {
  const pinned = familiarReference({ ...reference, tag: undefined, digest });
  try {
    const { root, layers, config } = await images.open(pinned, { signal });
    const created = Date.parse(config.created ?? '');
    const listed = isIndex(root.document) ? imageDescriptors(root.document) : [];
    const platforms = listed.flatMap((each) =>
      each.platform === undefined ? [] : [{ platform: each.platform, digest: each.digest }],
    );
    return {
      size: layers.reduce((sum, layer) => sum + layer.size, 0),
      createdAt: Number.isNaN(created) || created <= 0 ? null : created,
      platforms: listed.length > 0 ? platforms : [{ platform: config.platform, digest }],
    };
  } catch (error) {
    // Charts and signatures have tags too, and so have images for other machines alone.
    const isOther =
      error instanceof AppError && ['unsupported', 'not-found', 'malformed'].includes(error.code);
    if (!isOther) throw error;
    return NO_FACTS;
  }
}

function remember(facts: Map<Digest, Facts>, digest: Digest, found: Facts): void {
  facts.set(digest, found);
  const oldest = facts.keys().next().value;
  if (facts.size > FACTS_KEPT && oldest !== undefined) facts.delete(oldest);
}

async function deleteTag(
  { store, client: open, tagRules }: RegistryBrowserOptions,
  reference: Reference,
  options: { byDigest: boolean; confirmName?: string | undefined; signal?: AbortSignal | undefined },
): Promise<void> {
  const { byDigest, confirmName, signal } = options;
  const client = await open();
  const repository = ownRepository(client, reference);
  const { digest } = await headOf(client, reference, signal);
  await guardTag(client, reference, null, { ...(await tagRules()), moveTag: true, confirmName }, signal);
  const tag = reference.tag ?? 'latest';
  await deleteManifest(client, repository, byDigest ? digest : tag, signal).catch((error: unknown) => {
    throw byDigest ? error : explainTagDeletion(error, reference, digest);
  });
  const name = canonicalReference({ ...reference, digest: undefined });
  await store.journal.append({ name, host: reference.domain, from: digest, to: null, by: 'delete' });
}

/** Many registries delete images alone, and with an image all of its tags. */
function explainTagDeletion(error: unknown, reference: Reference, digest: Digest): unknown {
  const isOther =
    error instanceof AppError &&
    ['unsupported', 'registry-error', 'malformed', 'invalid-input', 'not-found'].includes(error.code);
  if (!isOther) return error;
  return new AppError('unsupported', `${reference.domain} does not delete a tag alone: ${error.message}`, {
    hint: `It may delete the image ${digest} instead, with every tag that names it.`,
    detail: error.detail,
    cause: error,
  });
}
