import type { AddInstruction } from '../dockerfile/ast.ts';
import { prepareFiles } from './copy.ts';
import type { PreparedStep } from './prepared-step.ts';
import type { StageState } from './stage-state.ts';
import { expander, notBuiltYet, type StepContext } from './step-context.ts';

/** ADD: as COPY from the context, but archives are unpacked. Addresses are not fetched yet and are refused. */
export async function prepareAdd(
  instruction: AddInstruction,
  state: StageState,
  context: StepContext,
): Promise<PreparedStep> {
  const { flags, range } = instruction;
  if (flags.checksum !== undefined) throw notBuiltYet(context, range, 'ADD --checksum');
  const expand = expander(context, state, range);
  for (const source of instruction.sources.map(expand)) {
    if (isRemote(source)) throw notBuiltYet(context, range, `ADD of an address (${source})`);
  }
  return prepareFiles({ ...instruction, from: null, unpack: flags.unpack ?? true }, state, context);
}

/** Whether ADD would fetch it: http(s), git addresses. */
function isRemote(source: string): boolean {
  return /^(?:https?|git|ssh):\/\//i.test(source) || /^git@[^/]+:/.test(source);
}
