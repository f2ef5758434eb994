import type { DiffId } from './digest.ts';
import type { Platform } from './platform.ts';

/** A HEALTHCHECK as Docker's image config holds it. Durations are nanoseconds, 0 or absent means inherit. */
export interface HealthConfig {
  readonly test: readonly string[];
  readonly interval?: number | undefined;
  readonly timeout?: number | undefined;
  readonly startPeriod?: number | undefined;
  readonly startInterval?: number | undefined;
  readonly retries?: number | undefined;
}

/** How a container of the image runs. `env` keeps the order of declaration. */
export interface RuntimeConfig {
  readonly user?: string | undefined;
  readonly exposedPorts?: readonly string[] | undefined;
  readonly env?: readonly string[] | undefined;
  readonly entrypoint?: readonly string[] | undefined;
  readonly cmd?: readonly string[] | undefined;
  readonly volumes?: readonly string[] | undefined;
  readonly workingDir?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly stopSignal?: string | undefined;
  readonly healthcheck?: HealthConfig | undefined;
  readonly shell?: readonly string[] | undefined;
  readonly onBuild?: readonly string[] | undefined;
}

/** One line of an image's history, oldest first. */
export interface HistoryEntry {
  readonly created?: string | undefined;
  readonly createdBy?: string | undefined;
  readonly author?: string | undefined;
  readonly comment?: string | undefined;
  readonly emptyLayer?: boolean | undefined;
}

/** An image's config in our spelling; the wire's spelling is known to `config-codec.ts` alone. */
export interface ImageConfig {
  readonly platform: Platform;
  readonly created?: string | undefined;
  readonly author?: string | undefined;
  readonly config: RuntimeConfig;
  /** Oldest first. */
  readonly diffIds: readonly DiffId[];
  readonly history: readonly HistoryEntry[];
}
