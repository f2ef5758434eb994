import type { StepMount } from './step-mount.ts';

/** What RUN asks of the sandbox. */
export interface RunRequest {
  readonly argv: readonly string[];
  /** `NAME=value`, in order. */
  readonly env: readonly string[];
  readonly cwd: string;
  /** As USER says it; empty is root. */
  readonly user: string;
  readonly network: 'default' | 'none' | 'host';
  /** With all capabilities and nothing hidden. */
  readonly insecure: boolean;
  readonly mounts: readonly StepMount[];
  /** The instruction on one line, for errors. */
  readonly display: string;
}
