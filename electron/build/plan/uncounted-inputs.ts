import type { Instruction } from '../dockerfile/ast.ts';
import type { RunMountFlag } from '../dockerfile/run-mount.ts';

/**
 * What a step gets whose content does not count for its cache key, as written: `secret npm`, `cache /root/.npm`,
 * `ssh agent default`. When nothing but these changes, the step comes from the cache.
 */
export function uncountedInputs(instruction: Instruction): string[] {
  if (instruction.keyword !== 'RUN') return [];
  return instruction.flags.mounts.flatMap((flag) => {
    const id = fieldOf(flag, ['id']);
    const target = fieldOf(flag, ['target', 'dst', 'destination']);
    switch (fieldOf(flag, ['type'])) {
      case 'secret':
        return [`secret ${id ?? fieldOf(flag, ['src', 'source']) ?? target ?? ''}`.trimEnd()];
      case 'cache':
        return [`cache ${target ?? id ?? ''}`.trimEnd()];
      case 'ssh':
        return [`ssh agent ${id ?? 'default'}`];
      default:
        return [];
    }
  });
}

function fieldOf({ fields }: RunMountFlag, keys: readonly string[]): string | undefined {
  return fields.find(({ key }) => keys.includes(key))?.value ?? undefined;
}
