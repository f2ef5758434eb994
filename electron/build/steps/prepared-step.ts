import type { LayerRecord } from '../../store/image-records.ts';
import type { CacheFields } from '../cache/cache-key.ts';
import type { TellListing } from '../cache/source-listing.ts';
import type { StageState } from './stage-state.ts';

/** A step made ready: everything that decides its result is known, nothing has been done yet. */
export interface PreparedStep {
  /** The named parts of its cache key, `parent` excepted: the solver adds that. */
  readonly fields: CacheFields;
  /** What it takes from elsewhere, to tell later which file changed. */
  readonly listing: TellListing | null;
  /** Its layer is the same over any file system (COPY --link), so `parent` does not count. */
  readonly standsAlone?: boolean | undefined;
  /** What the image's history says of it. */
  readonly createdBy: string;
  /** The settings after it; layers and history are the solver's. */
  apply(state: StageState): StageState;
  /**
   * Makes the layer, null when no file changes. Absent for a step that only changes settings. `earlier` is what the
   * same step made last time, where that is known: a help, never the result.
   */
  readonly makeLayer?:
    | ((state: StageState, earlier: LayerRecord | null) => Promise<LayerRecord | null>)
    | undefined;
  /** Set in a prediction when a source is not known before it is built: which, in words. */
  readonly unknown?: string | undefined;
}

/** A step that changes settings and no file. */
export function settingStep(
  instruction: string,
  apply: (state: StageState) => StageState,
  extra: { readonly fields?: CacheFields; readonly createdBy?: string } = {},
): PreparedStep {
  return {
    fields: { instruction, ...extra.fields },
    listing: null,
    createdBy: extra.createdBy ?? instruction,
    apply,
  };
}
