import type { Instruction } from '../ast.ts';
import type { CheckSubject, Report, Rule } from './rule.ts';
import type { StageScope } from './stage-scopes.ts';

const ONLY_ONCE = ['CMD', 'ENTRYPOINT', 'HEALTHCHECK'] as const;

/** CMD and ENTRYPOINT in exec form. */
export const jsonArgsRecommended: Rule = {
  name: 'JSONArgsRecommended',
  description: 'CMD and ENTRYPOINT should be JSON arrays: a shell in between keeps signals from the program.',
  *check({ scopes }: CheckSubject): Iterable<Report> {
    for (const scope of scopes) {
      let hasShell = bringsShell(scope);
      for (const instruction of scope.stage.instructions) {
        if (instruction.keyword === 'SHELL') hasShell = true;
        if (instruction.keyword !== 'CMD' && instruction.keyword !== 'ENTRYPOINT') continue;
        if (hasShell || instruction.command.form === 'exec') continue;
        yield {
          instruction,
          detail: `${instruction.keyword} runs through a shell, which does not pass on signals.`,
        };
      }
    }
  },
};

/** LABEL instead of MAINTAINER. */
export const maintainerDeprecated: Rule = {
  name: 'MaintainerDeprecated',
  description: 'MAINTAINER is out of use; the label org.opencontainers.image.authors took its place.',
  *check({ dockerfile }: CheckSubject): Iterable<Report> {
    for (const instruction of dockerfile.instructions) {
      if (instruction.keyword !== 'MAINTAINER') continue;
      yield {
        instruction,
        detail: `Write LABEL org.opencontainers.image.authors="${instruction.maintainer}" instead.`,
      };
    }
  },
};

/** The first WORKDIR of a stage is absolute. */
export const workdirRelativePath: Rule = {
  name: 'WorkdirRelativePath',
  description: 'The first WORKDIR should be absolute: a relative one depends on what the base image has set.',
  *check({ scopes }: CheckSubject): Iterable<Report> {
    for (const { parent, instructions } of scopes) {
      if (parent !== null && setsWorkdir(parent)) continue;
      const first = instructions.find(({ instruction }) => instruction.keyword === 'WORKDIR');
      const path = first?.expansions[0]?.text;
      if (first === undefined || path === undefined || path.startsWith('/')) continue;
      yield {
        instruction: first.instruction,
        detail: `WORKDIR ${path} is relative, and no WORKDIR stands above it.`,
      };
    }
  },
};

/** What is overridden further down is told at the line that has no effect. */
export const multipleInstructionsDisallowed: Rule = {
  name: 'MultipleInstructionsDisallowed',
  description: 'CMD, ENTRYPOINT and HEALTHCHECK count once in a stage: the last one wins.',
  *check({ dockerfile }: CheckSubject): Iterable<Report> {
    for (const { instructions } of dockerfile.stages) {
      for (const keyword of ONLY_ONCE) {
        const found = instructions.filter((instruction) => instruction.keyword === keyword);
        const last = found.at(-1);
        for (const instruction of found.slice(0, -1)) {
          yield {
            instruction,
            detail: `This ${keyword} has no effect: line ${last?.range.line} sets it again.`,
          };
        }
      }
    }
  },
};

/** No blank lines inside an instruction. */
export const noEmptyContinuation: Rule = {
  name: 'NoEmptyContinuation',
  description: 'An instruction that goes on over several lines should have no empty line in it.',
  *check({ dockerfile }: CheckSubject): Iterable<Report> {
    for (const instruction of dockerfile.instructions) {
      for (const line of instruction.emptyLines) {
        const range = { line, column: 0, endLine: line, endColumn: 0 };
        yield {
          instruction,
          range,
          detail: `Line ${line} is empty, in the middle of ${instruction.keyword}.`,
        };
      }
    }
  },
};

function bringsShell({ parent, base }: StageScope): boolean {
  if (parent === null) return base?.shell !== undefined;
  return bringsShell(parent) || has(parent, 'SHELL');
}

function setsWorkdir(scope: StageScope): boolean {
  return has(scope, 'WORKDIR') || (scope.parent !== null && setsWorkdir(scope.parent));
}

function has({ stage }: StageScope, keyword: Instruction['keyword']): boolean {
  return stage.instructions.some((instruction) => instruction.keyword === keyword);
}
