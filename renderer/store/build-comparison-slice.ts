import type { BuildComparison } from '#shared/contract/builds.ts';
import { createLoader, IDLE, type Remote } from './remote.ts';
import type { SliceCreator } from './slice.ts';

/** Two builds by their ids. */
export interface BuildPair {
  readonly before: string;
  readonly after: string;
}

/** The two builds that are compared. */
export interface BuildComparisonSlice {
  readonly pair: BuildPair | null;
  readonly result: Remote<BuildComparison>;
  /** Compares two builds, also when it did so before. */
  open(pair: BuildPair): Promise<void>;
  /** Compares the same two again. */
  reload(): Promise<void>;
}

/** Makes the slice of compared builds. */
export const createBuildComparisonSlice: SliceCreator<BuildComparisonSlice> = (tools) => {
  const results = createLoader();
  const load = async (fresh: boolean): Promise<void> => {
    const { pair, result } = tools.own();
    if (pair === null) return;
    await results.load<BuildComparison>(
      result,
      (signal) => tools.client.builds.compare(pair, { signal }),
      (next) => tools.set({ result: next }),
      { fresh },
    );
  };
  return {
    pair: null,
    result: IDLE,
    open: ({ before, after }) => {
      tools.set({ pair: { before, after } });
      return load(true);
    },
    reload: () => load(false),
  };
};
