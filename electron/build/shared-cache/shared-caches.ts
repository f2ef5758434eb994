import type { Reason } from '#shared/contract/projects.ts';
import { type CacheFields, cacheKey } from '../cache/cache-key.ts';
import { closestMatch, type PastStep } from '../cache/history.ts';
import type { SourceListing } from '../cache/source-listing.ts';
import type { StepRecord } from '../cache/step-cache.ts';
import { CACHE_TYPE } from './cache-manifest.ts';
import type { LoadedCache } from './cache-reader.ts';
import { type CacheRecord, PART_SIZE_LIMIT, parseListing } from './cache-records.ts';
import { readPart } from './read-part.ts';
import { shareFields, shareText } from './share-fields.ts';
import type { SharedLayers } from './shared-layers.ts';

/** A step that a shared cache has. */
export interface SharedHit {
  readonly record: StepRecord;
  /** Where it came from, in words. */
  readonly reason: Reason;
  /** Lets the build stand on it: `keep` is called once its layer is here, or at once where it has none. */
  take(keep: (record: StepRecord) => Promise<void>): Promise<void>;
}

/** The most alike step of a shared cache. */
export interface SharedMatch {
  readonly past: PastStep;
  /** As `closestMatch` counts. */
  readonly distance: number;
  readonly title: string;
  /** The step now, as the cache would keep it. */
  readonly fields: CacheFields;
  readonly source: string;
  listing(): Promise<SourceListing | null>;
}

/** A step of a shared cache is chosen over one of this machine only where it is closer. */
const LATER_THAN_LOCAL = 9;

/** The shared caches that one build looks into, in the order in which they were named. */
export class SharedCaches {
  readonly #caches: readonly LoadedCache[];
  readonly #layers: SharedLayers;
  readonly #signal: AbortSignal;

  constructor(caches: readonly LoadedCache[], layers: SharedLayers, signal: AbortSignal) {
    this.#caches = caches;
    this.#layers = layers;
    this.#signal = signal;
  }

  /** The result of a step with these fields, null when no cache has it. */
  find(localKey: string, fields: CacheFields): SharedHit | null {
    const key = cacheKey(shareFields(fields));
    for (const { records, storage, title } of this.#caches) {
      const record = records.get(key);
      if (record === undefined || storage === null) continue;
      const { layer, index, builtAt, ms, by } = record;
      const own: StepRecord = { key: localKey, layer, builtAt, ms, by };
      return {
        record: own,
        reason: { kind: 'shared-cache', detail: describeHit(title, record) },
        take: async (keep) => {
          if (layer === null || index === null) await keep(own);
          else this.#layers.add({ layer, index, storage, onTaken: () => keep(own) });
        },
      };
    }
    return null;
  }

  /** The step of any cache that is most like this one; null when none is. */
  closest(step: Omit<PastStep, 'key'>): SharedMatch | null {
    const shared = {
      ...step,
      fields: shareFields(step.fields),
      source: shareText(step.keyword, step.source),
    };
    let best: SharedMatch | null = null;
    for (const cache of this.#caches) {
      const records = [...cache.records.values()];
      const match = closestMatch([{ at: 0, steps: records }], shared);
      if (match === null || (best !== null && best.distance <= match.distance)) continue;
      const record = match.past as CacheRecord;
      best = {
        past: match.past,
        distance: match.distance + LATER_THAN_LOCAL,
        title: cache.title,
        fields: shared.fields,
        source: shared.source,
        listing: () => this.#listing(cache, record),
      };
    }
    return best;
  }

  /** For a prediction: what could not be asked, so that a miss is not certain. */
  get unknown(): readonly Reason[] {
    return this.#caches.flatMap(({ title, problem }) =>
      problem === null
        ? []
        : [
            {
              kind: 'shared-cache-unknown',
              detail: `The shared cache ${title} could not be read, so it is not known whether it has this step: ${problem}`,
            },
          ],
    );
  }

  /** Null where it cannot be had: the reason then names no files. */
  async #listing({ storage }: LoadedCache, { listing }: CacheRecord): Promise<SourceListing | null> {
    if (storage === null || listing === null) return null;
    try {
      const blob = { mediaType: CACHE_TYPE.listing, ...listing };
      return parseListing(await readPart(storage, blob, PART_SIZE_LIMIT, this.#signal));
    } catch {
      this.#signal.throwIfAborted();
      return null;
    }
  }
}

function describeHit(title: string, { by, builtAt }: CacheRecord): string {
  const when = new Date(builtAt).toISOString().slice(0, 16).replace('T', ' ');
  return `From the shared cache ${title}, built by ${by} on ${when} UTC.`;
}
