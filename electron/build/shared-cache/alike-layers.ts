import type { LayerRecord } from '../../store/image-records.ts';
import type { CacheFields } from '../cache/cache-key.ts';
import { chainOf, type StageState } from '../steps/stage-state.ts';
import type { SharedCaches } from './shared-caches.ts';

/** What these make is decided by their key but for the times of files. */
const FILES = new Set(['COPY', 'ADD', 'WORKDIR']);

/**
 * The layers of a stage after a step as a shared cache has them, where they are not the same but hold the same files
 * with other times; undefined where there are none. A machine that copied the files itself, from a checkout of its own,
 * so goes on to find what others ran over theirs.
 */
export function alikeLayers(
  shared: SharedCaches | null,
  keyword: string,
  before: StageState,
  fields: CacheFields,
  made: LayerRecord | null,
): readonly LayerRecord[] | undefined {
  if (shared === null || made === null) return before.alike;
  const alike = before.alike ?? before.layers;
  const there = shared.find('', overAlike(fields, alike))?.record.layer ?? null;
  if (there === null || !(FILES.has(keyword) || there.diffId === made.diffId)) return undefined;
  const layers = [...alike, there];
  return chainOf(layers) === chainOf([...before.layers, made]) ? undefined : layers;
}

/** The fields of a step as they are over those layers. */
export function overAlike(fields: CacheFields, alike: readonly LayerRecord[]): CacheFields {
  return fields.parent === 'any' ? fields : { ...fields, parent: chainOf(alike) };
}
