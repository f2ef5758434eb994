import type { ParseArgsConfig } from 'node:util';
import type { Output } from './output.ts';

/** The parsed words of a command line. */
export interface CommandInput {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
}

export interface CommandContext {
  readonly output: Output;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Standard input as text, for `--password-stdin`. */
  readInput(): Promise<string>;
  /** Standard input as bytes, for `build -`; whoever calls it first has it. */
  openInput(): AsyncIterable<Uint8Array>;
}

/** One command of the command line. */
export interface Command {
  /** After `strata`: `build [CONTEXT]`. */
  readonly usage: string;
  readonly summary: string;
  /** A line for each option: how it is written, what it does. */
  readonly help: readonly (readonly [option: string, meaning: string])[];
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** Fewest and most positionals. */
  readonly arity: readonly [number, number];
  /** Does the work; the exit code is 0 unless it throws or returns another. */
  run(input: CommandInput, context: CommandContext): Promise<number | undefined>;
}

/** A text option, undefined when it is not given. */
export function textOption({ values }: CommandInput, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** Whether a switch is given. */
export function isSet({ values }: CommandInput, name: string): boolean {
  return values[name] === true;
}

/** The values of an option that may be given several times. */
export function listOption({ values }: CommandInput, name: string): string[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
