import type { BuildServices } from '../build-services.ts';
import type { SessionOptions } from '../build-session.ts';
import { describePlace, parseCacheFrom } from './cache-address.ts';
import { SharedCaches } from './shared-caches.ts';
import type { SharedLayers } from './shared-layers.ts';

/**
 * The shared caches that a build was given, null for none. One that cannot be read is told in the log of the first
 * step and does not stop the build. Throws `invalid-input`, `unsupported` for a word that names none.
 */
export async function openSharedCaches(
  { caches }: BuildServices,
  { options, contextPath, signal, mayFetch, onLog, without }: SessionOptions,
  layers: SharedLayers,
): Promise<SharedCaches | null> {
  const places = (options.cacheFrom ?? [])
    .map((word) => parseCacheFrom(word, contextPath))
    .filter((place) => without?.has(describePlace(place)) !== true);
  if (places.length === 0) return null;
  const loaded = await Promise.all(places.map((place) => caches.read(place, !mayFetch, signal)));
  for (const { title, problem } of loaded)
    if (problem !== null) void onLog(0, `Warning: the shared cache ${title} is not used: ${problem}\n`);
  for (const { storage, bases } of loaded)
    if (storage !== null) for (const base of bases) layers.addBase({ ...base, storage });
  return new SharedCaches(loaded, layers, signal);
}
