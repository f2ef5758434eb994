import type { Instruction } from '../dockerfile/ast.ts';
import { prepareAdd } from './add.ts';
import { prepareArg } from './arg.ts';
import { prepareCmd, prepareEntrypoint, prepareShell } from './command.ts';
import { prepareCopy } from './copy.ts';
import { prepareEnv, prepareLabel } from './env.ts';
import { prepareExpose } from './expose.ts';
import type { PreparedStep } from './prepared-step.ts';
import { prepareRun } from './run.ts';
import {
  prepareHealthcheck,
  prepareMaintainer,
  prepareOnbuild,
  prepareStopsignal,
  prepareUser,
  prepareVolume,
} from './settings.ts';
import type { StageState } from './stage-state.ts';
import type { StepContext } from './step-context.ts';
import { prepareWorkdir } from './workdir.ts';

/** Any instruction but FROM, which begins a stage and is the solver's. */
export type StepInstruction = Exclude<Instruction, { keyword: 'FROM' }>;

/** Makes a step ready: expands it, finds its sources and names all that decides its result. */
export function prepareStep(
  instruction: StepInstruction,
  state: StageState,
  context: StepContext,
): PreparedStep | Promise<PreparedStep> {
  switch (instruction.keyword) {
    case 'ADD':
      return prepareAdd(instruction, state, context);
    case 'ARG':
      return prepareArg(instruction, state, context);
    case 'CMD':
      return prepareCmd(instruction, state);
    case 'COPY':
      return prepareCopy(instruction, state, context);
    case 'ENTRYPOINT':
      return prepareEntrypoint(instruction, state);
    case 'ENV':
      return prepareEnv(instruction, state, context);
    case 'EXPOSE':
      return prepareExpose(instruction, state, context);
    case 'HEALTHCHECK':
      return prepareHealthcheck(instruction, state);
    case 'LABEL':
      return prepareLabel(instruction, state, context);
    case 'MAINTAINER':
      return prepareMaintainer(instruction);
    case 'ONBUILD':
      return prepareOnbuild(instruction);
    case 'RUN':
      return prepareRun(instruction, state, context);
    case 'SHELL':
      return prepareShell(instruction);
    case 'STOPSIGNAL':
      return prepareStopsignal(instruction, state, context);
    case 'USER':
      return prepareUser(instruction, state, context);
    case 'VOLUME':
      return prepareVolume(instruction, state, context);
    case 'WORKDIR':
      return prepareWorkdir(instruction, state, context);
  }
}
