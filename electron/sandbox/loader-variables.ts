import { AppError } from '#shared/errors/app-error.ts';
import type { StackTree } from '../image/stack-tree.ts';

/** Variables that change how the C library loads code and data: they must not reach a program of the host. */
const LOADER = /^(?:LD_|MALLOC_|GLIBC_TUNABLES=|GCONV_PATH=|LOCPATH=|NLSPATH=)/;

const EXPORT_SCRIPT =
  'n=$1; shift; while [ "$n" -gt 0 ]; do export "$1"; shift; n=$((n - 1)); done; exec "$@"';

/** A command and the environment it is started with. */
export interface EnteredCommand {
  readonly argv: readonly string[];
  readonly env: readonly string[];
}

/**
 * The same command with loader variables (`LD_PRELOAD` …) set by the image's own `env` or `sh` instead of by us,
 * since a program of the host starts the step and would obey them. Throws `unsupported` when the image has
 * neither.
 */
export function setLoaderVariablesInside(tree: StackTree, command: EnteredCommand): EnteredCommand {
  const loader = command.env.filter((entry) => LOADER.test(entry));
  if (loader.length === 0) return command;
  const env = command.env.filter((entry) => !LOADER.test(entry));
  const program = ['/usr/bin/env', '/bin/env'].find((path) => hasFile(tree, path));
  // env would take a command with "=" in it for one more variable.
  if (program !== undefined && !command.argv[0]?.includes('=')) {
    return { env, argv: [program, ...loader, ...command.argv] };
  }
  if (hasFile(tree, '/bin/sh')) {
    return {
      env,
      argv: ['/bin/sh', '-c', EXPORT_SCRIPT, 'sh', String(loader.length), ...loader, ...command.argv],
    };
  }
  const name = loader[0]?.split('=')[0] ?? '';
  throw new AppError('unsupported', `${name} cannot be set for a step: the image has neither env nor sh.`, {
    hint: `Set ${name} after the last RUN, or build with the Docker engine.`,
  });
}

function hasFile(tree: StackTree, path: string): boolean {
  const resolved = tree.resolve(path);
  return resolved !== null && tree.get(resolved)?.entry?.type === 'file';
}
