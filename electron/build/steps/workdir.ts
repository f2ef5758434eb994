import { cleanPath } from '../../image/stack-tree.ts';
import type { WorkdirInstruction } from '../dockerfile/ast.ts';
import { LayerDraft } from './layer-draft.ts';
import { resolveOwner } from './owner.ts';
import type { PreparedStep } from './prepared-step.ts';
import { inWorkdir, type StageState, withRuntime } from './stage-state.ts';
import { expander, type StepContext } from './step-context.ts';

/** WORKDIR: the folder is made when it is missing, owned by the current user. */
export function prepareWorkdir(
  instruction: WorkdirInstruction,
  state: StageState,
  context: StepContext,
): PreparedStep {
  const asked = expander(context, state, instruction.range)(instruction.path);
  const path = cleanPath(inWorkdir(state, asked));
  const workingDir = `/${path}`;
  const user = state.runtime.user ?? '';
  return {
    fields: {
      instruction: `WORKDIR ${workingDir}`,
      ...(user === '' ? {} : { user }),
      ...(context.epoch === null ? {} : { epoch: String(context.epoch) }),
    },
    listing: null,
    createdBy: `WORKDIR ${workingDir}`,
    apply: (before) => withRuntime(before, { workingDir }),
    makeLayer: async (before) => {
      const draft = new LayerDraft(await context.tree(before), context.epoch ?? 0);
      const target = draft.resolve(path);
      if (draft.typeAt(target) === 'directory') return null;
      draft.makeDirectory(target, await resolveOwner(user, before, context));
      return context.writeLayer((writer) => draft.write(writer));
    },
  };
}
