import { parseReference, repositoryName } from '#shared/oci/reference.ts';
import { type MeasuredImage, smallVariants } from '../../insight/build-advice/base-advice.ts';
import type { RegistryBrowser } from '../ports.ts';

/** So many variants are asked for: each costs the registry two questions. */
const MOST = 4;

/** Smaller variants of a base that its registry has, with their compressed bytes; nothing is pulled. */
export async function measureVariants(
  browser: Pick<RegistryBrowser, 'tags' | 'tag'>,
  base: string,
  signal?: AbortSignal,
): Promise<MeasuredImage[]> {
  const reference = parseReference(base);
  const repository = repositoryName(reference);
  const query = /^v?\d+(?:\.\d+)*/.exec(reference.tag ?? '')?.[0] ?? '';
  const { tags } = await browser.tags(repository, { query, signal });
  const measured: MeasuredImage[] = [];
  for (const tag of smallVariants(reference, tags).slice(0, MOST)) {
    const { reference: name, size } = await browser.tag(`${repository}:${tag}`, {
      onlyDigest: false,
      signal,
    });
    if (size !== null) measured.push({ name, bytes: size, isRemote: true });
  }
  return measured;
}
