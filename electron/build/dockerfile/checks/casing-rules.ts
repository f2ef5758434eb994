import type { Instruction } from '../ast.ts';
import type { CheckSubject, Report, Rule } from './rule.ts';

/** Instructions in one letter case throughout the file. */
export const consistentInstructionCasing: Rule = {
  name: 'ConsistentInstructionCasing',
  description: 'All instructions of a Dockerfile should be in the same letter case, upper or lower.',
  *check({ dockerfile }: CheckSubject): Iterable<Report> {
    const inStages = dockerfile.stages.flatMap(({ from, instructions }) => [from, ...instructions]);
    const wanted = majorityCase(inStages);
    for (const instruction of inStages) {
      const { keyword, keywordText } = instruction;
      const right = wanted === 'lower' ? keyword.toLowerCase() : keyword;
      if (keywordText === right) continue;
      yield {
        instruction,
        detail: `"${keywordText}" is not in ${wanted} case as most instructions here are.`,
      };
    }
  },
};

/** `as` in the case of its `from`. */
export const fromAsCasing: Rule = {
  name: 'FromAsCasing',
  description: 'The AS of a FROM should be in the same letter case as the FROM.',
  *check({ dockerfile }: CheckSubject): Iterable<Report> {
    for (const { from } of dockerfile.stages) {
      const letterCase = caseOf(from.keywordText);
      if (from.asText === null || letterCase === null || caseOf(from.asText) === letterCase) continue;
      yield {
        instruction: from,
        detail: `"${from.asText}" and "${from.keywordText}" differ in letter case.`,
      };
    }
  },
};

/** Stage names in lower case. */
export const stageNameCasing: Rule = {
  name: 'StageNameCasing',
  description: 'The name of a stage should be in lower case.',
  *check({ dockerfile }: CheckSubject): Iterable<Report> {
    for (const { from } of dockerfile.stages) {
      if (from.stageNameText === from.stageName) continue;
      yield {
        instruction: from,
        detail: `The stage "${from.stageNameText}" has upper-case letters in its name.`,
      };
    }
  },
};

function majorityCase(instructions: readonly Instruction[]): 'lower' | 'upper' {
  const count = (wanted: string): number =>
    instructions.filter(({ keywordText }) => caseOf(keywordText) === wanted).length;
  return count('lower') > count('upper') ? 'lower' : 'upper';
}

/** Null for mixed case. */
function caseOf(word: string): 'lower' | 'upper' | null {
  if (word === word.toLowerCase()) return 'lower';
  return word === word.toUpperCase() ? 'upper' : null;
}
