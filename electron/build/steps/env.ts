import type { EnvInstruction, LabelInstruction } from '../dockerfile/ast.ts';
import { type PreparedStep, settingStep } from './prepared-step.ts';
import { type StageState, withEnv, withRuntime } from './stage-state.ts';
import { expander, type StepContext } from './step-context.ts';

/** ENV: values are expanded with what was set *before* the instruction. */
export function prepareEnv(
  instruction: EnvInstruction,
  state: StageState,
  context: StepContext,
): PreparedStep {
  const expand = expander(context, state, instruction.range);
  const pairs = instruction.pairs.map(({ key, value }) => [expand(key), expand(value)] as const);
  return settingStep(`ENV ${showPairs(pairs)}`, (before) => {
    const variables = new Map(before.variables);
    let env = before.runtime.env ?? [];
    for (const [name, value] of pairs) {
      variables.set(name, value);
      env = withEnv(env, name, value);
    }
    return { ...withRuntime(before, { env }), variables };
  });
}

/** LABEL: a later label of the same name wins. */
export function prepareLabel(
  instruction: LabelInstruction,
  state: StageState,
  context: StepContext,
): PreparedStep {
  const expand = expander(context, state, instruction.range);
  const pairs = instruction.pairs.map(({ key, value }) => [expand(key), expand(value)] as const);
  return settingStep(`LABEL ${showPairs(pairs)}`, (before) =>
    withRuntime(before, { labels: { ...before.runtime.labels, ...Object.fromEntries(pairs) } }),
  );
}

function showPairs(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `${name}=${value}`).join(' ');
}
