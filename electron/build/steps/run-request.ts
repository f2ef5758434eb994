/** What RUN asks of the sandbox. */
export interface RunRequest {
  readonly argv: readonly string[];
  /** `NAME=value`, in order. */
  readonly env: readonly string[];
  readonly cwd: string;
  /** As USER says it; empty is root. */
  readonly user: string;
  readonly network: 'default' | 'none' | 'host';
  /** The instruction on one line, for errors. */
  readonly display: string;
}
