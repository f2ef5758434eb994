import { isCancelled } from '#shared/errors/app-error.ts';
import type { Descriptor } from '#shared/oci/manifest.ts';
import { type Reference, withDefaultTag } from '#shared/oci/reference.ts';
import type { RegistryClient } from './client.ts';
import { headManifest } from './manifests.ts';
import { readRepositories, selectorOf } from './repository.ts';

/**
 * What a reference names where a pull would find it, mirror first; null where it names nothing. Nothing is fetched, so
 * it counts as no pull. Throws what the registry itself refuses with.
 */
export async function headAnywhere(
  client: RegistryClient,
  reference: Reference,
  signal?: AbortSignal,
): Promise<Descriptor | null> {
  const named = withDefaultTag(reference);
  const repositories = readRepositories(client, named);
  for (const [i, repository] of repositories.entries()) {
    const isLast = i === repositories.length - 1;
    const found = await headManifest(client, repository, selectorOf(named), signal).catch((error) => {
      // A mirror that cannot say leaves the word to the registry.
      if (isLast || isCancelled(error)) throw error;
      return null;
    });
    if (found !== null) return found;
  }
  return null;
}
