import type { SourceRange } from '#shared/errors/app-error.ts';
import type { Dockerfile, Instruction } from '../ast.ts';
import type { CheckOptions } from './check-options.ts';
import type { StageScope } from './stage-scopes.ts';

/** What a rule looks at. */
export interface CheckSubject {
  readonly dockerfile: Dockerfile;
  readonly options: CheckOptions;
  /** The stages that count, in file order: all, or those the target needs. */
  readonly scopes: readonly StageScope[];
  /** Values of the ARGs before the first FROM, platform arguments among them. */
  readonly globals: ReadonlyMap<string, string>;
}

/** One hit of a rule. */
export interface Report {
  /** What in this file, one sentence. */
  readonly detail: string;
  readonly instruction: Instruction;
  /** Default: that of the instruction. */
  readonly range?: SourceRange | undefined;
}

/** A build check: its name is the one the Dockerfile frontend documents. */
export interface Rule {
  readonly name: string;
  /** What the rule wants in general, one sentence. */
  readonly description: string;
  /** Only run when `# check=experimental=` asks for it. */
  readonly isExperimental?: boolean;
  check(subject: CheckSubject): Iterable<Report>;
}

/** Where the rule is explained. */
export function ruleUrl(name: string): string {
  const kebab = name.replace(/([a-z])([A-Z])/g, '$1-$2').replace(/([A-Z])([A-Z][a-z])/g, '$1-$2');
  return `https://docs.docker.com/go/dockerfile/rule/${kebab.toLowerCase()}/`;
}
