import { randomUUID } from 'node:crypto';
import type { BuildStep } from '#shared/contract/builds.ts';
import type { BuildOptions, PlannedStep } from '#shared/contract/projects.ts';
import { AppError, isCancelled } from '#shared/errors/app-error.ts';
import { toErrorView } from '#shared/errors/error-view.ts';
import { readBuildDockerfile } from '../../build/load-dockerfile.ts';
import { createBuilder, createPredictor } from '../../engine/builtin/builder.ts';
import type { BuildEvent, Builder, BuildOutcome, BuildRequest } from '../../engine/engine.ts';
import type { BuildRecorder } from '../../engine/ports.ts';
import { openContext } from '../build-context.ts';
import { BUILD_HELP, BUILD_OPTIONS, readBuildOptions } from '../build-options.ts';
import { BuildPrinter, printPlan } from '../build-printer.ts';
import { recordsOf } from '../build-records.ts';
import {
  type Command,
  type CommandContext,
  type CommandInput,
  isSet,
  listOption,
  textOption,
} from '../command.ts';
import { type Core, openCore } from '../core.ts';
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
  ],
  options: {
    ...BUILD_OPTIONS,
    tag: { type: 'string', short: 't', multiple: true },
    plan: { type: 'boolean' },
    quiet: { type: 'boolean', short: 'q' },
    engine: { type: 'string' },
  },
  arity: [0, 1],
  run: async (input, context) => {
    const options = readOptions(input, context);
    const isQuiet = isSet(input, 'quiet');
    if (isQuiet && isSet(input, 'plan')) throw planIsNotQuiet();
    const core = await openCore(context.env);
    const opened = await openContext(input.positionals[0] ?? '.', options, core, context);
    try {
      if (isSet(input, 'plan')) return await plan(core, { ...opened, options }, context);
      const builder = await chooseBuilder(core, options.engine, context);
      const printer = isQuiet ? new QuietPrinter(context.output) : new BuildPrinter(context.output);
      return await runBuild(core, builder, { ...opened, options }, printer, context);
    } finally {
      await opened.close();
    }
  },
};

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

async function chooseBuilder(core: Core, engine: string, context: CommandContext): Promise<Builder> {
  if (engine === 'builtin') return createBuilder(core.services);
  const { openEngine } = await import('../other-engines.ts');
  const opened = await openEngine(engine, core.home, context.env);
  if (opened.builder !== undefined) return opened.builder;
  throw new AppError('unsupported', `${opened.name} cannot build.`);
}

async function plan(core: Core, request: BuildRequest, context: CommandContext): Promise<number> {
  if (request.options.engine !== 'builtin') {
    throw new AppError('unsupported', 'Only the built-in engine can foresee a build.', {
      hint: 'Leave out --engine.',
    });
  }
  const steps = await createPredictor(core.services).predict(request, context.signal);
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

/** A build and what it is called. */
type NamedRequest = BuildRequest & { readonly name: string };

async function runBuild(
  core: Core,
  builder: Builder,
  request: NamedRequest,
  printer: BuildPrinter | QuietPrinter,
  context: CommandContext,
): Promise<number> {
  const { output } = context;
  const started = performance.now();
  const recorder = await beginRecord(core, request);
  const steps = new Map<number, BuildStep>();
  const onEvent = (event: BuildEvent) => {
    tell(recorder, event);
    if (event.type === 'steps') for (const step of event.steps) steps.set(step.index, step);
    if (event.type === 'step') steps.set(event.step.index, event.step);
    printer.event(event);
  };
  const ended = () => Math.round(performance.now() - started);
  let outcome: BuildOutcome;
  try {
    outcome = await builder.build(request, { signal: context.signal, onEvent });
  } catch (error) {
    const state = isCancelled(error) ? 'cancelled' : 'failed';
    const view = toErrorView(error);
    await recorder.finish({ state, error: view });
    printer.failed();
    const known = [...steps.values()].filter((step) => step.status !== 'waiting');
    output.event({ type: 'finished', ok: false, error: view, ms: ended(), steps: known.map(stepEvent) });
    if (!output.json)
      output.fail(
        error instanceof AppError ? error : new AppError(view.code, view.message, { hint: view.hint }),
      );
    return state === 'cancelled' ? 130 : 1;
  }
  await recorder.finish({ state: 'done', outcome });
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

async function beginRecord(core: Core, request: NamedRequest): Promise<BuildRecorder> {
  const { name, contextPath, place, options } = request;
  const text = place === undefined ? undefined : (await readBuildDockerfile(request).catch(() => null))?.text;
  const start = { operationId: '', projectId: null, name, contextPath, engine: options.engine, options };
  return recordsOf(core).begin(newBuildId(), { ...start, dockerfile: text });
}

function tell(recorder: BuildRecorder, event: BuildEvent): void {
  if (event.type === 'log') recorder.log(event.step, event.text);
  else if (event.type === 'step') recorder.step(event.step);
  else recorder.steps(event.steps);
}

/** Sorts by time, so that a listing of the folder reads as history. */
function newBuildId(): string {
  return `${Date.now().toString(36)}-${randomUUID().slice(0, 8)}`;
}
