import type { StrataClient } from '#renderer/client/client.ts';
import { toErrorView } from '#renderer/client/failure.ts';
import { createLoader, type Loader, type Remote, valueOr } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** What a registry has of a repository, as far as it was asked. */
export interface NamesThere {
  /** Digest by tag, of the tags that were asked for; null: it is not there. */
  readonly digests: Readonly<Record<string, DigestThere | null>>;
  /** All its tags where it lists them, for names that are free. */
  readonly tags: readonly string[];
}

/** What a tag names at its registry: a manifest, or a list of them. */
export interface DigestThere {
  readonly digest: string;
  /** Of the images in the list; empty where it is none. */
  readonly members: readonly string[];
}

/** What registries have of the names of the image whose tags are looked at. */
export interface RegistryNamesSlice {
  readonly byRepository: Readonly<Record<string, Remote<NamesThere>>>;
  /** Asks what these tags of a repository name there, by HEAD; a list of images is read too. */
  ask(repository: string, tags: readonly string[]): Promise<void>;
  /** Forgets all. */
  clear(): void;
}

const NO_TAGS: readonly string[] = [];

/** Makes the slice of names at registries. */
export const createRegistryNamesSlice: SliceCreator<RegistryNamesSlice> = (tools) => {
  const loaders = new Map<string, Loader>();
  return {
    byRepository: {},
    ask: (repository, tags) => {
      const loader = loaders.get(repository) ?? createLoader();
      loaders.set(repository, loader);
      return loader.load<NamesThere>(
        tools.own().byRepository[repository] ?? { status: 'idle' },
        (signal) => readNames(tools.client, repository, tags, signal),
        (names) => tools.set({ byRepository: { ...tools.own().byRepository, [repository]: names } }),
      );
    },
    clear: () => {
      for (const loader of loaders.values()) loader.stop();
      loaders.clear();
      tools.set({ byRepository: {} });
    },
  };
};

/** The tags that a registry is known to have in a repository. */
export function tagsThere(slice: RegistryNamesSlice, repository: string): readonly string[] {
  return valueOr(slice.byRepository[repository] ?? { status: 'idle' }, undefined)?.tags ?? NO_TAGS;
}

async function readNames(
  client: StrataClient,
  repository: string,
  tags: readonly string[],
  signal: AbortSignal,
): Promise<NamesThere> {
  const found = await Promise.all(
    tags.map(async (tag) => [tag, await readTag(client, `${repository}:${tag}`, signal)] as const),
  );
  // Not every registry lists tags; then suggestions are only probably free.
  const listed = await client.registries.tags({ repository }, { signal }).catch(() => ({ tags: [] }));
  return { digests: Object.fromEntries(found), tags: listed.tags };
}

async function readTag(
  client: StrataClient,
  reference: string,
  signal: AbortSignal,
): Promise<DigestThere | null> {
  try {
    const { digest, index } = await client.registries.tag({ reference, onlyDigest: true }, { signal });
    if (!index) return { digest, members: [] };
    const { platforms } = await client.registries.tag({ reference }, { signal });
    return { digest, members: platforms.map((member) => member.digest) };
  } catch (error) {
    if (toErrorView(error).code === 'not-found') return null;
    throw error;
  }
}
