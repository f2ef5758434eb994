import { posix } from 'node:path';
import { hideCredentials } from '#shared/format/hide-credentials.ts';
import { variableField } from '../cache/cache-key.ts';
import type { RunInstruction } from '../dockerfile/ast.ts';
import { type RunBody, runBody } from '../dockerfile/heredoc.ts';
import { refuseForeign } from './foreign-run.ts';
import type { PreparedStep } from './prepared-step.ts';
import { refuseRun } from './refuse-run.ts';
import { prepareRunMounts } from './run-mounts.ts';
import { type StageState, shellOf } from './stage-state.ts';
import type { StepContext } from './step-context.ts';
import type { StepMount } from './step-mount.ts';

const PROXY_NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'];

/** Whether a build argument is one of the proxies, which RUN sees undeclared and the cache key does not. */
export function isProxyArgument(name: string): boolean {
  return PROXY_NAMES.includes(name.toUpperCase());
}

/** RUN: a command over the file system of the stage. */
export async function prepareRun(
  instruction: RunInstruction,
  state: StageState,
  context: StepContext,
): Promise<PreparedStep> {
  const { flags, range } = instruction;
  refuseRun(instruction, context);
  const body = runBody(instruction.command);
  const shell = shellOf(state);
  const argv = argumentsOf(body, shell);
  const cwd = state.runtime.workingDir || '/';
  const user = state.runtime.user ?? '';
  const network = flags.network ?? 'default';
  const insecure = flags.security === 'insecure';
  const mounts = await prepareRunMounts(instruction, state, context);
  const script: StepMount[] =
    body.kind === 'file'
      ? [
          {
            type: 'script',
            target: posix.dirname(body.path),
            name: posix.basename(body.path),
            content: body.content,
          },
        ]
      : [];
  return {
    fields: {
      instruction: `RUN ${describeBody(body)}`,
      ...variableFields(state),
      workdir: cwd,
      user,
      ...(body.kind === 'exec' ? {} : { shell: JSON.stringify(shell) }),
      ...(network === 'default' ? {} : { network }),
      ...(insecure ? { security: 'insecure' } : {}),
      ...(context.epoch === null ? {} : { epoch: String(context.epoch) }),
      ...mounts.fields,
    },
    listing: mounts.list,
    unknown: mounts.unknown,
    createdBy: createdBy(argv, state),
    apply: (before) => before,
    makeLayer: async (before) => {
      await refuseForeign(before.platform, { path: context.dockerfile.path, range });
      const opened = await mounts.open();
      const request = {
        argv,
        env: [...runEnvironment(before, context), ...opened.env],
        cwd,
        user,
        network,
        insecure,
        mounts: [...script, ...opened.mounts],
        display: hideCredentials(instruction.source),
      };
      return context.run(before, request, range.line);
    },
  };
}

function argumentsOf(body: RunBody, shell: readonly string[]): readonly string[] {
  if (body.kind === 'exec') return body.args;
  return [...shell, body.kind === 'file' ? body.path : body.script];
}

/** The body in words; of a script its text, which decides what it does. */
function describeBody(body: RunBody): string {
  if (body.kind === 'exec') return JSON.stringify(body.args);
  return body.kind === 'file' ? `<<${posix.basename(body.path)}\n${body.content}` : body.script;
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
  const args = state.args.map((name) => {
    const value = variableField(name, state.variables.get(name) ?? '');
    return `${name}=${hideCredentials(value)}`;
  });
  return ['RUN', ...(args.length > 0 ? [`|${args.length}`, ...args] : []), ...argv].join(' ');
}
