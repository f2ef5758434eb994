import type { Dockerfile } from '../dockerfile/ast.ts';
import { expandWord } from '../dockerfile/expand.ts';
import { expandedWords } from '../dockerfile/expanded-words.ts';
import type { PlanStep } from './build-plan.ts';

/**
 * Reads every word whose variables are expanded later, as if each variable had a value. Throws `dockerfile-invalid` at
 * the line of one that cannot be read, such as a quote without an end: before a base is pulled for nothing.
 */
export function checkWords({ path, directives }: Dockerfile, steps: readonly PlanStep[]): void {
  for (const { instruction } of steps) {
    const place = { path, range: instruction.range };
    for (const { text, literalQuotes } of expandedWords(instruction))
      expandWord(text, () => 'x', { escape: directives.escape, literalQuotes, place });
  }
}
