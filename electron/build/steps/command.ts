import type {
  CmdInstruction,
  CommandForm,
  EntrypointInstruction,
  ShellInstruction,
} from '../dockerfile/ast.ts';
import { withHeredocs } from '../dockerfile/heredoc.ts';
import { type PreparedStep, settingStep } from './prepared-step.ts';
import { type StageState, shellOf, withRuntime } from './stage-state.ts';

/** The arguments a command form stands for: as they are, or given to the shell as one text. */
export function commandArguments(command: CommandForm, state: StageState): readonly string[] {
  if (command.form === 'exec') return command.args;
  return [...shellOf(state), withHeredocs(command.text, command.heredocs)];
}

/** CMD. */
export function prepareCmd(instruction: CmdInstruction, state: StageState): PreparedStep {
  const cmd = commandArguments(instruction.command, state);
  return settingStep(`CMD ${JSON.stringify(cmd)}`, (before) => ({
    ...withRuntime(before, { cmd }),
    cmdSet: true,
  }));
}

/** ENTRYPOINT: a CMD that came with the base image no longer fits and is dropped. */
export function prepareEntrypoint(instruction: EntrypointInstruction, state: StageState): PreparedStep {
  const entrypoint = commandArguments(instruction.command, state);
  return settingStep(`ENTRYPOINT ${JSON.stringify(entrypoint)}`, (before) =>
    withRuntime(before, before.cmdSet ? { entrypoint } : { entrypoint, cmd: undefined }),
  );
}

/** SHELL: for the shell forms that follow. */
export function prepareShell(instruction: ShellInstruction): PreparedStep {
  return settingStep(`SHELL ${JSON.stringify(instruction.shell)}`, (before) =>
    withRuntime(before, { shell: instruction.shell }),
  );
}
