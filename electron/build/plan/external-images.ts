import { AppError } from '#shared/errors/app-error.ts';
import type { Dockerfile, Instruction } from '../dockerfile/ast.ts';
import type { NamedContexts } from '../inputs/named-contexts.ts';
import { findStage, findStageByName, sourceStages } from './build-plan.ts';
import { expandFromWord } from './build-variables.ts';

/** A word of a Dockerfile that names an image from elsewhere: no stage, no named context, not `scratch`. */
export interface ExternalImage {
  readonly keyword: 'FROM' | 'COPY' | 'RUN';
  /** First and last line of the instruction, from 1. */
  readonly line: number;
  readonly endLine: number;
  /** Name of its stage, or its number. */
  readonly stage: string;
  readonly written: string;
  /** With the variables replaced; empty where one has no value, null where it cannot be read. */
  readonly image: string | null;
}

/** Every image that a Dockerfile takes from elsewhere, in file order. `globals` are the ARGs before the first FROM. */
export function externalImages(
  dockerfile: Dockerfile,
  globals: ReadonlyMap<string, string>,
  contexts: NamedContexts,
): ExternalImage[] {
  return dockerfile.stages.flatMap(({ index, name, from, instructions }) => {
    const stage = name ?? String(index);
    if (name !== null && contexts.find(name) !== null) return [];
    const found: ExternalImage[] = [];
    const base = expandOrNull(() => expandFromWord(dockerfile, from, from.image, globals));
    const earlier = dockerfile.stages.slice(0, index);
    const isInner =
      base !== null &&
      (base === 'scratch' || findStageByName(earlier, base) !== undefined || contexts.find(base) !== null);
    if (!isInner) found.push({ ...placeOf(from), keyword: 'FROM', stage, written: from.image, image: base });
    for (const instruction of instructions) {
      if (instruction.keyword !== 'COPY' && instruction.keyword !== 'RUN') continue;
      for (const word of new Set(sourceStages(instruction))) {
        if (findStage(dockerfile.stages, word) !== undefined || contexts.find(word) !== null) continue;
        const { keyword } = instruction;
        found.push({ ...placeOf(instruction), keyword, stage, written: word, image: word });
      }
    }
    return found;
  });
}

function placeOf({ range }: Instruction): { line: number; endLine: number } {
  return { line: range.line, endLine: range.endLine };
}

function expandOrNull(expand: () => string): string | null {
  try {
    return expand();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
