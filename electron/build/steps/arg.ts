import { variableField } from '../cache/cache-key.ts';
import type { ArgInstruction } from '../dockerfile/ast.ts';
import { type PreparedStep, settingStep } from './prepared-step.ts';
import type { StageState } from './stage-state.ts';
import { expander, type StepContext } from './step-context.ts';

/** ARG: `--build-arg`, else the default, else the value of an ARG before the first FROM. */
export function prepareArg(
  instruction: ArgInstruction,
  state: StageState,
  context: StepContext,
): PreparedStep {
  const variables = new Map(state.variables);
  const fields: Record<string, string> = {};
  const names: string[] = [];
  for (const { name, value } of instruction.args) {
    // A default may use an ARG that stands before it on the same line.
    const expand = expander(context, { ...state, variables }, instruction.range);
    const set =
      context.buildArgs.get(name) ?? (value === null ? context.globalArgs.get(name) : expand(value));
    names.push(name);
    if (set === undefined) continue;
    variables.set(name, set);
    fields[`arg:${name}`] = variableField(name, set);
  }
  return settingStep(
    instruction.source,
    (before) => ({ ...before, variables, args: [...new Set([...before.args, ...names])] }),
    { fields },
  );
}
