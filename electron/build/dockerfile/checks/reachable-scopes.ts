import type { Instruction } from '../ast.ts';
import type { StageScope } from './stage-scopes.ts';

/** The stages that the target needs, in file order; all of them without a target or for one that does not exist. */
export function reachableScopes(
  scopes: readonly StageScope[],
  target: string | undefined,
): readonly StageScope[] {
  const start = target === undefined ? undefined : find(scopes, target);
  if (start === undefined) return scopes;
  const reached = new Set<StageScope>();
  const visit = (scope: StageScope): void => {
    if (reached.has(scope)) return;
    reached.add(scope);
    if (scope.parent !== null) visit(scope.parent);
    for (const name of scope.stage.instructions.flatMap(referredStages)) {
      const found = find(scopes, name);
      if (found !== undefined) visit(found);
    }
  };
  visit(start);
  return scopes.filter((scope) => reached.has(scope));
}

function find(scopes: readonly StageScope[], name: string): StageScope | undefined {
  const wanted = name.toLowerCase();
  return (
    scopes.findLast(({ stage }) => stage.name === wanted) ??
    scopes.find(({ stage }) => String(stage.index) === wanted)
  );
}

function referredStages(instruction: Instruction): string[] {
  if (instruction.keyword === 'COPY')
    return instruction.flags.from === undefined ? [] : [instruction.flags.from];
  if (instruction.keyword !== 'RUN') return [];
  return instruction.flags.mounts.flatMap(({ fields }) =>
    fields.flatMap(({ key, value }) => (key === 'from' && value !== null ? [value] : [])),
  );
}
