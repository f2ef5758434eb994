import type { BuildStep } from '#shared/contract/builds.ts';
import { formatCount } from '#shared/format/count.ts';
import { showName } from '#shared/format/show-controls.ts';
import type { StepDifference, VerifyReport } from '../../build/verify/compare-builds.ts';
import { verifyBuild } from '../../build/verify/verify-build.ts';
import { createSandboxRunner } from '../../engine/builtin/sandbox-runner.ts';
import { openContext } from '../build-context.ts';
import { BUILD_HELP, BUILD_OPTIONS, readBuildOptions } from '../build-options.ts';
import type { Command } from '../command.ts';
import { openCore } from '../core.ts';
import type { Output } from '../output.ts';

/** Files that are shown of one step to people; --json has all. */
const SHOWN = 40;

/** `strata verify`. */
export const verify: Command = {
  usage: 'verify [CONTEXT] [-f FILE] [--target S] [--build-arg K=V]... [--platform P] [--reproducible]',
  summary:
    'Builds a folder twice, in two new stores without a cache, and shows every file that differs and why. Nothing is kept. Exit code 1: the images differ.',
  help: BUILD_HELP.filter(([option]) => option !== '--no-cache'),
  options: BUILD_OPTIONS,
  arity: [0, 1],
  run: async (input, context) => {
    const { cwd, env, output, signal } = context;
    const options = readBuildOptions(input, env, cwd);
    const core = await openCore(env);
    const opened = await openContext(input.positionals[0] ?? '.', options, core.store.paths, context);
    const tellFailed = (step: BuildStep, log: string): void => {
      if (step.status === 'failed') output.note(log);
    };
    const logs = new Map<number, string>();
    const report = await verifyBuild(
      core.services,
      { ...opened, options },
      {
        signal,
        runnerFor: createSandboxRunner,
        onBuild: (build) => {
          logs.clear();
          output.event({ type: 'build', build });
          output.line(build === 1 ? 'Building for the first time …' : 'Building again …');
        },
        onSteps: () => undefined,
        onStep: (step) => tellFailed(step, logs.get(step.index) ?? ''),
        onLog: (step, text) => void logs.set(step, (logs.get(step) ?? '') + text),
      },
    ).finally(() => opened.close());
    output.event({ type: 'finished', ok: report.equal, ...report });
    printReport(output, report);
    return report.equal ? 0 : 1;
  },
};

function printReport(output: Output, { equal, digests, steps, config, onlyTimes }: VerifyReport): void {
  output.line();
  if (equal) {
    output.line(`Both builds gave the same image, byte for byte:\n  ${digests[0]}`);
    return;
  }
  output.line(`The builds differ:\n  first   ${digests[0]}\n  second  ${digests[1]}`);
  for (const step of steps) printStep(output, step);
  if (config.length > 0) output.line('\nSettings of the image');
  for (const { field, before, after } of config)
    output.line(`  ${field}: ${before ?? 'unset'}, then ${after ?? 'unset'}`);
  if (onlyTimes)
    output.line(
      '\nOnly times differ. With --reproducible, or SOURCE_DATE_EPOCH set, the image would be the same.',
    );
}

function printStep(output: Output, { createdBy, files }: StepDifference): void {
  output.line(`\n${createdBy}`);
  for (const { path, detail, cause } of files.slice(0, SHOWN)) {
    output.line(`  /${showName(path)}  ${detail}`);
    if (cause !== null) output.line(`      ${cause}`);
  }
  if (files.length > SHOWN)
    output.line(`  and ${formatCount(files.length - SHOWN, 'more file')} (see --json)`);
  if (files.length === 0) output.line('  The same files, packed in another way.');
}
