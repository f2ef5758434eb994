import type { Contender } from './contenders.ts';
import type { Runs } from './runs.ts';

/** How often in a round what takes a tenth of a second is measured: it varies more than what takes long. */
export const SHORT_TIMES = 3;

/** What a part of the bench works with. */
export interface Bench {
  /** For what it makes; removed at the end. */
  readonly folder: string;
  /** A registry on loopback that holds the base image. */
  readonly registry: string;
  readonly base: string;
  readonly rounds: number;
  /** Source files of the ordinary project. */
  readonly files: number;
  /** Small sizes and few rounds: whether all works, not how fast. */
  readonly isQuick: boolean;
  readonly runs: Runs;
  /** Those that are here, Strata first. */
  readonly contenders: readonly Contender[];
}

/** A part of the bench that can be chosen by its name. */
export type Section = (bench: Bench) => Promise<void>;
