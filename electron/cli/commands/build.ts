import type { BuildStep } from '#shared/contract/builds.ts';
import type { BuildOptions, PlannedStep } from '#shared/contract/projects.ts';
import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import { toErrorView } from '#shared/errors/error-view.ts';
import type { BuildEvent, BuildOutcome, BuildRequest } from '../../engine/engine.ts';
import { openContext } from '../build-context.ts';
import { type BuildDesk, type NamedRequest, openOwnDesk } from '../build-desk.ts';
import { BUILD_HELP, BUILD_OPTIONS, readBuildOptions } from '../build-options.ts';
import { BuildPrinter, printPlan } from '../build-printer.ts';
import {
  type Command,
  type CommandContext,
  type CommandInput,
  isSet,
  listOption,
  textOption,
} from '../command.ts';
import { QuietPrinter } from '../quiet-printer.ts';

/** `strata build`. */
export const build: Command = {
  usage:
    'build [CONTEXT] [-f FILE] [-t REF]... [--target S] [--build-arg K=V]... [--platform P] [--no-cache] [--cache-from REF]... [--cache-to REF]... [--build-context N=V]... [--secret id=X,src=FILE]... [--ssh default]... [--label K=V]... [--allow RIGHT]... [--pull] [--reproducible] [--plan | -q] [--engine builtin|docker]',
  summary:
    'Builds an image and tells why each step was or was not rebuilt. CONTEXT is a folder (default: this one), a git address (https://example.com/repo.git#REF:FOLDER), the address of an archive or of a Dockerfile, or - for either on standard input.',
  help: [
    ...BUILD_HELP,
    ['-t, --tag REF', 'Name of the image; may be given several times'],
    ['--plan', 'Foresee each step and build nothing'],
    ['-q, --quiet', 'Print the digest of the image and nothing else; of several platforms that of the index'],
    ['--engine NAME', 'builtin (default) or docker'],
    ['STRATA_STANDALONE=1', 'As a variable: builds in this process, also while the Strata app could do it'],
  ],
  options: {
    ...BUILD_OPTIONS,
    tag: { type: 'string', short: 't', multiple: true },
    plan: { type: 'boolean' },
    quiet: { type: 'boolean', short: 'q' },
    engine: { type: 'string' },
  },
  arity: [0, 1],
  run: (input, context) => runBuildCommand(input, context, () => openOwnDesk(context.env)),
};

/** What the build command does at a desk. Throws what is wrong with its words, the context or the data folder. */
export async function runBuildCommand(
  input: CommandInput,
  context: CommandContext,
  openDesk: () => Promise<BuildDesk>,
): Promise<number> {
  const options = readOptions(input, context);
  const isQuiet = isSet(input, 'quiet');
  if (isQuiet && isSet(input, 'plan')) throw planIsNotQuiet();
  const desk = await openDesk();
  const opened = await openContext(input.positionals[0] ?? '.', options, desk.paths, context);
  try {
    if (isSet(input, 'plan')) return await plan(desk, { ...opened, options }, context);
    const printer = isQuiet ? new QuietPrinter(context.output) : new BuildPrinter(context.output);
    return await runBuild(desk, { ...opened, options }, printer, context);
  } finally {
    await opened.close();
  }
}

function planIsNotQuiet(): AppError {
  return new AppError('invalid-input', '--plan builds nothing, so --quiet has no digest to print.', {
    hint: 'Leave out one of them; --plan --json is for programs.',
  });
}

function readOptions(input: CommandInput, context: CommandContext): BuildOptions {
  const engine = textOption(input, 'engine') ?? 'builtin';
  if (!['builtin', 'docker', 'podman'].includes(engine)) {
    throw new AppError('invalid-input', `There is no engine "${engine}".`, {
      hint: 'Write builtin or docker.',
    });
  }
  return { ...readBuildOptions(input, context.env, context.cwd), tags: listOption(input, 'tag'), engine };
}

async function plan(desk: BuildDesk, request: BuildRequest, context: CommandContext): Promise<number> {
  if (request.options.engine !== 'builtin') {
    throw new AppError('unsupported', 'Only the built-in engine can foresee a build.', {
      hint: 'Leave out --engine.',
    });
  }
  const steps = await desk.predict(request, context.signal);
  const ok = steps.every(({ predicted }) => predicted !== 'fails');
  context.output.event({ type: 'plan', ok, steps: steps.map(planEvent) });
  if (!context.output.json) printPlan(context.output, steps);
  return ok ? 0 : 1;
}

function planEvent({ stage, platform, line, instruction, predicted, reasons, error }: PlannedStep) {
  const own = { ...(platform === undefined ? {} : { platform }), ...(error === undefined ? {} : { error }) };
  return { stage, line, instruction, predicted, reasons, ...own };
}

function stepEvent({ stage, platform, line, instruction, status, ms, size, reasons }: BuildStep) {
  return {
    stage,
    ...(platform === undefined ? {} : { platform }),
    line,
    instruction,
    status,
    ms,
    size,
    reasons,
  };
}

async function runBuild(
  desk: BuildDesk,
  request: NamedRequest,
  printer: BuildPrinter | QuietPrinter,
  context: CommandContext,
): Promise<number> {
  const { output } = context;
  const started = performance.now();
  const steps = new Map<number, BuildStep>();
  const onEvent = (event: BuildEvent) => {
    if (event.type === 'steps') for (const step of event.steps) steps.set(step.index, step);
    if (event.type === 'step') steps.set(event.step.index, event.step);
    printer.event(event);
  };
  const ended = () => Math.round(performance.now() - started);
  const begun = await desk.begin(request);
  let outcome: BuildOutcome;
  try {
    outcome = await begun.build({ signal: context.signal, onEvent });
  } catch (error) {
    const view = toErrorView(error);
    printer.failed();
    const known = [...steps.values()].filter((step) => step.status !== 'waiting');
    output.event({ type: 'finished', ok: false, error: view, ms: ended(), steps: known.map(stepEvent) });
    if (!output.json)
      output.fail(
        error instanceof AppError ? error : new AppError(view.code, view.message, { hint: view.hint }),
      );
    return isCancelled(error) ? 130 : 1;
  }
  const { digest, imageId, tags, platforms } = outcome;
  output.event({
    type: 'finished',
    ok: true,
    digest,
    imageId,
    ...(platforms === undefined ? {} : { platforms }),
    tags,
    ms: ended(),
    steps: outcome.steps.map(stepEvent),
  });
  if (!output.json) printer.finished(outcome, ended());
  return 0;
}
