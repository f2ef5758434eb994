import type { CacheFields } from '../cache/cache-key.ts';
import type { PreparedStep } from '../steps/prepared-step.ts';
import type { StageState } from '../steps/stage-state.ts';

/** A finished stage, or what is foreseen of it; `rebuiltBy` names its first step that was made anew. */
export interface StageResult {
  readonly state: StageState;
  readonly rebuiltBy: string | null;
}

/** Where a stage begins. */
export interface StageBase extends StageResult {
  readonly fields: CacheFields;
  /** ONBUILD of the base image. */
  readonly triggers: readonly string[];
  /** Set in a prediction when the base is not known before it is fetched: in words. */
  readonly unknown?: string | undefined;
  /** Set where FROM itself makes a layer: of a folder. */
  readonly made?: Pick<PreparedStep, 'listing' | 'makeLayer'> | undefined;
}
