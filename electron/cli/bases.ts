import { createBaseInspector } from '../engine/builtin/base-inspector.ts';
import type { BaseInspector, BaseQuery } from '../engine/ports.ts';
import { projectFolder } from './build-context.ts';
import { readBuildOptions } from './build-options.ts';
import type { CommandContext, CommandInput } from './command.ts';
import type { Core } from './core.ts';

/** Looks at bases as commands do. */
export function inspectorOf({ store, registries, tagRules }: Core): BaseInspector {
  return createBaseInspector({
    store,
    client: async () => (await registries()).client,
    floatingTags: async () => (await tagRules()).floating,
  });
}

/** The Dockerfile that a command line means: the folder first, `--file` and `--build-arg` as in a build. */
export function baseQueryOf(input: CommandInput, { cwd, env }: CommandContext): BaseQuery {
  const { dockerfile, buildArgs, contexts = {} } = readBuildOptions(input, env, cwd);
  return { contextPath: projectFolder(input.positionals[0], cwd), dockerfile, buildArgs, contexts };
}
