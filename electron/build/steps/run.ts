import { variableField } from '../cache/cache-key.ts';
import type { RunInstruction } from '../dockerfile/ast.ts';
import { runBody } from '../dockerfile/heredoc.ts';
import type { PreparedStep } from './prepared-step.ts';
import { type StageState, shellOf } from './stage-state.ts';
import { notBuiltYet, type StepContext } from './step-context.ts';

const PROXY_NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'];

/** Whether a build argument is one of the proxies, which RUN sees undeclared and the cache key does not. */
export function isProxyArgument(name: string): boolean {
  return PROXY_NAMES.includes(name.toUpperCase());
}

/** RUN: a command over the file system of the stage. */
export function prepareRun(
  instruction: RunInstruction,
  state: StageState,
  context: StepContext,
): PreparedStep {
  const { flags, range } = instruction;
  const body = runBody(instruction.command);
  if (flags.mounts.length > 0) throw notBuiltYet(context, range, 'RUN --mount');
  if (flags.security === 'insecure') throw notBuiltYet(context, range, 'RUN --security=insecure');
  if (flags.devices.length > 0) throw notBuiltYet(context, range, 'RUN --device');
  if (body.kind === 'file') throw notBuiltYet(context, range, 'A RUN script that begins with #!');
  const shell = shellOf(state);
  const argv = body.kind === 'exec' ? body.args : [...shell, body.script];
  const cwd = state.runtime.workingDir || '/';
  const user = state.runtime.user ?? '';
  const network = flags.network ?? 'default';
  return {
    fields: {
      instruction: body.kind === 'exec' ? `RUN ${JSON.stringify(body.args)}` : `RUN ${body.script}`,
      ...variableFields(state),
      workdir: cwd,
      user,
      ...(body.kind === 'exec' ? {} : { shell: JSON.stringify(shell) }),
      ...(network === 'default' ? {} : { network }),
      ...(context.epoch === null ? {} : { epoch: String(context.epoch) }),
    },
    listing: null,
    createdBy: createdBy(argv, state),
    apply: (before) => before,
    makeLayer: (before) => {
      const request = {
        argv,
        env: runEnvironment(before, context),
        cwd,
        user,
        network,
        display: instruction.source,
      };
      return context.run(before, request, range.line);
    },
  };
}

/** Every variable that RUN sees is part of its key, an ARG from its declaration on. */
function variableFields(state: StageState): Record<string, string> {
  const env = new Set((state.runtime.env ?? []).map((line) => line.slice(0, line.indexOf('='))));
  const fields: Record<string, string> = {};
  for (const [name, value] of state.variables) {
    if (isProxyArgument(name) && !state.args.includes(name)) continue;
    fields[`${env.has(name) ? 'env' : 'arg'}:${name}`] = variableField(name, value);
  }
  return fields;
}

function runEnvironment(state: StageState, context: StepContext): string[] {
  const proxies = [...context.buildArgs].filter(
    ([name]) => isProxyArgument(name) && !state.variables.has(name),
  );
  return [...proxies, ...state.variables].map(([name, value]) => `${name}=${value}`);
}

/** As BuildKit writes it: the declared arguments and their number come first. Values that may be secret stay out. */
function createdBy(argv: readonly string[], state: StageState): string {
  const args = state.args.map((name) => `${name}=${variableField(name, state.variables.get(name) ?? '')}`);
  return ['RUN', ...(args.length > 0 ? [`|${args.length}`, ...args] : []), ...argv].join(' ');
}
