import type {
  HealthcheckInstruction,
  MaintainerInstruction,
  OnbuildInstruction,
  StopsignalInstruction,
  UserInstruction,
  VolumeInstruction,
} from '../dockerfile/ast.ts';
import { sourceError } from '../dockerfile/source-error.ts';
import { type PreparedStep, settingStep } from './prepared-step.ts';
import { type StageState, shellOf, withRuntime } from './stage-state.ts';
import { expander, type StepContext } from './step-context.ts';
import { isStopSignal } from './stop-signal.ts';

/** USER. */
export function prepareUser(
  instruction: UserInstruction,
  state: StageState,
  context: StepContext,
): PreparedStep {
  const user = expander(context, state, instruction.range)(instruction.user);
  return settingStep(`USER ${user}`, (before) => withRuntime(before, { user }));
}

/** VOLUME: a setting of the image; later steps may still change what is there. */
export function prepareVolume(
  instruction: VolumeInstruction,
  state: StageState,
  context: StepContext,
): PreparedStep {
  const expand = expander(context, state, instruction.range);
  const paths = instruction.paths.map(expand);
  if (paths.includes('')) {
    const place = { path: context.dockerfile.path, range: instruction.range };
    throw sourceError(place, 'A VOLUME has no path.', 'Write the absolute path of a folder.');
  }
  return settingStep(`VOLUME ${JSON.stringify(paths)}`, (before) =>
    withRuntime(before, { volumes: [...new Set([...(before.runtime.volumes ?? []), ...paths])].sort() }),
  );
}

/** STOPSIGNAL: a number that is not 0, or a name of Linux with or without SIG. */
export function prepareStopsignal(
  instruction: StopsignalInstruction,
  state: StageState,
  context: StepContext,
): PreparedStep {
  const stopSignal = expander(context, state, instruction.range)(instruction.signal);
  if (!isStopSignal(stopSignal)) {
    const place = { path: context.dockerfile.path, range: instruction.range };
    throw sourceError(
      place,
      `"${stopSignal}" is not a signal.`,
      'Write a name such as SIGTERM, or a number.',
    );
  }
  return settingStep(`STOPSIGNAL ${stopSignal}`, (before) => withRuntime(before, { stopSignal }));
}

/** MAINTAINER: the author of the image. */
export function prepareMaintainer(instruction: MaintainerInstruction): PreparedStep {
  return settingStep(`MAINTAINER ${instruction.maintainer}`, (before) => ({
    ...before,
    author: instruction.maintainer,
  }));
}

/** ONBUILD: kept for the image that is built from this one. */
export function prepareOnbuild(instruction: OnbuildInstruction): PreparedStep {
  return settingStep(`ONBUILD ${instruction.trigger}`, (before) =>
    withRuntime(before, { onBuild: [...(before.runtime.onBuild ?? []), instruction.trigger] }),
  );
}

/** HEALTHCHECK. */
export function prepareHealthcheck(instruction: HealthcheckInstruction, state: StageState): PreparedStep {
  const { check } = instruction;
  if (check === null) {
    return settingStep('HEALTHCHECK NONE', (before) =>
      withRuntime(before, { healthcheck: { test: ['NONE'] } }),
    );
  }
  const command = check.command;
  const test = command.form === 'exec' ? ['CMD', ...command.args] : ['CMD-SHELL', command.text];
  const healthcheck = {
    test,
    interval: check.interval ?? undefined,
    timeout: check.timeout ?? undefined,
    startPeriod: check.startPeriod ?? undefined,
    startInterval: check.startInterval ?? undefined,
    retries: check.retries ?? undefined,
  };
  // A shell form runs by the shell of the image, so the shell is part of what it means.
  return settingStep(instruction.source, (before) => withRuntime(before, { healthcheck }), {
    fields: command.form === 'shell' ? { shell: JSON.stringify(shellOf(state)) } : {},
  });
}
